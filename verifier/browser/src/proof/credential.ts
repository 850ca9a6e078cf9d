// How far trust in a credential has come: the counterparts of badges/credential.py.

import type { Claims } from "../json";
import type { PublicKey } from "../keys/public-key";

// Of a `kid` or `verificationMethod`; a did:web with a long path has 200.
export const MAX_KEY_ID_LENGTH = 512;

export type Mechanism = "vc-jwt" | "data-integrity";

/** What a proof says of itself: the key that it names or carries, and when it was made and ends, if it says so. */
export interface ProofReference {
  readonly verificationMethod: string | null;
  readonly embeddedKey: PublicKey | null;
  readonly algorithm: string;
  readonly created: string | null;
  readonly expires: string | null;
}

/** What a text claims. Nothing of it is to be believed yet. */
export interface UnverifiedCredential {
  readonly text: string;
  readonly mechanism: Mechanism;
  readonly claims: Claims;
  readonly proofs: readonly ProofReference[];
}

/** A credential whose every proof verified; the claims were read from the signed bytes. */
export interface VerifiedCredential extends UnverifiedCredential {
  readonly warnings: readonly string[];
}
