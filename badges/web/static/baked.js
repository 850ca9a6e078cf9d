// The badge inside a baked picture, read only so that a link can be made of what the server has checked.

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const KEYWORD = "openbadgecredential";
const CHUNK_OVERHEAD = 12;
const MAX_BADGE_BYTES = 1_048_576;

/** Return the badge text that the bytes of a file hold, or null when we cannot tell. */
export async function badgeText(bytes) {
  if (PNG_SIGNATURE.every((byte, index) => bytes[index] === byte)) return fromPng(bytes);
  const text = decode(bytes);
  if (text === null) return null;
  if (text.trimStart().startsWith("<")) return fromSvg(text);
  return isBadge(text.trim()) ? text.trim() : null;
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
  const tag = /<(?:[\w-]+:)?credential\b([^>]*)>/.exec(text);
  if (!tag) return null;
  const attribute = /\bverify\s*=\s*(?:"([\w.-]+)"|'([\w.-]+)')/.exec(tag[1]);
  if (attribute) return attribute[1] ?? attribute[2];
  const inside = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>/.exec(text.slice(tag.index + tag[0].length));
  return inside && isBadge(inside[1].trim()) ? inside[1].trim() : null;
}

function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
