// Public keys, each bound to its one algorithm: JWK (RFC 7517) and Multikey (W3C CID 1.0) to `PublicKey` and back; the
// counterpart of keys/public_key.py.

import { BadSignatureError, KeyFormatError, UnsupportedHereError } from "../errors";
import { isObject } from "../json";
import * as base58 from "./base58";
import * as base64url from "./base64url";
import { COORDINATE_BYTES, decompress, isLargeOrder, isOnCurve, isReduced, isSmallOrder, type Curve } from "./curves";
import { isMadeOfLargePrimes } from "./rsa";

const MIN_RSA_BITS = 2048;
// Verification time grows with the square: a longer modulus is an attack, not a need.
const MAX_RSA_BITS = 8192;
const RSA_EXPONENT = Uint8Array.of(0x01, 0x00, 0x01); // 65537
const MAX_MULTIKEY_LENGTH = 128; // far beyond the longest form, P-384's
const ED25519_BYTES = 32;
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

export type Algorithm = "Ed25519" | Curve | "RSA";
export type JwsAlgorithm = "EdDSA" | "ES256" | "ES384" | "RS256";

const JWS_ALGORITHMS: Readonly<Record<Algorithm, JwsAlgorithm>> = {
  Ed25519: "EdDSA",
  "P-256": "ES256",
  "P-384": "ES384",
  RSA: "RS256",
};
// Multicodec prefixes as unsigned varints: ed25519-pub 0xed, p256-pub 0x1200, p384-pub 0x1201.
const PREFIXES: readonly (readonly [readonly [number, number], Algorithm])[] = [
  [[0xed, 0x01], "Ed25519"],
  [[0x80, 0x24], "P-256"],
  [[0x81, 0x24], "P-384"],
];
const IMPORTED: Readonly<Record<Algorithm, EcKeyImportParams | RsaHashedImportParams | AlgorithmIdentifier>> = {
  Ed25519: { name: "Ed25519" },
  "P-256": { name: "ECDSA", namedCurve: "P-256" },
  "P-384": { name: "ECDSA", namedCurve: "P-384" },
  RSA: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
};
const VERIFYING: Readonly<Record<Algorithm, EcdsaParams | AlgorithmIdentifier>> = {
  Ed25519: { name: "Ed25519" },
  "P-256": { name: "ECDSA", hash: "SHA-256" },
  "P-384": { name: "ECDSA", hash: "SHA-384" },
  RSA: { name: "RSASSA-PKCS1-v1_5" },
};

/** A key that is too weak to trust. */
export class WeakKeyError extends KeyFormatError {
  constructor() {
    super("weak-key");
  }
}

/** A public key that can verify with one algorithm, and no other. */
export interface PublicKey {
  readonly algorithm: Algorithm;
  /** The one `alg` of a JWS that this key may verify (RFC 7518, RFC 8037). */
  readonly jwsAlgorithm: JwsAlgorithm;
  /**
   * Return if `signature` is this key's over `data` (not over its hash).
   *
   * @param signature 64 bytes for Ed25519, r||s of 64 or 96 bytes for P-256 and P-384, PKCS#1 v1.5 for RSA.
   * @throws BadSignatureError if it is not; UnsupportedHereError if this browser cannot tell.
   */
  verify(signature: Uint8Array, data: Uint8Array): Promise<void>;
  /** Tell whether the other is the same key. */
  equals(other: PublicKey): boolean;
  /** Return the public JWK, required members only, in the order of their names (RFC 7517, RFC 8037). */
  toJwk(): Record<string, string>;
  /**
   * Return `publicKeyMultibase` of a Multikey.
   *
   * @throws KeyFormatError "no-multikey" for RSA, which has no Multikey form that verifiers know.
   */
  toMultikey(): string;
}

/**
 * Return the key that a public JWK holds.
 *
 * @throws KeyFormatError "not-a-jwk", "private-key", "unknown-key-type", "bad-base64", "bad-key", "not-on-curve",
 *   "key-too-long", or "wrong-use" and "wrong-algorithm" when `use`, `key_ops` or `alg` do not allow verifying with the
 *   key's one algorithm.
 * @throws WeakKeyError for RSA under 2048 bits, with another exponent than 65537 or with small or guessable factors, or
 *   an Ed25519 point of small order.
 */
export function fromJwk(jwk: unknown): PublicKey {
  if (!isObject(jwk)) throw new KeyFormatError("not-a-jwk");
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) throw new KeyFormatError("private-key");
  const key = keyIn((name) => (Object.hasOwn(jwk, name) ? jwk[name] : undefined));
  requireForVerifying((name, otherwise) => (Object.hasOwn(jwk, name) ? jwk[name] : otherwise), key);
  return key;
}

/**
 * Return the key that a `publicKeyMultibase` holds: base58btc of a multicodec prefix and the key.
 *
 * @throws KeyFormatError "bad-multikey", "unknown-key-type", "bad-key", "not-on-curve".
 * @throws WeakKeyError as `fromJwk`.
 */
export function fromMultikey(text: string): PublicKey {
  if (!text.startsWith("z") || text.length > MAX_MULTIKEY_LENGTH) throw new KeyFormatError("bad-multikey");
  const data = decoded(base58.decode, text.slice(1), "bad-multikey");
  const algorithm = PREFIXES.find(([[first, second]]) => data[0] === first && data[1] === second)?.[1];
  if (algorithm === undefined || algorithm === "RSA") throw new KeyFormatError("unknown-key-type");
  const encoded = data.subarray(2);
  if (algorithm === "Ed25519") return ed25519(encoded);
  if (encoded.length !== 1 + COORDINATE_BYTES[algorithm]) throw new KeyFormatError("bad-multikey");
  const point = decompress(algorithm, encoded);
  if (!point) throw new KeyFormatError("not-on-curve");
  return elliptic(algorithm, point.x, point.y);
}

type Member = (name: string) => unknown;

function keyIn(member: Member): PublicKey {
  const [type, curve, x, y] = [member("kty"), member("crv"), member("x"), member("y")];
  const [n, e] = [member("n"), member("e")];
  if (type === "OKP" && curve === "Ed25519" && typeof x === "string") return ed25519(bytesOf(x));
  if (type === "EC" && (curve === "P-256" || curve === "P-384") && typeof x === "string" && typeof y === "string") {
    return elliptic(curve, bytesOf(x), bytesOf(y));
  }
  if (type === "RSA" && typeof n === "string" && typeof e === "string") return rsa(bytesOf(n), bytesOf(e));
  throw new KeyFormatError("unknown-key-type");
}

function requireForVerifying(member: (name: string, otherwise: unknown) => unknown, key: PublicKey): void {
  if (member("use", "sig") !== "sig") throw new KeyFormatError("wrong-use");
  const operations = member("key_ops", ["verify"]);
  if (!Array.isArray(operations) || !operations.includes("verify")) throw new KeyFormatError("wrong-use");
  const algorithm = member("alg", key.jwsAlgorithm);
  // "Ed25519" is the newer name of the one curve's EdDSA (RFC 9864).
  if (algorithm !== key.jwsAlgorithm && !(key.algorithm === "Ed25519" && algorithm === "Ed25519")) {
    throw new KeyFormatError("wrong-algorithm");
  }
}

function ed25519(encoded: Uint8Array): PublicKey {
  if (encoded.length !== ED25519_BYTES) throw new KeyFormatError("bad-key");
  const largeOrder = isLargeOrder(encoded);
  if (largeOrder === null) throw new KeyFormatError("not-on-curve");
  if (!largeOrder) throw new WeakKeyError();
  const jwk = { crv: "Ed25519", kty: "OKP", x: base64url.encode(encoded) };
  return make("Ed25519", jwk, encoded, mayBeEd25519);
}

/**
 * Refuse an S beyond the group's order, which would be a second signature of the same message (RFC 8032 section 5.1.7),
 * and an R of small order, about which libraries and browsers disagree; no honest signer makes either.
 */
function mayBeEd25519(signature: Uint8Array): boolean {
  return signature.length === 64 && !isSmallOrder(signature.subarray(0, 32)) && isReduced(signature.subarray(32));
}

function elliptic(curve: Curve, x: Uint8Array, y: Uint8Array): PublicKey {
  const size = COORDINATE_BYTES[curve];
  if (x.length !== size || y.length !== size) throw new KeyFormatError("bad-key");
  if (!isOnCurve(curve, x, y)) throw new KeyFormatError("not-on-curve");
  const jwk = { crv: curve, kty: "EC", x: base64url.encode(x), y: base64url.encode(y) };
  const compressed = Uint8Array.of(0x02 | ((y.at(-1) ?? 0) & 1), ...x);
  return make(curve, jwk, compressed, (signature) => signature.length === 2 * size);
}

function rsa(modulus: Uint8Array, exponent: Uint8Array): PublicKey {
  const [n, e] = [withoutZeros(modulus), withoutZeros(exponent)];
  const bits = n.length * 8 - (Math.clz32(n[0] ?? 0) - 24);
  if (bits < MIN_RSA_BITS || !isEqual(e, RSA_EXPONENT)) throw new WeakKeyError();
  if (bits > MAX_RSA_BITS) throw new KeyFormatError("key-too-long");
  if (!isMadeOfLargePrimes(n)) throw new WeakKeyError();
  const jwk = { e: base64url.encode(e), kty: "RSA", n: base64url.encode(n) };
  return make("RSA", jwk, null, (signature) => signature.length === n.length);
}

/** Return the key; `jwk` has its members in the order of their names, `encoded` is what a Multikey has of it. */
function make(
  algorithm: Algorithm,
  jwk: Readonly<Record<string, string>>,
  encoded: Uint8Array | null,
  mayBe: (signature: Uint8Array) => boolean,
): PublicKey {
  let imported: Promise<CryptoKey> | null = null;
  return {
    algorithm,
    jwsAlgorithm: JWS_ALGORITHMS[algorithm],
    verify: async (signature, data) => {
      if (!mayBe(signature)) throw new BadSignatureError("the signature does not verify");
      imported ??= importKey(algorithm, jwk);
      if (!(await isSignature(algorithm, await imported, signature, data))) {
        throw new BadSignatureError("the signature does not verify");
      }
    },
    equals: (other) => JSON.stringify(other.toJwk()) === JSON.stringify(jwk),
    toJwk: () => ({ ...jwk }),
    toMultikey: () => {
      const prefix = PREFIXES.find(([, one]) => one === algorithm)?.[0];
      if (!prefix || !encoded) throw new KeyFormatError("no-multikey");
      return `z${base58.encode(Uint8Array.of(...prefix, ...encoded))}`;
    },
  };
}

async function importKey(algorithm: Algorithm, jwk: Readonly<Record<string, string>>): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", { ...jwk }, IMPORTED[algorithm], false, ["verify"]);
  } catch (error) {
    // We have checked the key ourselves, so that what is refused here is its kind: Ed25519 in a browser before 2025, or
    // everything on a page that came without TLS.
    throw new UnsupportedHereError("this browser has no way to verify with such a key", { cause: error });
  }
}

async function isSignature(
  algorithm: Algorithm,
  key: CryptoKey,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  try {
    // Copies: WebCrypto takes no view of shared memory, and the types tell such views apart.
    return await crypto.subtle.verify(VERIFYING[algorithm], key, Uint8Array.from(signature), Uint8Array.from(data));
  } catch (error) {
    throw new UnsupportedHereError("this browser has no way to verify with such a key", { cause: error });
  }
}

function bytesOf(text: string): Uint8Array {
  return decoded(base64url.decode, text, "bad-base64");
}

function decoded(decode: (text: string) => Uint8Array, text: string, code: string): Uint8Array {
  try {
    return decode(text);
  } catch {
    throw new KeyFormatError(code);
  }
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? new Uint8Array(0) : bytes.subarray(first);
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
