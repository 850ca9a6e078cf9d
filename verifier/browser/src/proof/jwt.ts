// Enveloping proof: a compact JWS (RFC 7515) around the credential, with the claims that Open Badges repeats in it; the
// reading half of badges/proof/jwt.py.

import {
  BadSignatureError,
  ClaimsError,
  KeyFormatError,
  MalformedDocumentError,
  ProofError,
  UnsupportedError,
} from "../errors";
import { isObject, type Claims, type Json, type JsonObject } from "../json";
import * as base64url from "../keys/base64url";
import * as dateTimeStamp from "../keys/date-time-stamp";
import { fromJwk, type PublicKey } from "../keys/public-key";
import { isInteger, parseObject } from "../strict-json";

const MAX_HEADER_BYTES = 4096; // a header with an RSA key in `jwk` has 800
const MAX_KEY_ID_LENGTH = 512; // of a `kid`; a did:web with a long path has 200
const ALGORITHMS: readonly string[] = ["EdDSA", "ES256", "ES384", "RS256"];
// Open Badges 3.0 section 8.2.4.1 allows these alone; VC-JOSE-COSE's `vc+jwt` is what newer issuers write.
const HEADER_MEMBERS: readonly string[] = ["alg", "kid", "jwk", "typ"];
const TYPES: readonly unknown[] = ["JWT", "vc+jwt", "vc+ld+jwt"];
const REGISTERED = ["iss", "sub", "jti", "nbf", "exp"] as const;
const BESIDE_VC: readonly string[] = [...REGISTERED, "iat", "aud", "nonce", "vc"];
const VCDM_1 = "https://www.w3.org/2018/credentials/v1";
const FIRST_SECOND = -62_135_596_800; // of the year 1
const LAST_SECOND = 253_402_300_799; // of the year 9999

type RegisteredClaim = (typeof REGISTERED)[number];

/** A protected header in the one form that we accept. */
export interface JwsHeader {
  readonly algorithm: string;
  readonly keyId: string | null;
  readonly embeddedKey: PublicKey | null;
}

/** A compact JWS taken apart, nothing verified yet. */
export interface CompactJws {
  readonly header: JwsHeader;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly signingInput: Uint8Array;
}

/**
 * Return the parts of a compact JWS; the signature is not checked.
 *
 * @throws MalformedDocumentError "not-a-jws" (other than three segments), "bad-base64" (padding, white space, bits beyond
 *   the last byte, an empty segment), "bad-header", "bad-header-key", or what `parseObject` refuses in the header.
 * @throws UnsupportedError "unsupported-algorithm", `none` and HMAC among them.
 */
export function peekJws(text: string): CompactJws {
  const [header, payload, signature, ...rest] = text.split(".");
  // RFC 7515 section 7.1.
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw new MalformedDocumentError("not-a-jws");
  }
  return {
    header: parseHeader(header),
    payload: decodeSegment(payload),
    signature: decodeSegment(signature),
    signingInput: new TextEncoder().encode(`${header}.${payload}`),
  };
}

/**
 * Return if the signature is `key`'s.
 *
 * @throws ProofError "wrong-algorithm" when the header names another algorithm than the key's one, "bad-signature".
 * @throws UnsupportedHereError if this browser cannot tell.
 */
export async function verifyJws(jws: CompactJws, key: PublicKey): Promise<void> {
  if (jws.header.algorithm !== key.jwsAlgorithm) throw new ProofError("wrong-algorithm");
  try {
    await key.verify(jws.signature, jws.signingInput);
  } catch (error) {
    throw error instanceof BadSignatureError ? new ProofError("bad-signature") : error;
  }
}

/**
 * Return the credential without its registered claims, and warnings ("subject-claim-missing"). A VCDM 2.0 credential is
 * the payload itself; a VCDM 1.1 one stands under `vc`.
 *
 * @param payload As `parseObject` returned it, which remembers how numbers were spelt.
 * @throws ClaimsError "claim-mismatch" (a registered claim says something else than the credential), "missing-claim",
 *   "bad-claim" (a claim of the wrong type), "two-payloads" (`vc` beside a 2.0 credential or other members, or 1.1
 *   without it).
 *
 * Source: Open Badges 3.0 section 8.2.5 (#verify-jwt).
 */
export function checkRegisteredClaims(payload: Claims): { credential: JsonObject; warnings: readonly string[] } {
  const credential = credentialOf(payload);
  const warnings: string[] = [];
  for (const [claim, expected] of expectedOf(credential)) {
    if (Object.hasOwn(payload, claim)) requireClaim(payload, claim, expected);
    // Badges of the standard's own examples lack it; signed badges lose nothing by that.
    else if (claim === "sub" && expected !== null) warnings.push("subject-claim-missing");
    else if (claim !== "exp" && expected !== null) throw new ClaimsError("missing-claim", { params: { claim } });
  }
  if (Object.hasOwn(payload, "iat")) issuedAt(payload);
  return { credential, warnings };
}

/**
 * Return `iat` as an xsd:dateTimeStamp.
 *
 * @throws ClaimsError "bad-claim": no number of seconds that a calendar has.
 */
export function issuedAt(payload: Claims): string {
  const seconds = member(payload, "iat");
  if (typeof seconds !== "number" || !isInteger(payload, "iat") || seconds < FIRST_SECOND || seconds > LAST_SECOND) {
    throw badClaim("iat");
  }
  return dateTimeStamp.stamp(seconds * 1000);
}

/**
 * Return the bytes of a segment, which is never empty (RFC 7515 section 2).
 *
 * @throws MalformedDocumentError "bad-base64".
 */
export function decodeSegment(segment: string): Uint8Array {
  try {
    if (segment) return base64url.decode(segment);
  } catch {
    // Told below.
  }
  throw new MalformedDocumentError("bad-base64");
}

function parseHeader(segment: string): JwsHeader {
  if (segment.length > (MAX_HEADER_BYTES * 4) / 3) throw badHeader();
  const header = parseObject(decodeSegment(segment));
  const algorithm = header["alg"];
  if (typeof algorithm !== "string" || !Object.keys(header).every((name) => HEADER_MEMBERS.includes(name))) {
    throw badHeader();
  }
  if (!ALGORITHMS.includes(algorithm)) throw new UnsupportedError("unsupported-algorithm");
  if (Object.hasOwn(header, "typ") && !TYPES.includes(header["typ"])) throw badHeader();
  return { algorithm, keyId: keyIdIn(header), embeddedKey: embeddedKeyIn(header) };
}

function keyIdIn(header: JsonObject): string | null {
  const keyId = header["kid"] ?? null;
  if (keyId === null) return null;
  // In characters, as the server counts; these are up to two of JavaScript's.
  if (typeof keyId !== "string" || keyId === "" || [...keyId].length > MAX_KEY_ID_LENGTH) throw badHeader();
  return keyId;
}

function embeddedKeyIn(header: JsonObject): PublicKey | null {
  if (!Object.hasOwn(header, "jwk")) return null;
  try {
    return fromJwk(header["jwk"]);
  } catch (error) {
    throw error instanceof KeyFormatError ? new MalformedDocumentError("bad-header-key") : error;
  }
}

function badHeader(): MalformedDocumentError {
  return new MalformedDocumentError("bad-header");
}

function credentialOf(payload: Claims): JsonObject {
  if (!Object.hasOwn(payload, "vc")) {
    const names = Object.keys(payload).filter((name) => name !== "iat" && !REGISTERED.some((claim) => claim === name));
    const credential = Object.create(null) as JsonObject;
    for (const name of names) credential[name] = payload[name] ?? null;
    if (isVcdm1(credential)) throw new ClaimsError("two-payloads");
    return credential;
  }
  const wrapped = payload["vc"];
  // Beside it, whatever is no claim of a JWT could be taken for the credential by another reader.
  const alone = Object.keys(payload).every((name) => BESIDE_VC.includes(name));
  if (!isObject(wrapped) || !isVcdm1(wrapped) || !alone) throw new ClaimsError("two-payloads");
  return wrapped;
}

function isVcdm1(credential: JsonObject): boolean {
  const contexts = member(credential, "@context");
  return Array.isArray(contexts) && contexts.includes(VCDM_1);
}

/** Return what each registered claim must say; null where the credential has nothing that it could repeat. */
function expectedOf(credential: JsonObject): readonly (readonly [RegisteredClaim, Json])[] {
  const [issuer, subject] = [member(credential, "issuer"), member(credential, "credentialSubject")];
  const starts = Object.hasOwn(credential, "validFrom") ? "validFrom" : "issuanceDate";
  const ends = Object.hasOwn(credential, "validUntil") ? "validUntil" : "expirationDate";
  return [
    ["iss", isObject(issuer) ? member(issuer, "id") : issuer],
    ["sub", isObject(subject) ? member(subject, "id") : null],
    ["jti", member(credential, "id")],
    ["nbf", secondsOf(member(credential, starts), "validFrom")],
    ["exp", secondsOf(member(credential, ends), "validUntil")],
  ];
}

/** Return NumericDate in whole seconds, or null when there is no such moment. */
function secondsOf(moment: Json, claim: string): number | null {
  if (moment === null) return null;
  if (typeof moment !== "string") throw badClaim(claim);
  try {
    return dateTimeStamp.numericDate(moment);
  } catch {
    throw badClaim(claim);
  }
}

function requireClaim(payload: Claims, claim: RegisteredClaim, expected: Json): void {
  const isText = claim === "iss" || claim === "sub" || claim === "jti";
  if (isText ? typeof payload[claim] !== "string" : !isInteger(payload, claim)) throw badClaim(claim);
  if (payload[claim] !== expected) throw new ClaimsError("claim-mismatch", { params: { claim } });
}

function badClaim(claim: string): ClaimsError {
  return new ClaimsError("bad-claim", { params: { claim } });
}

/** Return a member that the object itself has, or null. */
function member(object: Readonly<JsonObject>, name: string): Json {
  return Object.hasOwn(object, name) ? (object[name] ?? null) : null;
}
