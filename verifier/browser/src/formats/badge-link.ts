// The badge link: what badges/formats/qr.py makes and reads, by the one script that both services' pages use; it is
// loaded with the first link.

import { MalformedDocumentError } from "../errors";

/**
 * Return the credential's text, a JWS to the very byte.
 *
 * @param digits What stands behind `/v#`.
 * @throws MalformedDocumentError "bad-link": not the digits of a badge link, or beyond the caps.
 */
export async function readBadgeLink(digits: string): Promise<string> {
  const { BadgeLinkError, decodeBadge } = await links();
  try {
    return await decodeBadge(digits);
  } catch (error) {
    throw error instanceof BadgeLinkError ? new MalformedDocumentError("bad-link") : error;
  }
}

/**
 * Return the link that carries a credential's text in its fragment.
 *
 * @param text A compact JWS or a JSON document.
 * @param verifier The verifier's public address.
 * @throws MalformedDocumentError "too-large" for a link, "not-a-jws" (base64url in a second spelling included),
 *   "not-utf-8".
 */
export async function badgeLink(text: string, verifier: string): Promise<string> {
  const { badgeLink: write, BadgeLinkError } = await links();
  try {
    return await write(text, verifier);
  } catch (error) {
    throw error instanceof BadgeLinkError ? new MalformedDocumentError(error.code) : error;
  }
}

function links(): Promise<typeof import("/static/badge-link.js")> {
  return import("/static/badge-link.js");
}
