// The words of the register: providers, keys, scopes, accreditations, and when each holds; the counterpart of
// badges/accreditation/register.py. Moments are milliseconds since 1970.

import { MalformedDocumentError } from "../errors";
import { member } from "../json";
import { parse } from "../keys/date-time-stamp";
import type { PublicKey } from "../keys/public-key";
import type { Language, Standing } from "../verify/report";

/** A standing and its reason, a stable code. */
export interface StandingResult {
  readonly standing: Standing;
  readonly reason: string;
}

/** From `start`, itself included, to `end`, itself excluded; without an end it is open. */
export interface Window {
  readonly start: number;
  readonly end: number | null;
}

/** A provider's key as the registry lists it. */
export interface RegisteredKey {
  readonly id: string;
  readonly key: PublicKey;
  readonly window: Window;
  readonly revoked: number | null;
}

/**
 * What an accreditation covers: a framework, or some areas or items of it, up to a level of one scheme.
 *
 * Without a scheme no level is covered, without areas and items the whole framework is.
 */
export interface Scope {
  readonly framework: string;
  readonly areas: ReadonlySet<string> | null;
  readonly items: ReadonlySet<string> | null;
  readonly scheme: string | null;
  readonly highest: string | null;
}

/** An accreditor's word on a provider; `credential` is the signed text that says it. */
export interface Accreditation {
  readonly provider: string;
  readonly accreditor: string;
  readonly accreditorName: string;
  readonly scopes: readonly Scope[];
  readonly window: Window;
  readonly credential: string;
}

/** A provider as the registry lists it. */
export interface RegisteredProvider {
  readonly did: string;
  readonly slug: string;
  readonly name: Readonly<Record<Language, string>>;
  readonly url: string;
  readonly domain: string;
  readonly keys: ReadonlyMap<string, RegisteredKey>;
  readonly accreditations: readonly Accreditation[];
  readonly suspensions: readonly Window[];
}

/** The register on one day; `number` rises with every publication, `accreditors` are those whose word counts. */
export interface Snapshot {
  readonly number: number;
  readonly issued: number;
  readonly registry: string;
  readonly providers: ReadonlyMap<string, RegisteredProvider>;
  readonly accreditors: ReadonlySet<string>;
}

/** Tell whether a moment lies inside a window. */
export function contains({ start, end }: Window, at: number): boolean {
  return start <= at && (end === null || at < end);
}

/**
 * Return the window from `validFrom` to `validUntil`.
 *
 * @throws MalformedDocumentError "bad-register" if they are no dateTimeStamps, or there is no `validFrom`.
 */
export function windowOf(data: unknown): Window {
  const end = member(data, "validUntil") ?? null;
  return { start: moment(member(data, "validFrom")), end: end === null ? null : moment(end) };
}

/**
 * Return a moment.
 *
 * @throws MalformedDocumentError "bad-register" if the value is no dateTimeStamp.
 */
export function moment(value: unknown): number {
  try {
    return parse(text(value));
  } catch (error) {
    if (error instanceof RangeError) throw new MalformedDocumentError("bad-register");
    throw error;
  }
}

/**
 * Return the value, which is a text.
 *
 * @throws MalformedDocumentError "bad-register" if it is none.
 */
export function text(value: unknown): string {
  if (typeof value !== "string") throw new MalformedDocumentError("bad-register");
  return value;
}

/**
 * Return the values, which are one text or a list of texts.
 *
 * @throws MalformedDocumentError "bad-register" if they are not.
 */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [text(value)];
}
