// Bytes as formats look at them.

// What the server counts as white space around a text (Unicode), and JavaScript's `trim` sees differently.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${SPACE}]+`);
const ANY = new RegExp(`[${SPACE}]`);

/** Return a text without the white space around it, as the server takes it off: a byte order mark is none. */
export function strip(text: string): string {
  const start = text.replace(LEADING, "");
  let end = start.length;
  while (end > 0 && ANY.test(start.charAt(end - 1))) end -= 1;
  return start.slice(0, end);
}

/** Return a character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  // In parts: a function has room for so many arguments only.
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return text;
}

/** Return the place of the first bytes that are these ASCII characters, or -1. */
export function indexOf(bytes: Uint8Array, characters: string): number {
  const sought = new TextEncoder().encode(characters);
  const first = sought[0] ?? 0;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (sought.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** Tell whether the bytes begin with these. */
export function startsWith(bytes: Uint8Array, sought: readonly number[]): boolean {
  return sought.every((byte, index) => bytes[index] === byte);
}

/**
 * Return the text of bytes in UTF-8, a byte order mark included.
 *
 * @throws TypeError if they are not.
 */
export function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
