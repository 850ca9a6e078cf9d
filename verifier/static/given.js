// What somebody drops or pastes: what it is, and what must not leave this browser.

const BADGE_LINK = /https?:\/\/[^\s<>"'「」（）#]+\/v#[0-9]+/g;
const SIGNED_TEXT = /\bey[\w-]+\.[\w-]+\.[\w-]+/g;
const LINK = /https?:\/\/[^\s<>"'、。「」（）]+/g;
const CLAIM_LINK = /\/c#[\w-]{43}(?![\w-])/;
const PRIVATE_JWK = [/"kty"\s*:/, /"(?:d|k)"\s*:\s*"[\w-]{16,}"/];
const PRIVATE_PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const BADGE_TYPES = ["VerifiableCredential", "OpenBadgeCredential", "AchievementCredential"];

/** Return the media type by the first bytes: the name of a file and its type are only claims. */
export function mediaTypeOf(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  if (start.startsWith("\x89PNG")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) return "image/webp";
  const text = start.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (text.startsWith("<")) return "image/svg+xml";
  if (text.startsWith("{") || text.startsWith("[")) return "application/json";
  return /^[\x20-\x7e\s]+$/.test(start) ? "text/plain" : "application/octet-stream";
}

/** Tell whether a media type is that of a picture made of pixels. */
export function isPicture(mediaType) {
  return ["image/png", "image/jpeg", "image/webp"].includes(mediaType);
}

/** Return "key-file" or "claim-link" if a text holds what only its owner may have, else null. */
export function secretIn(text) {
  // In UTF-16 every second byte of such a text is NUL.
  const plain = text.replaceAll("\0", "");
  if (PRIVATE_PEM.test(plain) || PRIVATE_JWK.every((part) => part.test(plain))) return "key-file";
  return CLAIM_LINK.test(plain) ? "claim-link" : null;
}

/**
 * Return `{text}`, the badge or link in what somebody pasted, or `{issue}`, why there is none to take.
 * People paste whole messages, and mail programs break long lines.
 */
export function pasted(words) {
  const text = words.trim();
  if (text === "") return { issue: "text-empty" };
  if (/^[[{<]/.test(text)) return { text };
  const whole = text.replace(/\s+/g, "");
  for (const kind of [BADGE_LINK, SIGNED_TEXT]) {
    if (whole.match(kind)?.[0] === whole) return { text: whole };
  }
  for (const kind of [BADGE_LINK, SIGNED_TEXT, LINK]) {
    const found = new Set(text.match(kind));
    if (found.size > 1) return { issue: "several" };
    if (found.size === 1) return { text: [...found][0].replace(/[.,;:!?]+$/, "") };
  }
  return { text };
}

/** Tell whether a text says of itself that it is a badge, signed or not. */
export function saysBadge(text) {
  try {
    return [JSON.parse(text)?.type].flat().some((type) => BADGE_TYPES.includes(type));
  } catch {
    return false;
  }
}

/** Return bytes as text, or null when they are none. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
