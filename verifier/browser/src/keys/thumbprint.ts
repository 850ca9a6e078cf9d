// The name of a key. Checking a badge needs none, so what checks badges comes without a library of hashes.

import { sha256 } from "@noble/hashes/sha2.js";
import * as base64url from "./base64url";
import type { PublicKey } from "./public-key";

/** Return the base64url SHA-256 thumbprint of a key (RFC 7638): equal for equal keys. */
export function thumbprint(key: PublicKey): string {
  return base64url.encode(sha256(new TextEncoder().encode(JSON.stringify(key.toJwk()))));
}
