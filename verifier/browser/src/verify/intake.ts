// From what somebody drops, pastes or scans to the text of one credential: the counterpart of verifier/intake.py. A link
// to elsewhere is handed back: only the server may follow it, and only when the person agrees.

import { NoCredentialError } from "../errors";
import * as formats from "../formats";
import { readBadgeLink } from "../formats/badge-link";
import { startsWith, strip } from "../formats/bytes";
import { PNG_SIGNATURE } from "../formats/pictures";
import { parseUrl } from "./addresses";

const MAX_TEXT_BYTES = 1_048_576;
const MAX_PICTURE_BYTES = 8_388_608;
const MAX_LINK_BYTES = 65_536;

// A badge link of any verifier: what it carries is unpacked here, and its host is never asked.
const BADGE_LINK = /^https?:\/\/[\x21-\x22\x24-\x3e\x40-\x7e]{1,2000}\/v#([0-9]+)$/;
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
const LINK = /^https?:\/\/[^\u0000-\u0020]{1,2040}$/;
const JPEG = [0xff, 0xd8, 0xff];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];
const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d];

/** There is no credential to verify: "empty", "too-large", "several-qr-codes", "no-credential", "no-credential-in-qr". */
export class IntakeError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The text of one credential, or a link that only the server can follow. */
export type Received =
  | { readonly text: string; readonly link?: never; readonly needsServer?: never }
  | { readonly text?: never; readonly needsServer: "link"; readonly link: string };

/** What reads what this module does not; each may fail with errors of its own, which pass through. */
export interface Readers {
  /** Return the texts of all QR codes in a PNG, JPEG or WebP picture. */
  qrTexts(picture: Uint8Array): Promise<readonly string[]>;
  /** Return the credential's text that a PDF carries. */
  pdfText(document: Uint8Array): Promise<string>;
}

/**
 * Return the credential in a file, a text, a picture, a QR code or a badge link; or the link to one of these.
 *
 * @throws IntakeError if there is none, or more than one.
 * @throws BadgeError if what is there is damaged or deceptive.
 */
export async function receive(data: Uint8Array, readers: Readers): Promise<Received> {
  if (data.length === 0) throw new IntakeError("empty");
  if (isPhoto(data) || formats.isPicture(data)) return fromPicture(data, readers);
  if (startsWith(data, PDF)) return fromPdf(data, readers);
  if (data.length > MAX_TEXT_BYTES) throw new IntakeError("too-large");
  const link = linkIn(data);
  return link === null ? { text: await formats.extract(data) } : follow(link);
}

/**
 * Return the credential in the one QR code that has one, or the link in it. A code that carries the badge itself comes
 * before a link; nothing else in a code is ever followed.
 *
 * @throws IntakeError "several-qr-codes", "no-credential-in-qr", or "no-credential" without any code.
 * @throws MalformedDocumentError "bad-link".
 */
export async function fromQr(texts: readonly string[]): Promise<Received> {
  const distinct = [...new Set(texts)];
  const badges = distinct.filter(
    (text) => BADGE_LINK.test(text) || COMPACT_JWS.test(text) || strip(text).startsWith("{"),
  );
  const links = distinct.filter((text) => !badges.includes(text) && parseUrl(text) !== null);
  const [found, ...others] = badges.length > 0 ? badges : links;
  if (others.length > 0) throw new IntakeError("several-qr-codes");
  if (found === undefined) throw new IntakeError(distinct.length > 0 ? "no-credential-in-qr" : "no-credential");
  return isLink(found) ? follow(found) : { text: found };
}

/** Tell whether these are the first bytes of a PNG, JPEG or WebP picture. */
export function isPhoto(data: Uint8Array): boolean {
  return (
    [PNG_SIGNATURE, JPEG].some((mark) => startsWith(data, mark)) ||
    (startsWith(data, RIFF) && startsWith(data.subarray(8), WEBP))
  );
}

async function fromPicture(data: Uint8Array, readers: Readers): Promise<Received> {
  if (data.length > MAX_PICTURE_BYTES) throw new IntakeError("too-large");
  try {
    return { text: await formats.extract(data) };
  } catch (error) {
    const none = error instanceof NoCredentialError && error.code === "no-credential";
    if (!none || !isPhoto(data)) throw error;
  }
  return fromQr(await readers.qrTexts(data));
}

/** Return the credential inside a PDF; how large one may be is for its reader to say. */
async function fromPdf(data: Uint8Array, readers: Readers): Promise<Received> {
  return { text: await formats.extract(new TextEncoder().encode(await readers.pdfText(data))) };
}

/** Tell whether a text is a badge link, which may be long, or a link to somewhere. */
function isLink(text: string): boolean {
  return BADGE_LINK.test(text) || LINK.test(text);
}

/** Return the link that a text consists of, if it is one. */
function linkIn(data: Uint8Array): string | null {
  const start = data.subarray(0, MAX_LINK_BYTES);
  if (start.some((byte) => byte > 0x7f)) return null;
  const text = strip(new TextDecoder().decode(start));
  return isLink(text) ? text : null;
}

async function follow(link: string): Promise<Received> {
  const digits = BADGE_LINK.exec(link)?.[1];
  return digits === undefined ? { needsServer: "link", link } : { text: await readBadgeLink(digits) };
}
