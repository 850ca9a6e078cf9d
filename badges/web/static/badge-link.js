// The badge link: a whole badge in the fragment of a URL, as decimal digits (docs/badge-link.md).

const COMPACT_JWS = 0x01;
const JSON_DOCUMENT = 0x02;
const BLOCK_BYTES = 7;
const DIGITS_OF_BYTES = [0, 3, 5, 8, 10, 13, 15, 17];
const BLOCK_DIGITS = DIGITS_OF_BYTES[BLOCK_BYTES];
const MAX_DIGITS = 20_000;
const MAX_INFLATED_BYTES = 65_536;
const MAX_SIGNATURE_BYTES = 1024; // RSA of 8192 bits

/** A link that cannot be read or made; `code` says why. */
export class BadgeLinkError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Return the digits of a badge (a compact JWS or the text of a JSON document). */
export async function encodeBadge(text) {
  const digits = digitsOf(await pack(text));
  if (digits.length > MAX_DIGITS) throw new BadgeLinkError("too-large");
  return digits;
}

/** Return the badge that the digits hold, exactly as it was. */
export async function decodeBadge(digits) {
  if (digits.length > MAX_DIGITS) throw new BadgeLinkError("too-large");
  if (!/^[0-9]+$/.test(digits)) throw new BadgeLinkError("not-digits");
  return unpack(bytesOf(digits));
}

/** Return the URL that opens a badge at a verifier. */
export async function badgeLink(text, verifier) {
  return `${verifier.replace(/\/+$/, "")}/v#${await encodeBadge(text)}`;
}

async function pack(text) {
  if (text.trimStart().startsWith("{")) {
    // The encoder would write a question mark for half a character: another badge than the one that was signed.
    if (/\p{Surrogate}/u.test(text)) throw new BadgeLinkError("not-utf-8");
    const document = new TextEncoder().encode(text);
    if (document.length > MAX_INFLATED_BYTES) throw new BadgeLinkError("too-large");
    return join([JSON_DOCUMENT], await deflate(document));
  }
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text);
  if (!parts) throw new BadgeLinkError("not-a-jws");
  const [header, payload, signature] = parts.slice(1).map(fromSegment);
  // It could not be told from the zero between header and payload.
  if (header.includes(0x00)) throw new BadgeLinkError("not-a-jws");
  const inflated = join(header, [0x00], payload);
  if (inflated.length > MAX_INFLATED_BYTES || signature.length > MAX_SIGNATURE_BYTES) {
    throw new BadgeLinkError("too-large");
  }
  const length = [signature.length >> 8, signature.length & 0xff];
  return join([COMPACT_JWS], length, signature, await deflate(inflated));
}

function fromSegment(segment) {
  try {
    return fromBase64url(segment);
  } catch {
    throw new BadgeLinkError("not-a-jws");
  }
}

async function unpack(bytes) {
  if (bytes[0] === JSON_DOCUMENT) {
    return utf8(await inflate(bytes.subarray(1)));
  }
  if (bytes[0] !== COMPACT_JWS) throw new BadgeLinkError("unknown-kind");
  const end = 3 + (bytes[1] << 8) + bytes[2];
  if (!(end < bytes.length) || end === 3) throw new BadgeLinkError("truncated");
  const inflated = await inflate(bytes.subarray(end));
  const separator = inflated.indexOf(0x00);
  if (separator < 0) throw new BadgeLinkError("truncated");
  const parts = [inflated.subarray(0, separator), inflated.subarray(separator + 1), bytes.subarray(3, end)];
  return parts.map(toBase64url).join(".");
}

function digitsOf(bytes) {
  let digits = "";
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = bytes.subarray(start, start + BLOCK_BYTES);
    const number = block.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    digits += number.toString().padStart(DIGITS_OF_BYTES[block.length], "0");
  }
  return digits;
}

function bytesOf(digits) {
  const whole = Math.floor(digits.length / BLOCK_DIGITS);
  const rest = DIGITS_OF_BYTES.indexOf(digits.length % BLOCK_DIGITS);
  if (rest < 0) throw new BadgeLinkError("bad-length");
  const bytes = new Uint8Array(whole * BLOCK_BYTES + rest);
  for (let block = 0; block * BLOCK_DIGITS < digits.length; block += 1) {
    const size = block < whole ? BLOCK_BYTES : rest;
    let number = BigInt(digits.slice(block * BLOCK_DIGITS, (block + 1) * BLOCK_DIGITS));
    if (number >> BigInt(8 * size)) throw new BadgeLinkError("overflow");
    for (let index = size - 1; index >= 0; index -= 1) {
      bytes[block * BLOCK_BYTES + index] = Number(number & 0xffn);
      number >>= 8n;
    }
  }
  return bytes;
}

async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function inflate(bytes) {
  const inflated = await inflateSome(bytes);
  // Not everything that inflates minds bytes behind the end: without its last byte, a stream must have none.
  const another = await inflateSome(bytes.subarray(0, -1)).catch(() => null);
  if (another !== null) throw new BadgeLinkError("damaged");
  return inflated;
}

async function inflateSome(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const chunks = [];
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length;
      if (length > MAX_INFLATED_BYTES) throw new BadgeLinkError("too-large");
      chunks.push(read.value);
    }
  } catch (error) {
    throw error instanceof BadgeLinkError ? error : new BadgeLinkError("damaged");
  } finally {
    reader.cancel().catch(() => undefined);
  }
  return join(...chunks);
}

function join(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BadgeLinkError("not-utf-8");
  }
}

/** Return the bytes as base64url without padding. */
export function toBase64url(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Return the bytes of base64url without padding, in its one spelling. */
export function fromBase64url(text) {
  let binary;
  try {
    binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    throw new BadgeLinkError("bad-base64");
  }
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // Two spellings of the same bytes would come back as one: such a badge cannot be kept exactly.
  if (toBase64url(bytes) !== text) throw new BadgeLinkError("bad-base64");
  return bytes;
}
