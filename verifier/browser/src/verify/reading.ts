// Single fields of a credential, read carefully: the signer may be the attacker, and the schema may have failed; the
// counterpart of verifier/reading.py.

import { isObject, member, objects, type Claims } from "../json";
import { parse } from "../keys/date-time-stamp";

/** How far another computer's clock may be ahead of ours, in milliseconds. */
export const MAX_SKEW = 60_000;

const NOTHING: Claims = Object.freeze({});

/** Return an xsd:dateTimeStamp in milliseconds since 1970, or null if it is none. */
export function moment(text: unknown): number | null {
  if (typeof text !== "string") return null;
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Return the values of a member that may hold one value or a list of them. */
export function each(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Return what should be a text; "" when it is none. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Return the types of an object. */
export function types(value: unknown): string[] {
  const found = member(value, "type");
  return each(found).filter((one) => typeof one === "string");
}

/** Return who says that it issued the credential. */
export function issuerId(claims: Claims): string {
  const issuer = member(claims, "issuer");
  return text(issuer) || text(member(issuer, "id"));
}

/** Return the first subject; empty when there is none. */
export function subject(claims: Claims): Claims {
  return objects(member(claims, "credentialSubject"))[0] ?? NOTHING;
}

/** Return what was achieved; empty when it is not said. */
export function achievement(claims: Claims): Claims {
  const found = member(subject(claims), "achievement");
  return isObject(found) ? found : NOTHING;
}

/** Return the results of the subject. */
export function results(claims: Claims): Claims[] {
  return objects(member(subject(claims), "result"));
}

/** Return the start of the validity period as written, by either data model. */
export function validFromText(claims: Claims): unknown {
  return either(claims, "validFrom", "issuanceDate");
}

/** Return the start of the validity period, by either data model, or null. */
export function validFrom(claims: Claims): number | null {
  return moment(validFromText(claims));
}

/** Return the end of the validity period as written, by either data model; null when there is none. */
export function validUntilText(claims: Claims): unknown {
  return either(claims, "validUntil", "expirationDate") ?? null;
}

function either(claims: Claims, newer: string, older: string): unknown {
  const found = member(claims, newer);
  return found === undefined ? member(claims, older) : found;
}
