// Public keys, each bound to its one algorithm: the counterpart of keys/public_key.py.

/** A public key that can verify with one algorithm, and no other. */
export interface PublicKey {
  /** The one `alg` of a JWS that this key may verify (RFC 7518, RFC 8037). */
  readonly jwsAlgorithm: "EdDSA" | "ES256" | "ES384" | "RS256";
}
