// The pictures that a credential can be baked into, by their first bytes.

import { indexOf, startsWith } from "./bytes";

/** How a PNG begins. */
export const PNG_SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The byte order mark, a character for each byte. */
export const UTF_8_MARK = "\u00ef\u00bb\u00bf";

/** Tell whether the bytes begin as a PNG does. */
export function isPng(data: Uint8Array): boolean {
  return startsWith(data, PNG_SIGNATURE);
}

/** Tell whether the bytes look like an SVG: markup with an svg element. */
export function isSvg(data: Uint8Array): boolean {
  const first = data.findIndex((byte) => !`${UTF_8_MARK} \t\r\n`.includes(String.fromCharCode(byte)));
  return data[first] === 0x3c && indexOf(data, "svg") >= 0;
}
