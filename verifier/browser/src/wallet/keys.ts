// Holder keys: made here, one for each badge, kept encrypted, and unwrapped only to sign.

import { fromJwk } from "../keys/public-key";
import { thumbprint as thumbprintOf } from "../keys/thumbprint";
import { change, read, WalletError, type KeptKey, type PublicJwk, type Stores, type Wallet } from "./database";

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;
const WRAPPING = { name: "AES-GCM", length: 256 } as const;
const WRAPPING_NAME = "1";
const IV_BYTES = 12;

/** The private half too, as the issuer's claim page saves it in a file. */
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

/** Return a new P-256 key, ready to be stored with `stores("keys").put`. */
export async function newKey(wallet: Wallet): Promise<KeptKey> {
  const { privateKey } = await crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  const jwk = await crypto.subtle.exportKey("jwk", privateKey);
  return wrap(wallet, privateKey, publicHalf(jwk));
}

/**
 * Return a key that came as a private JWK, ready to be stored.
 *
 * @throws WalletError "not-a-key-file": no private P-256 JWK, or halves that do not belong together.
 */
export async function keyOf(wallet: Wallet, jwk: PrivateJwk): Promise<KeptKey> {
  const publicJwk = publicHalf(jwk);
  const privateKey = await importPrivate(jwk);
  await requirePair(privateKey, publicJwk);
  return wrap(wallet, privateKey, publicJwk);
}

/** Return the keys with these thumbprints that are here, by thumbprint: they sign, and cannot be read out. */
export async function signingKeys(
  wallet: Wallet,
  thumbprints: readonly string[],
): Promise<ReadonlyMap<string, CryptoKey>> {
  const { keys, wrapping } = await read(wallet, async (stores) => ({
    keys: await stores("keys").all(),
    wrapping: await stores("wrapping").get(WRAPPING_NAME),
  }));
  const wanted = keys.filter((key) => thumbprints.includes(key.thumbprint));
  if (!wrapping) return new Map();
  const unwrapped = wanted.map(async (key) => [key.thumbprint, await unwrap(key, wrapping, false)] as const);
  return new Map(await Promise.all(unwrapped));
}

/** Return the thumbprints of all keys that are here. */
export async function heldKeys(wallet: Wallet): Promise<ReadonlySet<string>> {
  const keys = await read(wallet, (stores) => stores("keys").all());
  return new Set(keys.map((key) => key.thumbprint));
}

/** Return all keys as private JWKs, for the encrypted export file and nothing else. */
export async function privateJwks(wallet: Wallet): Promise<PrivateJwk[]> {
  const { keys, wrapping } = await read(wallet, async (stores) => ({
    keys: await stores("keys").all(),
    wrapping: await stores("wrapping").get(WRAPPING_NAME),
  }));
  return wrapping ? Promise.all(keys.map((key) => readOut(key, wrapping))) : [];
}

/** Store a key, if it is not here yet. */
export async function keepKey(stores: Stores, key: KeptKey): Promise<void> {
  if (!(await stores("keys").get(key.thumbprint))) await stores("keys").put(key);
}

async function readOut(key: KeptKey, wrapping: CryptoKey): Promise<PrivateJwk> {
  const jwk = await crypto.subtle.exportKey("jwk", await unwrap(key, wrapping, true));
  return { ...key.publicJwk, d: jwk.d ?? "" };
}

async function wrap(wallet: Wallet, privateKey: CryptoKey, publicJwk: PublicJwk): Promise<KeptKey> {
  const thumbprint = thumbprintOf(fromJwk(publicJwk));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapped = await crypto.subtle.wrapKey("pkcs8", privateKey, await wrappingKey(wallet), sealing(iv, thumbprint));
  return { thumbprint, publicJwk, wrapped: new Uint8Array(wrapped), iv };
}

async function unwrap(key: KeptKey, wrapping: CryptoKey, extractable: boolean): Promise<CryptoKey> {
  const algorithm = sealing(key.iv, key.thumbprint);
  try {
    return await crypto.subtle.unwrapKey("pkcs8", key.wrapped, wrapping, algorithm, P256, extractable, ["sign"]);
  } catch (error) {
    throw new WalletError("key-damaged", { cause: error });
  }
}

/** The thumbprint is sealed with the key: no record can be put in the place of another. */
function sealing(iv: Uint8Array<ArrayBuffer>, thumbprint: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(thumbprint) };
}

/** Return the key under which all others lie encrypted. Made before the transaction, which would not wait for it. */
async function wrappingKey(wallet: Wallet): Promise<CryptoKey> {
  const found = await read(wallet, (stores) => stores("wrapping").get(WRAPPING_NAME));
  if (found) return found;
  const made = await crypto.subtle.generateKey(WRAPPING, false, ["wrapKey", "unwrapKey"]);
  return change(wallet, async (stores) => {
    // Another tab may have been faster, and then its key is the one.
    const first = await stores("wrapping").get(WRAPPING_NAME);
    if (!first) await stores("wrapping").put(made, WRAPPING_NAME);
    return first ?? made;
  });
}

async function importPrivate({ kty, crv, x, y, d }: PrivateJwk): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", { kty, crv, x, y, d }, P256, true, ["sign"]);
  } catch (error) {
    throw new WalletError("not-a-key-file", { cause: error });
  }
}

/** Refuse a private half of another key: not every browser notices. */
async function requirePair(privateKey: CryptoKey, publicJwk: PublicJwk): Promise<void> {
  const probe = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const signature = new Uint8Array(await crypto.subtle.sign(SIGNING, privateKey, probe));
  try {
    await fromJwk(publicJwk).verify(signature, probe);
  } catch (error) {
    throw new WalletError("not-a-key-file", { cause: error });
  }
}

function publicHalf({ x = "", y = "" }: JsonWebKey): PublicJwk {
  return { kty: "EC", crv: "P-256", x, y };
}
