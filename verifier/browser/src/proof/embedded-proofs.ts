// Embedded proofs as they are written: `DataIntegrityProof` with the cryptosuite eddsa-rdfc-2022, single, in sets and in
// chains; the part of badges/proof/data_integrity.py that needs neither keys nor contexts.
//
// Source: VC Data Integrity 1.0 §4 (#algorithms); Data Integrity EdDSA Cryptosuites 1.0 §3.2 (#eddsa-rdfc-2022).

import { ProofError, UnsupportedError } from "../errors";
import { type Claims, type Json, isObject } from "../json";
import * as base58 from "../keys/base58";
import * as dateTimeStamp from "../keys/date-time-stamp";
import { MAX_KEY_ID_LENGTH, type ProofReference } from "./credential";

const TYPE = "DataIntegrityProof";
const SUITE = "eddsa-rdfc-2022";
const PURPOSE = "assertionMethod";
const SIGNATURE_BYTES = 64;
// More than anybody has a use for; each costs a canonicalisation and a look-up of its key.
export const MAX_PROOFS = 4;
const MEMBERS: ReadonlySet<string> = new Set([
  "id",
  "type",
  "cryptosuite",
  "created",
  "expires",
  "verificationMethod",
  "proofPurpose",
  "proofValue",
  "previousProof",
]);
// Of presentations: a credential that is meant for one reader only is not a credential.
const AUDIENCE = ["domain", "challenge", "nonce"];

/** A proof in the one form that we accept. */
export interface Proof {
  readonly json: Claims;
  readonly reference: ProofReference;
  readonly method: string;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** The ids of the proofs that it builds upon. */
  readonly previous: readonly string[];
}

/**
 * Return the proofs of a document, their signatures unchecked.
 *
 * @throws ProofError `no-proof`, `too-many-proofs`, `unknown-previous-proof`; `bad-proof` (a member is missing, unknown,
 *   or of another form), `wrong-purpose`, `wrong-audience`, `bad-proof-value`, with the pointer of the place.
 *   UnsupportedError `unsupported-proof`: another type or cryptosuite, perhaps a good one.
 */
export function parseProofs(document: Claims): readonly Proof[] {
  const value = document["proof"];
  const entries = Array.isArray(value) ? value : [value];
  const objects = entries.filter((entry) => isObject(entry)).filter((entry) => Object.keys(entry).length > 0);
  if (objects.length === 0 || objects.length < entries.length) throw new ProofError("no-proof", { pointer: "/proof" });
  if (objects.length > MAX_PROOFS) throw new ProofError("too-many-proofs", { pointer: "/proof" });
  const proofs = objects.map((entry, index) => parseProof(entry, `/proof/${index}`));
  const named = objects.filter((entry) => Object.hasOwn(entry, "id")).map((entry) => entry["id"]);
  const ids: ReadonlySet<unknown> = new Set(named);
  if (ids.size < named.length || proofs.some((proof) => !proof.previous.every((id) => ids.has(id)))) {
    throw new ProofError("unknown-previous-proof", { pointer: "/proof" });
  }
  return proofs;
}

function parseProof(entry: Claims, pointer: string): Proof {
  requireKnownKind(entry, pointer);
  const method = entry["verificationMethod"];
  if (
    typeof method !== "string" ||
    method === "" ||
    isLonger(method, MAX_KEY_ID_LENGTH) ||
    (Object.hasOwn(entry, "id") && typeof entry["id"] !== "string")
  ) {
    throw new ProofError("bad-proof", { pointer: `${pointer}/verificationMethod` });
  }
  const reference = {
    verificationMethod: method,
    embeddedKey: null,
    algorithm: "EdDSA",
    created: dateTime(entry, "created", pointer),
    expires: dateTime(entry, "expires", pointer),
  };
  return {
    json: entry,
    reference,
    method,
    signature: signatureOf(entry, pointer),
    previous: previousOf(entry, pointer),
  };
}

/** Refuse a proof of another kind, for another purpose or reader, or with members that we do not know. */
function requireKnownKind(entry: Claims, pointer: string): void {
  if (entry["type"] !== TYPE || entry["cryptosuite"] !== SUITE) {
    throw new UnsupportedError("unsupported-proof", { pointer });
  }
  if (AUDIENCE.some((member) => Object.hasOwn(entry, member))) throw new ProofError("wrong-audience", { pointer });
  if (!Object.keys(entry).every((member) => MEMBERS.has(member))) throw new ProofError("bad-proof", { pointer });
  if (entry["proofPurpose"] !== PURPOSE) {
    throw new ProofError("wrong-purpose", { pointer: `${pointer}/proofPurpose` });
  }
}

/** Tell whether a text has more code points than that; a UTF-16 unit is at most one. */
function isLonger(text: string, limit: number): boolean {
  return text.length > limit && [...text].length > limit;
}

/** Return an xsd:dateTimeStamp as it is written, null if there is none. */
function dateTime(entry: Claims, member: string, pointer: string): string | null {
  if (!Object.hasOwn(entry, member)) return null;
  const value = entry[member];
  try {
    if (typeof value !== "string") throw new RangeError("not a text");
    dateTimeStamp.parse(value);
    return value;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProofError("bad-proof", { pointer: `${pointer}/${member}` });
  }
}

/** Return the 64 bytes of a `proofValue`: multibase base58btc, and in its one spelling. */
function signatureOf(entry: Claims, pointer: string): Uint8Array<ArrayBuffer> {
  const signature = decoded(entry["proofValue"]);
  if (signature?.length !== SIGNATURE_BYTES) {
    throw new ProofError("bad-proof-value", { pointer: `${pointer}/proofValue` });
  }
  return signature;
}

function decoded(value: Json | undefined): Uint8Array<ArrayBuffer> | null {
  if (typeof value !== "string" || !value.startsWith("z") || value.length > 2 * SIGNATURE_BYTES) return null;
  try {
    return base58.decode(value.slice(1));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

/** Return the ids of the proofs that this one builds upon. */
function previousOf(entry: Claims, pointer: string): readonly string[] {
  if (!Object.hasOwn(entry, "previousProof")) return [];
  const value = entry["previousProof"];
  const ids = Array.isArray(value) ? value : [value];
  const texts = ids.filter((one) => typeof one === "string").filter((one) => one !== entry["id"]);
  if (texts.length === 0 || texts.length < ids.length) {
    throw new ProofError("unknown-previous-proof", { pointer: `${pointer}/previousProof` });
  }
  return texts;
}
