// Raw DEFLATE (RFC 1951), as the browser has it.

import { MalformedDocumentError } from "./errors";

/** Return the bytes as a raw DEFLATE stream. */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Return what a raw DEFLATE stream holds; inflates no further than `maxBytes`, as a short stream may claim gigabytes.
 *
 * @throws MalformedDocumentError "too-large"; "bad-compression" if it is damaged or unfinished.
 */
export async function inflate(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length;
      if (length > maxBytes) throw new MalformedDocumentError("too-large", { params: { limit: String(maxBytes) } });
      parts.push(Uint8Array.from(read.value));
    }
  } catch (error) {
    throw error instanceof MalformedDocumentError ? error : new MalformedDocumentError("bad-compression");
  } finally {
    reader.cancel().catch(() => undefined);
  }
  return join(...parts);
}

/**
 * Return the same as text.
 *
 * @throws MalformedDocumentError as `inflate`; "not-utf-8".
 */
export async function inflateText(bytes: Uint8Array, maxBytes: number): Promise<string> {
  const inflated = await inflate(bytes, maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(inflated);
  } catch {
    throw new MalformedDocumentError("not-utf-8");
  }
}

/** Return the bytes one after the other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
