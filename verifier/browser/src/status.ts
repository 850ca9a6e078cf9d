// Bitstring Status List: a credential's own place, and the signed bits that say which ones are revoked; the counterpart
// of badges/status.py.

import { MalformedDocumentError, UnsupportedError } from "./errors";
import { member, type Claims } from "./json";
import * as base64url from "./keys/base64url";

const MIN_BYTES = 131_072 / 8; // the standard's minimum for herd privacy (section 6.1)
const MAX_BYTES = 8 * 1_048_576; // 2^26 entries; a stream of a kilobyte may claim gigabytes
const MAX_ENCODED = 4 * 1_048_576;
const ENTRY_TYPE = "BitstringStatusListEntry";
const LIST_TYPE = "BitstringStatusList";
const INDEX = /^(?:0|[1-9][0-9]{0,9})$/;

/** A credential's place in a status list (section 2.1, BitstringStatusListEntry). */
export interface StatusEntry {
  readonly listUrl: string;
  readonly index: number;
  readonly purpose: string;
}

/**
 * Return the entry that a `credentialStatus` holds.
 *
 * @throws UnsupportedError "unknown-status-type": of another type, or with more than one bit for a credential.
 * @throws MalformedDocumentError "bad-status-entry": something missing, or an index in another form than decimal digits
 *   without sign, space or leading zero.
 */
export function parseEntry(value: unknown): StatusEntry {
  const size = member(value, "statusSize") === undefined ? 1 : member(value, "statusSize");
  // `true` counts as 1 in Python; a signer who writes it gets the same answer from both.
  if (!isOnly(member(value, "type"), ENTRY_TYPE) || (size !== 1 && size !== true)) {
    throw new UnsupportedError("unknown-status-type", { pointer: "/credentialStatus/type" });
  }
  const [listUrl, index] = [member(value, "statusListCredential"), member(value, "statusListIndex")];
  const purpose = member(value, "statusPurpose");
  if (typeof listUrl !== "string" || typeof index !== "string" || typeof purpose !== "string" || !INDEX.test(index)) {
    throw new MalformedDocumentError("bad-status-entry", { pointer: "/credentialStatus" });
  }
  return { listUrl, index: Number(index), purpose };
}

/** Return the bit, index 0 in the leftmost bit of the first byte; null when the index lies outside the list. */
export function getBit(bits: Uint8Array, index: number): boolean | null {
  const byte = bits[Math.floor(index / 8)];
  return byte === undefined ? null : ((byte >> (7 - (index % 8))) & 1) === 1;
}

/**
 * Return the bits of the list that `entry` points to; the list's proof, id and validity are the caller's to check.
 *
 * @throws MalformedDocumentError "wrong-list-type", "wrong-list-purpose", or as `decodeList`.
 *
 * Source: Bitstring Status List v1.0 section 3.2 (#validate-algorithm).
 */
export async function readList(credential: Claims, entry: StatusEntry): Promise<Uint8Array> {
  const [types, subject] = [member(credential, "type"), member(credential, "credentialSubject")];
  const isList = Array.isArray(types) && types.includes("BitstringStatusListCredential");
  if (!isList || !isOnly(member(subject, "type"), LIST_TYPE)) throw new MalformedDocumentError("wrong-list-type");
  const [purposes, encoded] = [member(subject, "statusPurpose"), member(subject, "encodedList")];
  if (typeof encoded !== "string") throw new MalformedDocumentError("bad-list-encoding");
  if (!(Array.isArray(purposes) ? purposes : [purposes]).includes(entry.purpose)) {
    throw new MalformedDocumentError("wrong-list-purpose");
  }
  return decodeList(encoded);
}

/**
 * Return the bits of an `encodedList`: multibase base64url ("u…") of one gzip stream.
 *
 * @param maxBytes Refuse to expand further than this.
 * @throws MalformedDocumentError "bad-list-encoding" (another base, a damaged or second stream, bytes behind it),
 *   "list-too-short" (under 131,072 bits) or "list-too-long".
 *
 * Source: Bitstring Status List v1.0 section 3.4 (#bitstring-expansion-algorithm).
 */
export async function decodeList(encoded: string, { maxBytes = MAX_BYTES } = {}): Promise<Uint8Array> {
  if (!encoded.startsWith("u") || encoded.length > MAX_ENCODED) throw new MalformedDocumentError("bad-list-encoding");
  const { bits, whole } = await expand(decoded(encoded.slice(1)), maxBytes);
  if (bits.length > maxBytes) throw new MalformedDocumentError("list-too-long");
  if (!whole) throw new MalformedDocumentError("bad-list-encoding");
  if (bits.length < MIN_BYTES) throw new MalformedDocumentError("list-too-short");
  return bits;
}

function decoded(text: string): Uint8Array<ArrayBuffer> {
  try {
    return base64url.decode(text);
  } catch {
    throw new MalformedDocumentError("bad-list-encoding");
  }
}

/** Return what a gzip stream holds, up to a little over `maxBytes`, and whether it ended well. */
async function expand(
  stream: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<{ bits: Uint8Array; whole: boolean }> {
  const expander = new DecompressionStream("gzip");
  const writer = expander.writable.getWriter();
  // A damaged stream is told by the reader; a second word of it here would go unheard.
  const written = writer.write(stream).then(() => writer.close());
  written.catch(() => undefined);
  const { parts, size, failed } = await readUpTo(expander.readable.getReader(), maxBytes);
  const bits = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bits.set(part, at);
    at += part.length;
  }
  return { bits, whole: !failed && isOneMember(stream, bits) };
}

async function readUpTo(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<{ parts: Uint8Array[]; size: number; failed: boolean }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done && size <= maxBytes; next = await reader.read()) {
      parts.push(next.value);
      size += next.value.length;
    }
    if (size > maxBytes) await reader.cancel();
  } catch {
    return { parts, size, failed: true };
  }
  return { parts, size, failed: false };
}

/**
 * Tell whether a gzip stream, which expands to these bits, has one member and nothing behind it.
 *
 * Browsers refuse bytes behind a member, but some take a second member; then the last eight bytes, which are the sum and
 * the length of the last member alone, do not fit the whole.
 */
function isOneMember(stream: Uint8Array, bits: Uint8Array): boolean {
  if (stream.length < 18) return false;
  const tail = new DataView(stream.buffer, stream.byteOffset + stream.length - 8);
  return tail.getUint32(4, true) === bits.length && tail.getUint32(0, true) === checksum(bits);
}

let sums: Uint32Array | null = null;

/** Return the CRC-32 of some bytes (RFC 1952 section 8). */
function checksum(bytes: Uint8Array): number {
  sums ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    return sum;
  });
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ (sums[(sum ^ byte) & 0xff] ?? 0);
  return (sum ^ 0xffffffff) >>> 0;
}

function isOnly(value: unknown, wanted: string): boolean {
  return value === wanted || (Array.isArray(value) && value.length === 1 && value[0] === wanted);
}
