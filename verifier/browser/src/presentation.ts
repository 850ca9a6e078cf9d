// Several badges in one presentation, which each holder key signs as a whole (docs/presentation.md); the counterpart of
// badges/presentation.py.

import { BadSignatureError, MalformedDocumentError } from "./errors";
import { isObject, type Json, type JsonObject } from "./json";
import * as base64url from "./keys/base64url";
import type { VerificationMethod } from "./keys/did";
import { thumbprint } from "./keys/thumbprint";
import { decodeSegment } from "./proof/jwt";
import { isInteger, parseObject } from "./strict-json";
import { readSubject, type BadgeSubject } from "./subject";

export const MAX_BYTES = 262_144; // what a share may hold
export const MAX_BADGES = 100;
const MAX_TEXT = 512; // of an id, a nonce and an audience; ours have under 100
const MAX_HEADER_BYTES = 4096;
const CLOCK_SKEW_SECONDS = 300; // between the learner's clock and the reader's
const LAST_SECOND = 253_402_300_799; // of the year 9999
const TYPE = "vp+jwt";
/** How the nonce of a history link begins, and no share's id: what was shown in a share proves nothing in a link. */
const LINK = "link:";
const CONTEXT = "https://www.w3.org/ns/credentials/v2";
const ENVELOPED = "EnvelopedVerifiableCredential";
const DATA_URL = "data:application/vc+jwt,";
const MEMBERS = ["@context", "aud", "exp", "iat", "id", "nonce", "type", "verifiableCredential"];
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
// Strings whole, so that brackets inside them are none; of the rest, what gives JSON its structure.
const STRUCTURE = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}:,]/gs;

/** What a presentation shows about the holder of one badge. */
export const HOLDERS = [
  "proven",
  "not-proven",
  "bearer",
  "expired",
  "not-yet-valid",
  "wrong-audience",
  "wrong-nonce",
] as const;
export type Holder = (typeof HOLDERS)[number];

/** A badge exactly as it was put in; nothing of it is verified, and `holder` means nothing until it is. */
export interface PresentedBadge {
  readonly text: string;
  readonly holder: Holder;
}

/** What a presentation holds, and for whom and until when it was made. */
export interface Presentation {
  readonly id: string;
  readonly nonce: string;
  readonly audience: string;
  readonly issuedAt: Date;
  readonly expires: Date;
  readonly badges: readonly PresentedBadge[];
}

/** For which verifier (its origin), in which share (its id, or null for a link), and how long a presentation is good. */
export interface Purpose {
  readonly nonce: string | null;
  readonly audience: string;
  readonly expires: Date;
  readonly now: Date;
}

/** How a presentation is read: `nonce` is the id of the share that it came from, or null for a history link. */
export interface Reading {
  readonly now: Date;
  readonly audience: string;
  readonly nonce: string | null;
}

interface Signature {
  readonly keyId: string;
  readonly algorithm: string;
  readonly value: Uint8Array;
  readonly signingInput: Uint8Array;
}

/**
 * Return a presentation of the badges, signed with each of their keys that is at hand.
 *
 * @param badges Texts of badges: VC-JWTs, or JSON documents with an embedded proof.
 * @param keys P-256 signing keys by the thumbprint of their public key.
 * @throws MalformedDocumentError "too-many-badges", "duplicate-badge", "too-large"; "not-a-presentation" for none.
 */
export async function present(
  badges: readonly string[],
  keys: ReadonlyMap<string, CryptoKey>,
  purpose: Purpose,
): Promise<string> {
  requireNumber(badges.length);
  const subjects = badges.map(readSubject);
  requireOnce(badges);
  requireOnce(subjects.map((subject) => subject.credential));
  const payload = base64url.encode(utf8(payloadOf(badges, purpose)));
  const methods = new Map(subjects.flatMap(({ method }) => (method ? [[method.id, method] as const] : [])));
  const signing = [...methods.values()].flatMap((method) => {
    const key = method.key.jwsAlgorithm === "ES256" ? keys.get(thumbprint(method.key)) : undefined;
    return key ? [sign(payload, method.id, key)] : [];
  });
  const text = JSON.stringify({ payload, signatures: await Promise.all(signing) });
  if (text.length > MAX_BYTES) throw tooLarge();
  return text;
}

/**
 * Return the badges of a presentation, and for each whether its holder's key signed the whole.
 *
 * @throws MalformedDocumentError what `strict-json` refuses; "not-a-presentation", "bad-header", "bad-base64",
 *   "bad-claim"; "too-many-badges"; "duplicate-badge"; "duplicate-signature"; "foreign-signature": by a key of none of
 *   the badges.
 * @throws UnsupportedHereError if this browser cannot verify with such a key.
 *
 * Source: RFC 7515 section 7.2.1; VCDM 2.0 sections 4.12 and 4.13.
 */
export async function readPresentation(text: string, reading: Reading): Promise<Presentation> {
  const envelope = parseObject(text, MAX_BYTES);
  const { payload, signatures } = parseEnvelope(envelope);
  const bytes = decodeSegment(payload);
  const claims = parseClaims(parseObject(bytes, MAX_BYTES));
  const texts = badgeTexts(claims["verifiableCredential"], new TextDecoder().decode(bytes));
  const subjects = texts.map(readSubject);
  requireOnce(subjects.map((subject) => subject.credential));
  requireOnce(texts);
  const signed = await verifiedKeys(signatures, subjects);
  const misfit = misfitOf(claims, reading);
  return {
    id: String(claims["id"]),
    nonce: String(claims["nonce"]),
    audience: String(claims["aud"]),
    issuedAt: new Date(Number(claims["iat"]) * 1000),
    expires: new Date(Number(claims["exp"]) * 1000),
    badges: subjects.map((subject, index) => ({ text: texts[index] ?? "", holder: holderOf(subject, signed, misfit) })),
  };
}

/* making */

/** Return the payload; documents go in as they are written, so that they come out with the same bytes. */
function payloadOf(badges: readonly string[], { nonce, audience, expires, now }: Purpose): string {
  const entries = badges.map((text) => (text.startsWith("{") ? text : JSON.stringify(enveloped(text))));
  const before = { "@context": [CONTEXT], id: `urn:uuid:${crypto.randomUUID()}`, type: ["VerifiablePresentation"] };
  const after = { nonce: nonce ?? LINK + crypto.randomUUID(), aud: audience, iat: seconds(now), exp: seconds(expires) };
  return `${JSON.stringify(before).slice(0, -1)},"verifiableCredential":[${entries.join(",")}],${JSON.stringify(after).slice(1)}`;
}

function enveloped(text: string): JsonObject {
  return { "@context": CONTEXT, id: DATA_URL + text, type: ENVELOPED };
}

async function sign(payload: string, keyId: string, key: CryptoKey): Promise<JsonObject> {
  const header = base64url.encode(utf8(JSON.stringify({ alg: "ES256", kid: keyId, typ: TYPE })));
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(algorithm, key, utf8(`${header}.${payload}`));
  return { protected: header, signature: base64url.encode(new Uint8Array(signature)) };
}

function seconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

/* reading */

function parseEnvelope(envelope: JsonObject): { payload: string; signatures: Signature[] } {
  const { payload, signatures } = envelope;
  if (Object.keys(envelope).length !== 2 || typeof payload !== "string" || !Array.isArray(signatures)) throw not();
  if (signatures.length > MAX_BADGES) throw new MalformedDocumentError("too-many-badges");
  const parsed = signatures.map((entry) => parseSignature(entry, payload));
  if (new Set(parsed.map((one) => one.keyId)).size !== parsed.length) {
    throw new MalformedDocumentError("duplicate-signature");
  }
  return { payload, signatures: parsed };
}

function parseSignature(entry: Json, payload: string): Signature {
  // Two members and no third: a `header` is signed by nobody.
  if (!isObject(entry) || Object.keys(entry).length !== 2) throw not();
  const { protected: protectedHeader, signature } = entry;
  if (typeof protectedHeader !== "string" || typeof signature !== "string") throw not();
  const header = parseObject(decodeSegment(protectedHeader), MAX_HEADER_BYTES);
  const { alg, kid, typ } = header;
  if (Object.keys(header).length !== 3 || typeof alg !== "string" || typeof kid !== "string" || typ !== TYPE) {
    throw new MalformedDocumentError("bad-header");
  }
  const value = decodeSegment(signature);
  return { keyId: kid, algorithm: alg, value, signingInput: utf8(`${protectedHeader}.${payload}`) };
}

function parseClaims(payload: JsonObject): JsonObject {
  const names = Object.keys(payload).sort();
  const expected = isListOf(payload["@context"], CONTEXT) && isListOf(payload["type"], "VerifiablePresentation");
  if (names.join() !== MEMBERS.join() || !expected || !Array.isArray(payload["verifiableCredential"])) throw not();
  for (const claim of ["id", "nonce", "aud"]) {
    const value = payload[claim];
    if (typeof value !== "string" || value === "" || [...value].length > MAX_TEXT) throw badClaim(claim);
  }
  for (const claim of ["iat", "exp"]) {
    const value = payload[claim];
    if (!isInteger(payload, claim) || typeof value !== "number" || value < 0 || value > LAST_SECOND) {
      throw badClaim(claim);
    }
  }
  if (Number(payload["iat"]) >= Number(payload["exp"])) throw badClaim("exp");
  return payload;
}

function isListOf(value: Json | undefined, only: string): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === only;
}

function badgeTexts(entries: Json | undefined, payload: string): string[] {
  if (!Array.isArray(entries) || !entries.every(isObject)) throw not();
  requireNumber(entries.length);
  const written = [...elementsAsWritten(payload)];
  return entries.map((entry, index) => badgeText(entry, written[index] ?? ""));
}

/** Yield each element of `verifiableCredential` as it is written: a number written anew could be another. */
function* elementsAsWritten(payload: string): Generator<string> {
  let depth = 0;
  let start = 0;
  let member = "";
  for (const token of payload.matchAll(STRUCTURE)) {
    const mark = token[0];
    const inside = depth === 2 && member === "verifiableCredential";
    if (inside && (mark === "]" || mark === ",")) {
      yield payload.slice(start, token.index).trim();
      start = token.index + 1;
    }
    if (mark === "[" || mark === "{") {
      depth += 1;
      if (!inside && depth === 2) start = token.index + 1;
    } else if (mark === "]" || mark === "}") {
      depth -= 1;
    } else if (depth === 1 && mark.startsWith('"')) {
      // Before a list, the last string is always the name of the member.
      member = JSON.parse(mark) as string;
    }
  }
}

function badgeText(entry: JsonObject, written: string): string {
  const { "@context": context, id, type } = entry;
  const types = Array.isArray(type) ? type : [type];
  if (!types.includes(ENVELOPED) && type !== undefined) return written;
  const whole = Object.keys(entry).length === 3 && context === CONTEXT && type === ENVELOPED;
  const text = whole && typeof id === "string" && id.startsWith(DATA_URL) ? id.slice(DATA_URL.length) : "";
  if (!COMPACT_JWS.test(text)) throw not("/verifiableCredential");
  return text;
}

async function verifiedKeys(signatures: Signature[], subjects: BadgeSubject[]): Promise<ReadonlySet<string>> {
  const known = new Map(subjects.flatMap(({ method }) => (method ? [[method.id, method] as const] : [])));
  const tried = signatures.map(async (signature) => {
    const method = known.get(signature.keyId);
    if (!method) throw new MalformedDocumentError("foreign-signature");
    return (await verifies(signature, method)) ? [method.id] : [];
  });
  return new Set((await Promise.all(tried)).flat());
}

async function verifies(signature: Signature, method: VerificationMethod): Promise<boolean> {
  if (signature.algorithm !== method.key.jwsAlgorithm) return false;
  try {
    await method.key.verify(signature.value, signature.signingInput);
    return true;
  } catch (error) {
    if (error instanceof BadSignatureError) return false;
    throw error;
  }
}

/** Return why a good signature proves nothing here and now. */
function misfitOf(claims: JsonObject, { now, audience, nonce }: Reading): Holder | null {
  const seconds = now.getTime() / 1000;
  if (claims["aud"] !== audience) return "wrong-audience";
  const named = String(claims["nonce"]);
  if (nonce === null ? !named.startsWith(LINK) : named !== nonce) return "wrong-nonce";
  if (seconds > Number(claims["exp"])) return "expired";
  if (seconds + CLOCK_SKEW_SECONDS < Number(claims["iat"])) return "not-yet-valid";
  return null;
}

function holderOf({ credential, method }: BadgeSubject, signed: ReadonlySet<string>, misfit: Holder | null): Holder {
  // A badge that cannot be read may well name a key.
  if (!method) return credential === "" ? "not-proven" : "bearer";
  return signed.has(method.id) ? (misfit ?? "proven") : "not-proven";
}

/* both */

function requireNumber(badges: number): void {
  if (badges === 0) throw not();
  if (badges > MAX_BADGES) throw new MalformedDocumentError("too-many-badges");
}

function requireOnce(names: readonly string[]): void {
  const named = names.filter((name) => name !== "");
  if (new Set(named).size !== named.length) throw new MalformedDocumentError("duplicate-badge");
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function not(pointer = ""): MalformedDocumentError {
  return new MalformedDocumentError("not-a-presentation", { pointer });
}

function badClaim(claim: string): MalformedDocumentError {
  return new MalformedDocumentError("bad-claim", { params: { claim } });
}

function tooLarge(): MalformedDocumentError {
  return new MalformedDocumentError("too-large", { params: { limit: String(MAX_BYTES) } });
}
