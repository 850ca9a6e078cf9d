// History links: a whole presentation in the fragment of a URL, which no server ever receives (docs/presentation.md).

import { deflate, inflateText } from "../compression";
import { MalformedDocumentError } from "../errors";
import * as base64url from "../keys/base64url";
import { MAX_BYTES } from "../presentation";

const MAX_FRAGMENT = Math.ceil((MAX_BYTES * 4) / 3) + 1024; // base64url of what does not get shorter when deflated

/**
 * Return the link that opens a presentation at a verifier.
 *
 * @param verifier Its origin, or its address with a path and without a slash at the end.
 * @throws MalformedDocumentError "too-large".
 */
export async function historyLink(presentation: string, verifier: string): Promise<string> {
  const bytes = new TextEncoder().encode(presentation);
  if (bytes.length > MAX_BYTES) throw tooLarge();
  return `${verifier}/h#${base64url.encode(await deflate(bytes))}`;
}

/**
 * Return the text of the presentation that the fragment of a history link holds; nothing of it is verified.
 *
 * @throws MalformedDocumentError "too-large", "bad-base64", "bad-compression", "not-utf-8".
 */
export async function readHistoryFragment(fragment: string): Promise<string> {
  if (fragment.length > MAX_FRAGMENT) throw tooLarge();
  return inflateText(decode(fragment), MAX_BYTES);
}

function decode(fragment: string): Uint8Array {
  try {
    return base64url.decode(fragment);
  } catch {
    throw new MalformedDocumentError("bad-base64");
  }
}

function tooLarge(): MalformedDocumentError {
  return new MalformedDocumentError("too-large", { params: { limit: String(MAX_BYTES) } });
}
