// Decentralised identifiers: did:key and did:jwk expanded here, did:web turned into the URL of its document; the
// counterpart of keys/did.py.

import { KeyFormatError } from "../errors";
import { isObject, type JsonObject } from "../json";
import * as base64url from "./base64url";
import * as dateTimeStamp from "./date-time-stamp";
import { fromJwk, fromMultikey, type PublicKey } from "./public-key";

const MAX_METHODS = 100; // keys of a provider over decades; a document with more is an attack on us
const MAX_DID_LENGTH = 2048;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^(?:${LABEL}\\.)*${LABEL}(?:%3A[1-9][0-9]{0,4})?$`);
const SEGMENT = /^[A-Za-z0-9._~-]{1,255}$/;
const NAMES = /("[^"]*")(\s*:)?/g; // strings of JSON without escapes, and whether each names a member

/** A DID or a DID document that is not well made: "unknown-did", "malformed-did", "malformed-did-document". */
export class DidError extends KeyFormatError {}

/** The document does not list that verification method for assertions. */
export class KeyNotListedError extends DidError {
  constructor() {
    super("key-not-listed");
  }
}

/** A public key with its address, the DID it belongs to, and when it ended in milliseconds (DID Core section 5.2). */
export interface VerificationMethod {
  readonly id: string;
  readonly controller: string;
  readonly key: PublicKey;
  readonly revoked: number | null;
  readonly expires: number | null;
}

/** The part of a DID document that matters to us: methods by id, and which of them may assert. */
export interface DidDocument {
  readonly id: string;
  readonly methods: ReadonlyMap<string, VerificationMethod>;
  readonly assertion: ReadonlySet<string>;
}

/**
 * Return the document that a did:key or did:jwk itself spells out; nothing is fetched.
 *
 * @throws DidError for another method, or one that is not well made.
 * @throws KeyFormatError if the key inside is not, or is weak.
 *
 * Source: did:key v0.9, did:jwk v1.
 */
export function expand(did: string): DidDocument {
  if (did.length <= MAX_DID_LENGTH && did.startsWith("did:key:")) {
    const multibase = did.slice("did:key:".length);
    return single(did, `${did}#${multibase}`, fromMultikey(multibase));
  }
  if (did.length <= MAX_DID_LENGTH && did.startsWith("did:jwk:")) {
    return single(did, `${did}#0`, fromJwk(decodeJwk(did.slice("did:jwk:".length))));
  }
  throw new DidError("unknown-did");
}

/**
 * Return the HTTPS URL of a did:web's document.
 *
 * @throws DidError unless by the strict grammar: lower-case ASCII host, port as %3A, plain path segments.
 *
 * Source: did:web Method Specification, section 2.5 (Read).
 */
export function webUrl(did: string): string {
  if (!did.startsWith("did:web:") || did.length > MAX_DID_LENGTH) throw new DidError("malformed-did");
  const [host = "", ...path] = did.slice("did:web:".length).split(":");
  const plain = path.every((segment) => SEGMENT.test(segment) && !/^\.+$/.test(segment));
  if (!HOST.test(host) || !plain) throw new DidError("malformed-did");
  return `https://${host.replace("%3A", ":")}/${path.join("/") || ".well-known"}/did.json`;
}

/**
 * Return what a DID document says of its own keys; methods of kinds that we do not know are left out, and so are
 * methods that the document calls somebody else's.
 *
 * @throws DidError if it is no document of `did`, a method has a foreign id or stands twice, or there are over 100.
 */
export function parseDocument(document: unknown, did: string): DidDocument {
  if (!isObject(document) || member(document, "id") !== did) throw new DidError("malformed-did-document");
  const listed = member(document, "verificationMethod") === undefined ? [] : member(document, "verificationMethod");
  if (!Array.isArray(listed) || listed.length > MAX_METHODS) throw new DidError("malformed-did-document");
  const methods = listed.map((entry) => parseMethod(entry, did)).filter((method) => method !== null);
  const known = new Map(methods.map((method) => [method.id, method]));
  if (known.size !== methods.length) throw new DidError("malformed-did-document");
  return { id: did, methods: known, assertion: references(member(document, "assertionMethod"), did) };
}

/**
 * Return the method that the document lists for assertions under that id.
 *
 * @throws KeyNotListedError if there is none, it is of no kind that we know, or it is not for assertions.
 */
export function findAssertionKey(document: DidDocument, verificationMethod: string): VerificationMethod {
  const method = document.methods.get(verificationMethod);
  if (!method || !document.assertion.has(verificationMethod)) throw new KeyNotListedError();
  return method;
}

function single(did: string, id: string, key: PublicKey): DidDocument {
  const method = { id, controller: did, key, revoked: null, expires: null };
  return { id: did, methods: new Map([[id, method]]), assertion: new Set([id]) };
}

function decodeJwk(encoded: string): unknown {
  const { text, jwk } = readJwk(encoded);
  const names = [...text.matchAll(NAMES)].filter(([, , colon]) => colon).map(([, name]) => name);
  // Two parsers would see two keys. Nothing in a JWK of ours needs an escape, which could hide the second name.
  if (text.includes("\\") || new Set(names).size !== names.length) throw new DidError("malformed-did");
  return jwk;
}

function readJwk(encoded: string): { text: string; jwk: unknown } {
  try {
    const bytes = base64url.decode(encoded);
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, jwk: JSON.parse(text, requireFinite) };
  } catch {
    throw new DidError("malformed-did");
  }
}

/** Refuse 1e400, of which this parser makes infinity and others an error. */
function requireFinite(_name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError("a number without end");
  return value;
}

function parseMethod(method: unknown, did: string): VerificationMethod | null {
  if (!isObject(method)) throw new DidError("malformed-did-document");
  const [id, controller] = [member(method, "id"), member(method, "controller")];
  if (typeof id !== "string" || typeof controller !== "string") throw new DidError("malformed-did-document");
  const absolute = id.startsWith("#") ? did + id : id;
  if (!absolute.startsWith(`${did}#`)) throw new DidError("malformed-did-document");
  // A document can only say who its own keys belong to: else anybody's would hand out keys of any issuer.
  const key = controller === did ? parseKey(method) : null;
  if (!key) return null;
  return { id: absolute, controller, key, revoked: moment(method, "revoked"), expires: moment(method, "expires") };
}

function parseKey(method: JsonObject): PublicKey | null {
  const [type, multibase] = [member(method, "type"), member(method, "publicKeyMultibase")];
  try {
    if ((type === "Multikey" || type === "Ed25519VerificationKey2020") && typeof multibase === "string") {
      return fromMultikey(multibase);
    }
    return type === "JsonWebKey" || type === "JsonWebKey2020" ? fromJwk(member(method, "publicKeyJwk")) : null;
  } catch (error) {
    if (error instanceof KeyFormatError) return null;
    throw error;
  }
}

function moment(method: JsonObject, name: string): number | null {
  const value = member(method, name) ?? null;
  if (value === null) return null;
  if (typeof value !== "string") throw new DidError("malformed-did-document");
  try {
    return dateTimeStamp.parse(value);
  } catch {
    throw new DidError("malformed-did-document");
  }
}

function references(value: unknown, did: string): ReadonlySet<string> {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  // A method embedded under `assertionMethod` is not read: its id alone would name a key that we have not parsed.
  const names = entries.filter((entry) => typeof entry === "string");
  return new Set(names.map((name) => (name.startsWith("#") ? did + name : name)));
}

/** Return a member that the object itself has: a document may not borrow one from JavaScript. */
function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
