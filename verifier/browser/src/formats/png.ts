// PNG: one uncompressed iTXt chunk carries the credential (Open Badges 3.0 section 5.3.1); pixels are never decoded. The
// reading half of badges/formats/png.py.

import { MalformedDocumentError, NoCredentialError } from "../errors";
import { latin1, utf8 } from "./bytes";
import { isPng, PNG_SIGNATURE } from "./pictures";

const KEYWORD = "openbadgecredential";
const OPEN_BADGES_2 = "openbadges";
const MAX_BYTES = 8 * 1_048_576; // a badge picture has some hundred kilobytes; a photograph ten times that
const MAX_CHUNKS = 10_000;
const MAX_CREDENTIAL = 1_048_576;
const MAX_TAGS = 200; // language tag and translated keyword: a few words
const OVERHEAD = 12; // length, type and CRC of a chunk
const TEXT_CHUNKS: readonly string[] = ["iTXt", "tEXt", "zTXt"];
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/**
 * Return the credential's text.
 *
 * @throws NoCredentialError "no-credential", or "open-badges-2" when only the older standard's is inside.
 * @throws MalformedDocumentError "bad-png" (damage, bytes after the end), "several-credentials", "bad-png-text" (another
 *   chunk or spelling than the standard's, or compressed), "too-large", "not-utf-8".
 */
export function extract(picture: Uint8Array): string {
  const texts = chunks(picture).filter(({ kind }) => TEXT_CHUNKS.includes(kind));
  const keywords = texts.map(({ data }) => keywordOf(data));
  const ours = texts.filter((_, index) => isKeyword(keywords[index] ?? ""));
  const [one, ...others] = ours;
  const older = keywords.includes(OPEN_BADGES_2);
  if (!one) throw new NoCredentialError(older ? "open-badges-2" : "no-credential");
  if (others.length > 0 || older) throw new MalformedDocumentError("several-credentials");
  return textOf(one);
}

interface Chunk {
  readonly kind: string;
  readonly data: Uint8Array;
}

function keywordOf(data: Uint8Array): string {
  const end = data.indexOf(0);
  // Ours is far shorter, even with white space that nobody writes.
  return latin1(end < 0 ? data : data.subarray(0, end));
}

/** Tell whether a keyword is the standard's, but for white space around it and its case. */
function isKeyword(keyword: string): boolean {
  return (
    keyword
      .replace(/^[\t-\r ]+/, "")
      .toLowerCase()
      .replace(/[\t-\r ]+$/, "") === KEYWORD
  );
}

function chunks(picture: Uint8Array): readonly Chunk[] {
  if (!isPng(picture)) throw bad();
  if (picture.length > MAX_BYTES) throw tooLarge(MAX_BYTES);
  const found = walk(picture);
  if (found[0]?.kind !== "IHDR" || found.at(-1)?.kind !== "IEND") throw bad();
  return found;
}

function walk(picture: Uint8Array): readonly Chunk[] {
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  const found: Chunk[] = [];
  for (let position = PNG_SIGNATURE.length; position < picture.length;) {
    const end = position + OVERHEAD + (position + 4 <= picture.length ? view.getUint32(position) : 0);
    const full = found.at(-1)?.kind === "IEND" || found.length === MAX_CHUNKS;
    if (full || end > picture.length) throw bad();
    const body = picture.subarray(position + 4, end - 4);
    if (crc(body) !== view.getUint32(end - 4)) throw bad();
    found.push({ kind: latin1(body.subarray(0, 4)), data: body.subarray(4) });
    position = end;
  }
  return found;
}

/** Return the checksum of PNG (its annex D). */
function crc(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = (CRC_TABLE[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}

/** Keyword NUL, compression flag and method, language tag NUL, translated keyword NUL, text (PNG 11.3.3.4). */
function textOf({ kind, data }: Chunk): string {
  const language = KEYWORD.length + 3;
  const translated = data.indexOf(0, language) + 1;
  const text = data.indexOf(0, translated) + 1;
  const plain = data[language - 2] === 0 && data[language - 1] === 0;
  if (kind !== "iTXt" || keywordOf(data) !== KEYWORD || !plain || translated === 0 || text === 0) throw badText();
  const tags = text - language - 2;
  const credential = data.subarray(text);
  if (tags > MAX_TAGS || credential.includes(0)) throw badText();
  if (credential.length > MAX_CREDENTIAL) throw tooLarge(MAX_CREDENTIAL);
  try {
    return utf8(credential);
  } catch {
    throw new MalformedDocumentError("not-utf-8");
  }
}

function bad(): MalformedDocumentError {
  return new MalformedDocumentError("bad-png");
}

function badText(): MalformedDocumentError {
  return new MalformedDocumentError("bad-png-text");
}

function tooLarge(limit: number): MalformedDocumentError {
  return new MalformedDocumentError("too-large", { params: { limit: String(limit) } });
}
