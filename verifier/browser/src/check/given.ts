// What somebody drops, pastes or scans: what it is, and what must not be taken.

import { isObject } from "../json";

const BADGE_LINK = /https?:\/\/[^\s<>"'「」（）#]+\/v#[0-9]+/g;
const SHOWN_LINK = /https?:\/\/[^\s<>"'「」（）#]+\/(?:h#[\w-]+|s\/[\w-]{22}#[\w-]{43}(?:\.p)?)/g;
const SIGNED_TEXT = /\bey[\w-]+\.[\w-]+\.[\w-]+/g;
const LINK = /https?:\/\/[^\s<>"'、。「」（）]+/g;
const CLAIM_LINK = /\/c(?:\?[^\s#]*)?#[\w-]{43}(?![\w-])|\/badges(?:\?[^\s#]*)?#(?:claim|received)\./;
const PRIVATE_JWK = [/"kty"\s*:/, /"(?:d|k)"\s*:\s*"[\w-]{16,}"/];
const PRIVATE_PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const BADGE_TYPES: readonly unknown[] = ["VerifiableCredential", "OpenBadgeCredential", "AchievementCredential"];

/** Why something is not taken; its words are `page.issue.<issue>`. */
export type Issue =
  | "too-large"
  | "time"
  | "network"
  | "link-damaged"
  | "link-empty"
  | "text-empty"
  | "file-empty"
  | "file-unreadable"
  | "several"
  | "other-verifier"
  | "key-file"
  | "claim-link";

/** Return the media type by the first bytes: the name of a file and its type are only claims. */
export function mediaTypeOf(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  if (start.startsWith("\x89PNG")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) return "image/webp";
  if (start.startsWith("%PDF-")) return "application/pdf";
  const text = start.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (text.startsWith("<")) return "image/svg+xml";
  if (text.startsWith("{") || text.startsWith("[")) return "application/json";
  return /^[\x20-\x7e\s]+$/.test(start) ? "text/plain" : "application/octet-stream";
}

/** Tell whether a media type is that of a picture made of pixels, or of a PDF: no text to look into. */
export function isOpaque(mediaType: string): boolean {
  return ["image/png", "image/jpeg", "image/webp", "application/pdf"].includes(mediaType);
}

/** Return "key-file" or "claim-link" if a text holds what only its owner may have, else null. */
export function secretIn(text: string): "key-file" | "claim-link" | null {
  // In UTF-16 every second byte of such a text is NUL.
  const plain = text.replaceAll("\0", "");
  if (PRIVATE_PEM.test(plain) || PRIVATE_JWK.every((part) => part.test(plain))) return "key-file";
  return CLAIM_LINK.test(plain) ? "claim-link" : null;
}

/**
 * Return `{text}`, the badge or link in what somebody pasted, or `{issue}`, why there is none to take.
 * People paste whole messages, and mail programs break long lines.
 */
export function pasted(words: string): { text: string } | { issue: Issue } {
  const text = words.trim();
  if (text === "") return { issue: "text-empty" };
  if (/^[[{<]/.test(text)) return { text };
  const whole = text.replace(/\s+/g, "");
  for (const kind of [BADGE_LINK, SHOWN_LINK, SIGNED_TEXT]) {
    if (whole.match(kind)?.[0] === whole) return { text: whole };
  }
  for (const kind of [BADGE_LINK, SHOWN_LINK, SIGNED_TEXT, LINK]) {
    const found = new Set(text.match(kind));
    if (found.size > 1) return { issue: "several" };
    for (const one of found) return { text: one.replace(/[.,;:!?]+$/, "") };
  }
  return { text };
}

/**
 * Return where a link to several badges opens at this verifier, null when a text is no such link, or the issue of a share
 * that lies elsewhere: nobody is led to another site by what they scan or paste. What a history link carries is in it,
 * whoever's verifier it names.
 */
export function historyAddress(text: string, verifier: string): { address: string } | { issue: Issue } | null {
  if (text.match(SHOWN_LINK)?.[0] !== text) return null;
  const history = /\/h(#[\w-]+)$/.exec(text);
  if (history) return { address: `/h${history[1]}` };
  return text.startsWith(`${verifier}/s/`) ? { address: text.slice(verifier.length) } : { issue: "other-verifier" };
}

/** Tell whether a text could be a badge, or a link to badges: what a scanner should take. */
export function couldBeBadge(text: string): boolean {
  const whole = text.trim();
  return (
    [BADGE_LINK, SHOWN_LINK, SIGNED_TEXT].some((kind) => whole.match(kind)?.[0] === whole) || whole.startsWith("{")
  );
}

/** Tell whether a text says of itself that it is a badge, signed or not. */
export function saysBadge(text: string): boolean {
  try {
    const said: unknown = JSON.parse(text);
    return isObject(said) && [said["type"]].flat().some((type) => BADGE_TYPES.includes(type));
  } catch {
    return false;
  }
}

/** Return bytes as text, or null when they are none. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
