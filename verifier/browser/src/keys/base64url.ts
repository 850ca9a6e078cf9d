// base64url without padding (RFC 4648 section 5), in its one spelling: the counterpart of keys/base64url.py.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));

/** Return the bytes as base64url. */
export function encode(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 3) {
    const group = bytes.subarray(start, start + 3);
    const bits = ((group[0] ?? 0) << 16) | ((group[1] ?? 0) << 8) | (group[2] ?? 0);
    for (let index = 0; index <= group.length; index += 1) text += ALPHABET[(bits >> (18 - 6 * index)) & 63];
  }
  return text;
}

/**
 * Return the bytes that a text stands for.
 *
 * @throws SyntaxError for another alphabet, padding, white space, or bits beyond the last byte that are not zero.
 */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of text) {
    const value = VALUES.get(character);
    if (value === undefined) throw new SyntaxError("a character that base64url does not have");
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at] = bits >> held;
      at += 1;
    }
  }
  // A lone last character makes no byte; what is left of a longer group must be zero, else it is a second spelling.
  if (held === 6 || bits & ((1 << held) - 1)) throw new SyntaxError("base64url in a second spelling");
  return bytes;
}
