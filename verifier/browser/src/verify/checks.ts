// The checks, one function each: from values to a finding; the counterpart of verifier/checks.py.

import type { Snapshot, StandingResult } from "../accreditation/register";
import { standing } from "../accreditation/standing";
import * as alignments from "../alignments";
import { isSkill } from "../alignments";
import type { StandardDocuments } from "../documents";
import { BadgeError, UnsupportedError, UnsupportedHereError, type Params } from "../errors";
import { frameworksIn, type Frameworks } from "../frameworks";
import { isObject, member, objects, type Claims } from "../json";
import type { ProofReference, VerifiedCredential } from "../proof/credential";
import { violations } from "../schema";
import { parseEntry } from "../status";
import { ListError, type ListAnswer, type Sources, type StatusLists } from "./lists";
import * as reading from "./reading";
import { MAX_SKEW, moment, text } from "./reading";
import { failed, passed, unknown, warning, type Finding, type Outcome, type Standing } from "./report";
import { confirm, isGoodAt, UnresolvedKeyError, type ResolvedKey } from "./resolve";

const BADGE_TYPES = ["OpenBadgeCredential", "AchievementCredential", "EndorsementCredential"];
const ENDORSEMENTS = ["endorsement", "endorsementJwt"];
const MAX_ENTRIES = 4;
/** What a set bit means, by the purpose of its list; other purposes say nothing about validity. */
const SET_CODES: ReadonlyMap<string, string> = new Map([
  ["revocation", "revoked"],
  ["suspension", "suspended"],
]);
/** Identifiers whose controller can publish keys; nobody controls a urn:uuid. */
const KEYED_IDS = ["did:", "https://"];
const WORST_FIRST: readonly Outcome[] = ["failed", "unknown", "warning", "passed"];

function gravity({ outcome }: Finding): number {
  return WORST_FIRST.indexOf(outcome);
}

/** Return the first of the worst findings, or null when there is none. */
function worst(findings: readonly Finding[]): Finding | null {
  return findings.reduce<Finding | null>((bad, one) => (bad && gravity(bad) <= gravity(one) ? bad : one), null);
}

/** Check the credential against the schema of its type, and what the schema leaves open. */
export function checkForm(claims: Claims, documents: StandardDocuments): Finding {
  const types = reading.types(claims);
  // A status list, say: soundly signed, and nobody's badge.
  if (!BADGE_TYPES.some((type) => types.includes(type))) return failed("form", "not-a-badge", { at: "/type" });
  const found = violations(claims, documents.schemas);
  const [first] = found;
  if (first) return failed("form", "schema", { at: first.pointer, params: { count: String(found.length) } });
  const subject = reading.subject(claims);
  const untyped = missingType(claims, subject, types);
  if (untyped !== null) return failed("form", "missing-type", { at: `${untyped}/type` });
  const wordless = nameWithoutWords(claims, reading.achievement(claims));
  if (wordless !== null) return failed("form", "not-words", { at: wordless });
  if (!member(subject, "id") && objects(member(subject, "identifier")).length === 0) {
    return failed("form", "no-recipient", { at: "/credentialSubject" });
  }
  return passed("form", "well-formed");
}

/** Return a place that lacks its type: since OB 3.0.3 the official schema takes any single text for one. */
function missingType(claims: Claims, subject: Claims, types: readonly string[]): string | null {
  const endorses = types.includes("EndorsementCredential");
  if (!types.includes("VerifiableCredential")) return "";
  if (!reading.types(subject).includes(endorses ? "EndorsementSubject" : "AchievementSubject")) {
    return "/credentialSubject";
  }
  if (!endorses && !reading.types(member(subject, "achievement")).includes("Achievement")) {
    return "/credentialSubject/achievement";
  }
  const issuer = member(claims, "issuer");
  return isObject(issuer) && !reading.types(issuer).includes("Profile") ? "/issuer" : null;
}

/** Return the place of a name that is no text: the schema takes objects for words by language, JSON-LD does not. */
function nameWithoutWords(claims: Claims, achievement: Claims): string | null {
  if (!isWords(member(claims, "name"))) return "/name";
  const named = ["name", "description"].find((one) => !isWords(member(achievement, one)));
  return named ? `/credentialSubject/achievement/${named}` : null;
}

function isWords(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

/** A proof that verified, and the key that it verified with. */
export interface Signature {
  readonly proof: ProofReference;
  readonly key: ResolvedKey;
}

/** What the check of the binding found, and the key of the issuer that it rests on, if any. */
export interface Binding {
  readonly finding: Finding;
  readonly key: ResolvedKey | null;
}

/** Check that a key of the issuer signed, while it could. */
export async function checkBinding(
  signatures: readonly Signature[],
  claims: Claims,
  now: number,
  sources: Sources,
): Promise<Binding> {
  const issuer = reading.issuerId(claims);
  if (!issuer) return { finding: failed("binding", "no-issuer"), key: null };
  if (!KEYED_IDS.some((start) => issuer.startsWith(start))) {
    return { finding: unknown("binding", "issuer-without-keys"), key: null };
  }
  // Others may add their proofs; one of the issuer's own must be there, and none of them may be bad.
  const candidates = signatures.filter(({ key }) => key.controller === issuer || key.controller === "");
  let bad: Binding | null = null;
  for (const candidate of candidates) {
    // One after another: what each asks for is told in the order of asking.
    const bound = await bind(candidate, claims, now, sources);
    if (!bad || gravity(bound.finding) < gravity(bad.finding)) bad = bound;
  }
  return bad ?? { finding: failed("binding", "key-of-another"), key: null };
}

async function bind(signature: Signature, claims: Claims, now: number, { web, trust }: Sources): Promise<Binding> {
  let { key } = signature;
  if (key.source === "badge") {
    const confirmed = await confirmation(key, reading.issuerId(claims), { web, trust });
    if (confirmed === "unknown") return { finding: unknown("binding", "self-asserted-key"), key: null };
    if (confirmed === null) return { finding: failed("binding", "key-of-another"), key: null };
    key = confirmed;
  }
  const begins = reading.validFrom(claims);
  if (begins === null) return { finding: unknown("binding", "no-date-of-issue"), key };
  // What the proof itself says of its day counts, too: a badge can begin before it was signed.
  const made = moment(signature.proof.created);
  return { finding: checkKey(key, made === null ? [begins] : [begins, made], now), key };
}

async function confirmation(
  key: ResolvedKey,
  issuer: string,
  { web, trust }: Pick<Sources, "web" | "trust">,
): Promise<ResolvedKey | null | "unknown"> {
  try {
    return await confirm(key, issuer, web, trust);
  } catch (error) {
    if (error instanceof UnresolvedKeyError) return "unknown";
    throw error;
  }
}

/** Check that a key of the issuer was good at each moment at which it may have signed. */
export function checkKey(key: ResolvedKey, signed: readonly number[], now: number): Finding {
  if (key.revoked !== null) return failed("binding", "revoked-key");
  if (!signed.every((at) => isGoodAt(key, at))) return failed("binding", "key-not-valid-then");
  if (key.validUntil !== null && now >= key.validUntil) return warning("binding", "retired-key");
  return passed("binding", `key-from-${key.source}`);
}

/** Check that `now` lies within the validity period, both ends included, and after the proof was made. */
export function checkValidity({ claims, proofs }: VerifiedCredential, now: number): Finding {
  const [start, endText] = [reading.validFrom(claims), reading.validUntilText(claims)];
  const end = moment(endText);
  if (start === null || (endText !== null && end === null)) return failed("validity", "bad-date");
  if (start > now + MAX_SKEW) return failed("validity", "not-yet-valid", { params: { start: day(start) } });
  if (end !== null && now > end) return failed("validity", "expired", { params: { end: day(end) } });
  const found = worst(proofs.map(({ created, expires }) => checkProofDates(created, expires, now)));
  return found ?? passed("validity", "within-validity");
}

function checkProofDates(created: string | null, expires: string | null, now: number): Finding {
  const [made, end] = [moment(created), moment(expires)];
  if ((created !== null && made === null) || (expires !== null && end === null)) return failed("validity", "bad-date");
  if (made !== null && made > now + MAX_SKEW) return failed("validity", "proof-from-the-future");
  if (end !== null && now > end) return failed("validity", "proof-expired");
  return passed("validity", "within-validity");
}

/** Return a moment as the texts show it. */
function day(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Check that the issuer has neither revoked nor suspended the credential. */
export async function checkStatus(claims: Claims, lists: StatusLists, now: number, sources: Sources): Promise<Finding> {
  const status = member(claims, "credentialStatus");
  if (status === undefined) return passed("status", "no-status-offered");
  const entries = reading.each(status);
  if (entries.length > MAX_ENTRIES) return failed("status", "bad-entry", { at: "/credentialStatus" });
  const found: Finding[] = [];
  for (const entry of entries) {
    found.push(await checkEntry(entry, reading.issuerId(claims), lists, { now, sources }));
  }
  return worst(found) ?? failed("status", "bad-entry", { at: "/credentialStatus" });
}

async function checkEntry(
  entry: unknown,
  issuer: string,
  lists: StatusLists,
  { now, sources }: { now: number; sources: Sources },
): Promise<Finding> {
  const index = member(entry, "statusListIndex");
  // A number is against the standard, so it never shows that a badge is good; but it can show that it was revoked.
  const numeric = typeof index === "number" && Number.isInteger(index) && index >= 0;
  try {
    const parsed = parseEntry(numeric && isObject(entry) ? { ...entry, statusListIndex: String(index) } : entry);
    const answer = await lists.ask(parsed, issuer, now, sources);
    return statusFinding(parsed.purpose, answer, numeric);
  } catch (error) {
    return statusRefusal(error);
  }
}

function statusRefusal(error: unknown): Finding {
  if (error instanceof UnsupportedHereError) return unknown("status", "unsupported-here");
  if (error instanceof UnsupportedError) return unknown("status", error.code, { at: error.pointer });
  if (error instanceof BadgeError) return failed("status", "bad-entry", { at: "/credentialStatus" });
  if (error instanceof ListError) return (error.certain ? failed : unknown)("status", error.code);
  throw error;
}

/** Return what a bit says; only an entry and a list without fault say that a badge is good. */
function statusFinding(purpose: string, { bit, misplaced }: ListAnswer, numeric: boolean): Finding {
  const code = SET_CODES.get(purpose);
  if (code === undefined) {
    return unknown("status", "unknown-status-purpose", { at: "/credentialStatus/statusPurpose" });
  }
  if (bit) return failed("status", misplaced ? `${code}-in-misplaced-list` : code);
  if (misplaced) return unknown("status", "list-misplaced");
  if (numeric) return unknown("status", "index-not-a-text", { at: "/credentialStatus/statusListIndex" });
  return passed("status", "not-revoked");
}

/** What the registry says of the issuer: a finding, and its standing on the day of issue and now. */
export interface Trusted {
  readonly finding: Finding;
  readonly atIssue: Standing;
  readonly now: Standing;
}

/** Look the issuer up in the registry. */
export function checkTrust(
  claims: Claims,
  key: ResolvedKey | null,
  now: number,
  { trust, documents }: Pick<Sources, "trust" | "documents">,
): Trusted {
  const [issued, { snapshot }] = [reading.validFrom(claims), trust];
  const nothing = { atIssue: "unknown", now: "unknown" } as const;
  if (!snapshot) return { finding: unknown("trust", "no-registry"), ...nothing };
  if (!key || issued === null) return { finding: unknown("trust", "issuer-not-established"), ...nothing };
  const frameworks = frameworksIn(documents.frameworks);
  const then = standingAt(claims, key, issued, { snapshot, frameworks });
  // A key that was retired since is not asked for today.
  const current = standingAt(claims, null, now, { snapshot, frameworks });
  const standings = { atIssue: then.standing, now: current.standing };
  if (then.standing !== "accredited") return { finding: warning("trust", then.reason), ...standings };
  const params = newerFramework(claims, snapshot.registry, frameworks);
  if (params) return { finding: warning("trust", "older-framework", { params }), ...standings };
  return { finding: passed("trust", "accredited"), ...standings };
}

function standingAt(
  claims: Claims,
  key: ResolvedKey | null,
  at: number,
  { snapshot, frameworks }: { snapshot: Snapshot; frameworks: Frameworks },
): StandingResult {
  const question = {
    issuer: reading.issuerId(claims),
    achievement: reading.achievement(claims),
    results: reading.results(claims),
    keyId: key?.id ?? null,
    at,
  };
  return standing(snapshot, question, frameworks);
}

/** Return the names of the first framework of the achievement that has a newer version, and of that version, or null. */
function newerFramework(claims: Claims, registry: string, frameworks: Frameworks): Params | null {
  for (const alignment of objects(member(reading.achievement(claims), "alignment"))) {
    const skill = alignments.read(alignment, registry, frameworks);
    const newest = isSkill(skill) ? frameworks.newest(skill.framework) : null;
    if (isSkill(skill) && newest && newest.key !== skill.framework) {
      return { used: skill.framework, newest: newest.key };
    }
  }
  return null;
}

/** Say how the holder could be checked: a badge alone never shows who brings it. */
export function checkHolder(claims: Claims): Finding {
  const holder = text(member(reading.subject(claims), "id"));
  return unknown("holder", holder.startsWith("did:") ? "holder-not-checked" : "bearer-not-checked");
}

/** Say that endorsements were not looked at, if there are any. */
export function checkEndorsements(claims: Claims): Finding {
  const places = [claims, reading.achievement(claims), ...objects(member(claims, "issuer"))];
  const endorsed = places.some((place) => ENDORSEMENTS.some((name) => member(place, name) !== undefined));
  return endorsed ? unknown("endorsement", "endorsements-not-checked") : passed("endorsement", "no-endorsements");
}
