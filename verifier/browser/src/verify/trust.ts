// The registry as this page knows it: the newest snapshot that it has seen; the counterpart of verifier/trust.py.

import type { RegisteredKey, RegisteredProvider, Snapshot } from "../accreditation/register";
import { readSnapshot } from "../accreditation/snapshot";
import type { StandardDocuments } from "../documents";
import { MalformedDocumentError } from "../errors";
import type { PublicKey } from "../keys/public-key";
import type { Seen } from "./seen";

/** What one verification believes about issuers; without a snapshot nothing. */
export class Trust {
  constructor(readonly snapshot: Snapshot | null = null) {}

  /** Return the registered provider with this DID, or null. */
  provider(did: string): RegisteredProvider | null {
    return this.snapshot?.providers.get(did) ?? null;
  }

  /** Return the registered key with this id, or null; its provider is the part before the `#`. */
  key(keyId: string): RegisteredKey | null {
    return this.provider(controllerOf(keyId))?.keys.get(keyId) ?? null;
  }
}

/** Return whose key an id names: the part before the `#`. */
export function controllerOf(keyId: string): string {
  return keyId.split("#", 1)[0] ?? "";
}

/**
 * Return the trust in a snapshot.
 *
 * @param pinned The registry's key.
 * @param seen What this browser has seen before.
 * @throws BadgeError if the text is no snapshot signed with that key; "older-than-seen" if a newer one was seen before.
 * @throws UnsupportedHereError if this browser cannot tell.
 */
export async function trustIn(
  jws: string,
  { pinned, seen, documents }: { pinned: PublicKey; seen: Seen; documents: StandardDocuments },
): Promise<Trust> {
  const snapshot = await readSnapshot(jws, pinned, documents);
  if (!(await seen.admit(snapshot.registry, snapshot.number))) throw new MalformedDocumentError("older-than-seen");
  return new Trust(snapshot);
}
