// Keys and signatures for the tests.

import { encode } from "../../src/keys/base64url";
import { fromJwk, type PublicKey } from "../../src/keys/public-key";

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 section 7). */
const PKCS8 = "302e020100300506032b657004220420";

export type Made = Record<string, unknown>;

/** A key that signs, and the id that it is named by. */
export interface Signer {
  readonly keyId: string;
  readonly publicKey: PublicKey;
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** Return the signer of a seed: the same as Python's. */
export async function signerOf(seed: number, keyId: string): Promise<Signer> {
  const pkcs8 = Buffer.concat([Buffer.from(PKCS8, "hex"), Buffer.alloc(32, seed)]);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { kty, crv, x } = await crypto.subtle.exportKey("jwk", key);
  return {
    keyId,
    publicKey: fromJwk({ kty, crv, x }),
    sign: async (data) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, Uint8Array.from(data))),
  };
}

/** Return the signer of a seed under its own did:key. */
export async function didKeySigner(seed: number): Promise<Signer> {
  const multikey = (await signerOf(seed, "")).publicKey.toMultikey();
  return signerOf(seed, `did:key:${multikey}#${multikey}`);
}

/** Return the DID of a key id. */
export function didOf({ keyId }: Signer): string {
  return keyId.split("#", 1)[0] ?? "";
}

/** Return a compact JWS over a payload. */
export async function jws(payload: Made, signer: Signer, header: Made = {}): Promise<string> {
  const members = { alg: signer.publicKey.jwsAlgorithm, kid: signer.keyId, ...header };
  const input = `${encode(bytes(members))}.${encode(bytes(payload))}`;
  return `${input}.${encode(await signer.sign(new TextEncoder().encode(input)))}`;
}

/** Return JSON as bytes. */
export function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
