// PDF: an embedded file carries the credential. The counterpart of badges/formats/pdf.py; pages are never drawn.

import type { PDFContext, PDFDict, PDFObject, PDFRawStream } from "@cantoo/pdf-lib";
import { MalformedDocumentError, NoCredentialError } from "../errors";

type PdfLibrary = typeof import("@cantoo/pdf-lib");

export const MAX_BYTES = 8 * 1_048_576;
const MAX_OBJECTS = 20_000;
const MAX_VALUES = 500_000;
const MAX_STREAMS = 5_000;
const MAX_CREDENTIAL = 1_048_576;
/** What all streams of a file may grow to: a file of a few kilobytes may claim gigabytes. */
const MAX_EXPANDED = 128 * 1_048_576;
/** Bytes that are unpacked at once, and how many each may become (zlib's own figure). */
const PIECE = 4_096;
const MOST_GROWTH = 1_032;
const TAIL_PIECES = 8;
const MAX_FILES = 50;
/** The end of a file must be there; mail programs append some white space. */
const TAIL_BYTES = 1_024;

const COMPACT_JWS = /^\s*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*$/;
/** Names written with escapes, which no writer does for these: to hide what a file does from whoever looks. */
const HIDDEN_NAME = /\/(?=[^\s/<>[\]()]*#)[^\s/<>[\]()]+/g;
const TELLING = /^(ObjStm|XRef|Filter|.*Decode|Fl|LZW|A85|AHx|RL|JS|JavaScript|Launch|EF|Encrypt)$/;
/** In a file with packed objects, anything but plain Deflate would be unpacked where we cannot count along. */
const STRANGE_PACKING =
  /\/(LZWDecode|LZW|ASCII85Decode|A85|ASCIIHexDecode|AHx|RunLengthDecode|RL)\b|\/(FlateDecode|Fl)\b(\s|%[^\r\n]*[\r\n])*\/(FlateDecode|Fl)\b|\/Filter\s+\d+\s+\d+\s+R/;

/** Tell whether these are the first bytes of a PDF. */
export function isPdf(bytes: Uint8Array): boolean {
  return latin(bytes.subarray(0, 5)) === "%PDF-";
}

/**
 * Return the text of the one credential inside a PDF.
 * @throws NoCredentialError "no-credential".
 * @throws MalformedDocumentError "bad-pdf" (damage), "encrypted-pdf", "active-pdf" (it would run programs or open other
 *   files), "several-credentials", "too-large", "not-utf-8".
 */
export async function extract(bytes: Uint8Array): Promise<string> {
  if (bytes.length > MAX_BYTES) throw tooLarge(MAX_BYTES);
  if (!isPdf(bytes) || !latin(bytes.subarray(-TAIL_BYTES)).includes("%%EOF"))
    throw new MalformedDocumentError("bad-pdf");
  await requireModest(bytes);
  const library = await import("@cantoo/pdf-lib");
  return theOne(
    await Promise.all(embedded(await load(library, bytes), library).map((stream) => credentialIn(stream, library))),
  );
}

async function load({ EncryptedPDFError, PDFDocument }: PdfLibrary, bytes: Uint8Array): Promise<PDFContext> {
  try {
    const { catalog, context } = await PDFDocument.load(bytes, { updateMetadata: false });
    catalog.Pages();
    return context;
  } catch (error) {
    throw new MalformedDocumentError(error instanceof EncryptedPDFError ? "encrypted-pdf" : "bad-pdf");
  }
}

/** Refuse what would grow without end while it is read. */
async function requireModest(bytes: Uint8Array): Promise<void> {
  const text = latin(bytes);
  for (const [name] of text.matchAll(HIDDEN_NAME)) {
    const meant = name
      .slice(1)
      .replace(/#([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
    if (TELLING.test(meant)) throw new MalformedDocumentError("bad-pdf");
  }
  if (/\/(ObjStm|XRef)\b/.test(text) && STRANGE_PACKING.test(text)) throw new MalformedDocumentError("bad-pdf");
  if (count(text, /\d\s+\d+\s+obj\b/g) > MAX_OBJECTS) throw tooLarge(MAX_OBJECTS);
  const starts = [...text.matchAll(/(?<!end)stream\r?\n/g)].map((found) => found.index + found[0].length);
  if (starts.length > MAX_STREAMS) throw tooLarge(MAX_STREAMS);
  let left = MAX_EXPANDED;
  for (const start of starts) {
    const end = text.indexOf("endstream", start);
    const packed = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isDeflate(packed)) continue;
    const { length, ending } = await unpack(packed, left);
    // The stream goes on behind a false end: how far it grows, only its reader would find out.
    if (ending === "open") throw new MalformedDocumentError("bad-pdf");
    left -= length + (ending === "damaged" ? PIECE * MOST_GROWTH : 0);
    if (left <= 0) throw tooLarge(MAX_EXPANDED);
  }
}

/** Tell whether bytes begin as Deflate streams in PDF do (RFC 1950 section 2.2). */
function isDeflate([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** Return the streams that a document embeds as files, once each. */
function embedded(context: PDFContext, library: PdfLibrary): PDFRawStream[] {
  const { PDFDict, PDFName, PDFRawStream } = library;
  const streams = new Set<PDFRawStream>();
  for (const dict of dicts(context, library)) {
    requirePassive(dict, library);
    const files = dict.lookup(PDFName.of("EF"));
    if (!(files instanceof PDFDict)) continue;
    for (const key of files.keys()) {
      const stream = files.lookup(key);
      if (stream instanceof PDFRawStream) streams.add(stream);
    }
  }
  if (streams.size > MAX_FILES) throw tooLarge(MAX_FILES);
  return [...streams];
}

/** Return every dictionary that can be reached from the root of a document: what lies beside it nobody ever opens. */
function dicts(context: PDFContext, { PDFArray, PDFDict, PDFRef, PDFStream }: PdfLibrary): PDFDict[] {
  const found: PDFDict[] = [];
  const seen = new Set<PDFObject>();
  const waiting: (PDFObject | undefined)[] = [context.trailerInfo.Root, context.trailerInfo.Info];
  let values = 0;
  while (waiting.length > 0) {
    const next = waiting.pop();
    const value = next instanceof PDFRef ? context.lookup(next) : next;
    if (value === undefined || seen.has(value)) continue;
    values += 1;
    if (values > MAX_VALUES) throw tooLarge(MAX_VALUES);
    if (value instanceof PDFArray) waiting.push(...marked(value, seen).asArray());
    const dict = value instanceof PDFStream ? marked(value, seen).dict : value;
    if (dict instanceof PDFDict) {
      found.push(marked(dict, seen));
      for (const one of dict.values()) waiting.push(one);
    }
  }
  return found;
}

function marked<Value extends PDFObject>(value: Value, seen: Set<PDFObject>): Value {
  seen.add(value);
  return value;
}

/** Refuse a document that would run programs, or that has its content elsewhere. */
function requirePassive(dict: PDFDict, { PDFName, PDFRef }: PdfLibrary): void {
  const has = (name: string): boolean => dict.has(PDFName.of(name));
  const is = (name: string, ...values: string[]): boolean => {
    const value = dict.get(PDFName.of(name));
    const meant = value instanceof PDFRef ? dict.lookup(PDFName.of(name)) : value;
    return values.some((one) => meant === PDFName.of(one));
  };
  const runs = has("JS") || has("JavaScript") || has("XFA") || is("S", "JavaScript", "Launch", "ImportData");
  const elsewhere = is("FS", "URL") || (is("Type", "Filespec", "F") && !has("EF")) || (has("Length") && has("F"));
  if (runs || elsewhere) throw new MalformedDocumentError("active-pdf");
}

/** Return the credential in an embedded file, or null when it is a file of another kind. */
async function credentialIn(stream: PDFRawStream, { PDFArray, PDFName }: PdfLibrary): Promise<string | null> {
  const filter = stream.dict.lookup(PDFName.of("Filter"));
  const only = filter instanceof PDFArray && filter.size() === 1 ? filter.lookup(0) : filter;
  if (only !== undefined && only !== PDFName.of("FlateDecode")) throw new MalformedDocumentError("bad-pdf");
  const raw = stream.getContents();
  const { bytes } = only === undefined ? { bytes: raw } : await unpack(raw, MAX_CREDENTIAL, { keep: true });
  if (!/^\s*\{/.test(latin(bytes.subarray(0, 100))) && !COMPACT_JWS.test(latin(bytes))) return null;
  if (bytes.length > MAX_CREDENTIAL) throw tooLarge(MAX_CREDENTIAL);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MalformedDocumentError("not-utf-8");
  }
}

function theOne(found: readonly (string | null)[]): string {
  const credentials = found.filter((one) => one !== null);
  if (credentials.length > 1) throw new MalformedDocumentError("several-credentials");
  if (credentials[0] === undefined) throw new NoCredentialError("no-credential");
  return credentials[0];
}

/** What a Deflate stream held: at most so many bytes of it, and how it ended. */
interface Unpacked {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly ending: "whole" | "open" | "damaged" | "too-long";
}

/** Return what a Deflate stream holds. A line break may follow it, as it does in PDF. */
async function unpack(packed: Uint8Array, most: number, { keep = false } = {}): Promise<Unpacked> {
  const { readable, writable } = new DecompressionStream("deflate");
  const writing = write(packed, writable.getWriter());
  const reader = readable.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (keep) parts.push(read.value);
      length += read.value.length;
      if (length > most) return { bytes: joined(parts), length, ending: "too-long" };
    }
  } catch {
    // The writer knows where it came to grief.
  } finally {
    reader.cancel().catch(() => undefined);
  }
  return { bytes: joined(parts), length, ending: await writing };
}

/**
 * Write a stream in pieces, since a browser forgets what it has unpacked of a piece in which it finds a fault; and its
 * last bytes one by one, since there it finds one whenever a line break follows the end.
 */
async function write(
  packed: Uint8Array,
  writer: WritableStreamDefaultWriter<BufferSource>,
): Promise<"whole" | "open" | "damaged"> {
  const tail = Math.max(0, packed.length - TAIL_PIECES);
  let at = 0;
  try {
    while (at < packed.length) {
      const end = at < tail ? Math.min(at + PIECE, tail) : at + 1;
      await writer.write(packed.slice(at, end));
      at = end;
    }
  } catch {
    return at < tail ? "damaged" : "whole";
  }
  return writer.close().then(
    () => "whole" as const,
    () => "open" as const,
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function latin(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function tooLarge(limit: number): MalformedDocumentError {
  return new MalformedDocumentError("too-large", { params: { limit: String(limit) } });
}
