// From the key id that a proof names to the key, and to who says whose key it is; the counterpart of
// verifier/resolve.py.

import { BadgeError, KeyFormatError } from "../errors";
import { member } from "../json";
import {
  expand,
  findAssertionKey,
  KeyNotListedError,
  parseDocument,
  webUrl,
  type DidDocument,
  type VerificationMethod,
} from "../keys/did";
import { fromJwk, fromMultikey, type PublicKey } from "../keys/public-key";
import type { ProofReference } from "../proof/credential";
import { parse } from "../strict-json";
import { parseUrl } from "./addresses";
import { controllerOf, type Trust } from "./trust";
import { UnreachableError, type Web } from "./web";

const ACCEPT = "application/did+json, application/did+ld+json;q=0.9, application/json;q=0.8";
const ACCEPT_KEY_SET = "application/jwk-set+json, application/json;q=0.9";
const OFFLINE_METHODS = ["did:key:", "did:jwk:"];
const MAX_KEYS = 100;

/** Who says whose key it is; "badge": nobody but the badge itself. */
export type Source = "did" | "registry" | "web" | "badge";

/** A key, whose it is, and when it may be used, in milliseconds since 1970. */
export interface ResolvedKey {
  readonly id: string;
  readonly key: PublicKey;
  readonly controller: string;
  readonly source: Source;
  readonly validFrom: number | null;
  readonly validUntil: number | null;
  readonly revoked: number | null;
}

/** There is no key to check the proof with. `certain` tells a wrong key id from one that we could not look up. */
export class UnresolvedKeyError extends Error {
  readonly code: string;
  readonly certain: boolean;

  constructor(code: string, { certain, cause }: { certain: boolean; cause?: unknown }) {
    super(code, { cause });
    this.code = code;
    this.certain = certain;
  }
}

/** Return whether a key may have signed at a moment; a compromised key never. */
export function isGoodAt({ validFrom, validUntil, revoked }: ResolvedKey, at: number): boolean {
  const tooEarly = validFrom !== null && at < validFrom;
  const tooLate = validUntil !== null && at >= validUntil;
  return revoked === null && !tooEarly && !tooLate;
}

/**
 * Return the key that a proof names. Only a did:web or https issuer's own document is ever fetched for it.
 *
 * @throws UnresolvedKeyError if there is none, or it could not be had.
 */
export async function resolve(reference: ProofReference, web: Web, trust: Trust): Promise<ResolvedKey> {
  const { verificationMethod, embeddedKey } = reference;
  if (verificationMethod === null) {
    // `peek` has refused a JWS without either.
    if (!embeddedKey) throw new UnresolvedKeyError("unusable-key", { certain: true });
    return unbounded("", embeddedKey, "", "badge");
  }
  try {
    return await byId(verificationMethod, web, trust);
  } catch (error) {
    if (error instanceof KeyNotListedError) throw new UnresolvedKeyError("key-not-listed", { certain: true });
    if (error instanceof KeyFormatError) throw new UnresolvedKeyError("unusable-key", { certain: true, cause: error });
    throw error;
  }
}

/** Return the key with this id, by the kind of its controller. */
async function byId(keyId: string, web: Web, trust: Trust): Promise<ResolvedKey> {
  const controller = controllerOf(keyId);
  const fragment = keyId.slice(controller.length + 1);
  if (isOffline(keyId)) return speltOut(controller, fragment);
  const registered = trust.key(keyId);
  if (registered) {
    const { key, window, revoked } = registered;
    return {
      ...unbounded(keyId, key, controller, "registry"),
      validFrom: window.start,
      validUntil: window.end,
      revoked,
    };
  }
  if (keyId.startsWith("did:web:")) {
    const found = listed(findAssertionKey(await fetchDocument(controller, web), keyId), "web");
    return { ...found, revoked: found.revoked ?? revokedElsewhere(found, trust) };
  }
  if (keyId.startsWith("did:")) throw new UnresolvedKeyError("unsupported-did-method", { certain: false });
  if (keyId.startsWith("https://") && fragment.startsWith("z")) {
    return unbounded(keyId, fromMultikey(fragment), controller, "badge");
  }
  if (keyId.startsWith("https://")) throw new UnresolvedKeyError("unsupported-key-location", { certain: false });
  throw new UnresolvedKeyError("unusable-key-id", { certain: true });
}

function unbounded(id: string, key: PublicKey, controller: string, source: Source): ResolvedKey {
  return { id, key, controller, source, validFrom: null, validUntil: null, revoked: null };
}

function isOffline(did: string): boolean {
  return OFFLINE_METHODS.some((method) => did.startsWith(method));
}

/** Return since when the registry calls the same key compromised, under whatever id; or null. */
function revokedElsewhere({ key, controller }: ResolvedKey, trust: Trust): number | null {
  const keys = [...(trust.provider(controller)?.keys.values() ?? [])];
  const same = keys.filter((one) => one.key.equals(key));
  return same.find((one) => one.revoked !== null)?.revoked ?? null;
}

/** Return the key of a did:key or did:jwk; without a fragment, as some issuers name it, its only one. */
function speltOut(controller: string, fragment: string): ResolvedKey {
  const document = expand(controller);
  const [only = ""] = document.methods.keys();
  return listed(findAssertionKey(document, fragment ? `${controller}#${fragment}` : only), "did");
}

function listed({ id, key, expires, revoked }: VerificationMethod, source: Source): ResolvedKey {
  return { ...unbounded(id, key, controllerOf(id), source), validUntil: expires, revoked };
}

async function fetchDocument(controller: string, web: Web): Promise<DidDocument> {
  return parseDocument(await readJson(webUrl(controller), web, ACCEPT), controller);
}

async function readJson(url: string, web: Web, accept: string): Promise<unknown> {
  try {
    return parse(await web.get(url, accept));
  } catch (error) {
    if (error instanceof UnreachableError) {
      throw new UnresolvedKeyError("key-unreachable", { certain: false, cause: error });
    }
    if (error instanceof BadgeError) {
      throw new UnresolvedKeyError("key-document-unreadable", { certain: false, cause: error });
    }
    throw error;
  }
}

/**
 * Return a key that only the badge names as its issuer publishes it; null if the issuer publishes others.
 *
 * To be asked after the proof verified, because what it fetches is named by the document.
 *
 * @throws UnresolvedKeyError if what the issuer publishes could not be read.
 */
export async function confirm(
  resolved: ResolvedKey,
  issuer: string,
  web: Web,
  trust: Trust,
): Promise<ResolvedKey | null> {
  try {
    const published = await publishedKeys(issuer, web, trust);
    return published.find((one) => one.key.equals(resolved.key)) ?? null;
  } catch (error) {
    if (error instanceof KeyFormatError) {
      throw new UnresolvedKeyError("key-document-unreadable", { certain: false, cause: error });
    }
    throw error;
  }
}

async function publishedKeys(issuer: string, web: Web, trust: Trust): Promise<ResolvedKey[]> {
  if (isOffline(issuer)) return assertionKeys(expand(issuer), "did");
  const provider = trust.provider(issuer);
  if (provider) return Promise.all([...provider.keys.keys()].map((keyId) => byId(keyId, web, trust)));
  if (issuer.startsWith("did:web:")) return assertionKeys(await fetchDocument(issuer, web), "web");
  if (issuer.startsWith("https://")) return keySet(issuer, web);
  throw new UnresolvedKeyError("unsupported-key-location", { certain: false });
}

function assertionKeys({ assertion, methods }: DidDocument, source: Source): ResolvedKey[] {
  return [...assertion]
    .sort()
    .map((id) => methods.get(id))
    .filter((method) => method !== undefined)
    .map((method) => listed(method, source));
}

/**
 * Return the keys in the JWK set of an issuer's web site; those that we cannot use are left out.
 *
 * Source: Open Badges 3.0 implementation guide, "Key management": `https://<domain>/.well-known/jwks.json`.
 */
async function keySet(issuer: string, web: Web): Promise<ResolvedKey[]> {
  const address = parseUrl(issuer);
  if (!address) throw new UnresolvedKeyError("unsupported-key-location", { certain: false });
  const url = `https://${address.host}/.well-known/jwks.json`;
  const keys = member(await readJson(url, web, ACCEPT_KEY_SET), "keys");
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) {
    throw new UnresolvedKeyError("key-document-unreadable", { certain: false });
  }
  return keys.flatMap(usable).map((key) => unbounded(url, key, issuer, "web"));
}

function usable(jwk: unknown): PublicKey[] {
  try {
    return [fromJwk(jwk)];
  } catch (error) {
    if (error instanceof KeyFormatError) return [];
    throw error;
  }
}
