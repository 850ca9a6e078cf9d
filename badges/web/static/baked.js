// The badge inside a baked picture, read only so that a link can be made of what the server has checked.
// What is shared must be what was verified: where a picture could mean something else to the server, there is no link.

import { fromBase64url } from "./badge-link.js";

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const KEYWORD = "openbadgecredential";
const CHUNK_OVERHEAD = 12;
const MAX_BADGE_BYTES = 1_048_576;
const NAMESPACES = String.raw`(?:\s+xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|'[^'<]*'))*`;
// Whatever the prefix is: an element that we did not see could be the one that counts.
const OPENING = /<(?:[^\s<>/:!?]+:)?credential(?=[\s/>])/g;
const VERIFY = new RegExp(String.raw`^${NAMESPACES}\s+verify\s*=\s*["']([\w.-]+)["']${NAMESPACES}\s*(?:/>|>\s*</)`);
const INSIDE = new RegExp(String.raw`^${NAMESPACES}\s*>\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*</`);

/** Return the badge text that the bytes of a file hold, or null when we cannot tell. */
export async function badgeText(bytes) {
  if (PNG_SIGNATURE.every((byte, index) => bytes[index] === byte)) return fromPng(bytes);
  const text = decode(bytes);
  if (text === null) return null;
  if (text.trimStart().startsWith("<")) return fromSvg(text);
  return isBadge(text.trim()) ? text.trim() : null;
}

/** Tell whether a badge's text gives itself the id of the credential that a report shows. */
export function isTheOneShown(text, credential) {
  const claims = claimsOf(text);
  const ids = [claims?.id, claims?.vc?.id, claims?.jti];
  return Boolean(credential?.id) && ids.includes(credential.id);
}

function claimsOf(text) {
  try {
    return JSON.parse(text.startsWith("{") ? text : decode(fromBase64url(text.split(".")[1])));
  } catch {
    return null;
  }
}

function isBadge(text) {
  return text.startsWith("{") || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}

async function fromPng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = PNG_SIGNATURE.length; at + CHUNK_OVERHEAD <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === "iTXt") {
      const text = await fromTextChunk(bytes.subarray(at + 8, at + 8 + length));
      if (text !== null) return text;
    }
    at += CHUNK_OVERHEAD + length;
  }
  return null;
}

// keyword NUL compressed method language NUL translated-keyword NUL text (PNG 11.3.3.4)
async function fromTextChunk(chunk) {
  const keywordEnd = chunk.indexOf(0);
  if (decode(chunk.subarray(0, Math.max(keywordEnd, 0))) !== KEYWORD) return null;
  const languageEnd = chunk.indexOf(0, keywordEnd + 3);
  const translationEnd = chunk.indexOf(0, languageEnd + 1);
  if (languageEnd < 0 || translationEnd < 0 || chunk[keywordEnd + 1] !== 0) return null;
  const data = chunk.subarray(translationEnd + 1);
  return data.length > MAX_BADGE_BYTES ? null : decode(data);
}

function fromSvg(text) {
  const drawing = text.replace(/^\s*<\?xml [^?]*\?>/, "");
  const openings = [...drawing.matchAll(OPENING)];
  const sections = drawing.split("<![CDATA[").length - 1;
  // What stands in comments, instructions and other sections looks like an element to us, and is none.
  if (/<!--|<!DOCTYPE|<\?/.test(drawing) || openings.length !== 1 || sections > 1) return null;
  const element = drawing.slice(openings[0].index + openings[0][0].length);
  const found = (sections === 0 ? VERIFY : INSIDE).exec(element)?.[1].trim();
  return found && isBadge(found) ? found : null;
}

function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
