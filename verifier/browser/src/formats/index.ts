// Document formats: which one, by the first bytes, and the credential out of it; the reading half of
// badges/formats/__init__.py. What reads a picture is loaded when the first one comes.

import { MalformedDocumentError, NoCredentialError } from "../errors";
import { latin1, startsWith, utf8 } from "./bytes";
import { isPng, isSvg } from "./pictures";

const MARKS = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
];
// JSON, or the first segment of a JWS; whether it is a good one is for the proof's reader to say.
const TEXT = /^(?:[ \t\r\n]*[{[]|[A-Za-z0-9_-]+\.)/;
// A compact JWS is its characters and no more, but editors and mail programs end a file with a line break.
const SURROUNDED_JWS = /^[\t-\r ]*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*[\t-\r ]*$/;
const SPACE = /[\t-\r ]/;

/** Tell whether the bytes are a picture that a credential can be baked into: PNG or SVG. */
export function isPicture(data: Uint8Array): boolean {
  return isPng(data) || isSvg(data);
}

/**
 * Return the text of the credential in a PNG or SVG; JSON and a compact JWS are that text themselves.
 *
 * @throws NoCredentialError "no-credential": a picture without one, or bytes of another kind; or "open-badges-2".
 * @throws MalformedDocumentError for a damaged picture, text that is not plain UTF-8, or "white-space" around a JWS.
 */
export async function extract(data: Uint8Array): Promise<string> {
  if (isPng(data)) return (await import("./png")).extract(data);
  if (isSvg(data)) return (await import("./svg")).extract(data);
  return extractText(data);
}

function extractText(data: Uint8Array): string {
  if (MARKS.some((mark) => startsWith(data, mark))) throw new MalformedDocumentError("not-utf-8");
  const characters = latin1(data);
  const surrounded = SPACE.test(characters.charAt(0)) || SPACE.test(characters.slice(-1));
  if (surrounded && SURROUNDED_JWS.test(characters)) throw new MalformedDocumentError("white-space");
  if (!TEXT.test(characters)) throw new NoCredentialError("no-credential");
  try {
    return utf8(data);
  } catch {
    throw new MalformedDocumentError("not-utf-8");
  }
}
