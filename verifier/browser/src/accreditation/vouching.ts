// An accreditation is itself an Open Badge: an accreditor's signed word on a provider, its scope in the alignments; the
// counterpart of badges/accreditation/vouching.py.

import * as alignments from "../alignments";
import { isLevel, isSkill } from "../alignments";
import type { StandardDocuments } from "../documents";
import { ClaimsError } from "../errors";
import { frameworksIn, type Frameworks, type Level } from "../frameworks";
import { isObject, member, objects, type Claims } from "../json";
import { expand, findAssertionKey } from "../keys/did";
import { peek, verify } from "../proof";
import { windowOf, type Accreditation, type Scope } from "./register";

const ACHIEVEMENT_TYPE = "QualityAssuranceCredential";
const [WHOLE, AREA] = ["ext:Framework", "ext:Area"];

/** Whose accreditation of whom is to be read: the provider, the DIDs whose word counts, the registry's address. */
export interface Expected {
  readonly provider: string;
  readonly accreditors: ReadonlySet<string>;
  readonly registry: string;
}

/**
 * Return what a signed accreditation says of the provider.
 *
 * @throws BadgeError if it is no accreditation, about another provider, or not signed by one of the accreditors.
 * @throws KeyFormatError if its key is not well made; UnsupportedHereError if this browser cannot tell.
 */
export async function readAccreditation(
  text: string,
  { provider, accreditors, registry }: Expected,
  documents: StandardDocuments,
): Promise<Accreditation> {
  const unverified = peek(text, documents);
  const method = unverified.proofs[0]?.verificationMethod ?? "";
  const accreditor = method.split("#", 1)[0] ?? "";
  if (!accreditors.has(accreditor)) throw new ClaimsError("unknown-accreditor");
  const { key } = findAssertionKey(expand(accreditor), method);
  const { claims } = await verify(unverified, new Map([[method, key]]));
  const { accreditorName, achievement } = requireAbout(claims, accreditor, provider);
  const scopes = scopesOf(objects(member(achievement, "alignment")), registry, frameworksIn(documents.frameworks));
  return { provider, accreditor, accreditorName, scopes, window: windowOf(claims), credential: text };
}

/** Return the accreditor's name and the achievement of what is an accreditation of this provider by this accreditor. */
function requireAbout(claims: Claims, accreditor: string, provider: string) {
  const [issuer, subject] = [member(claims, "issuer"), member(claims, "credentialSubject")];
  const [accreditorName, achievement] = [member(issuer, "name"), member(subject, "achievement")];
  const isBoth = member(issuer, "id") === accreditor && member(subject, "id") === provider;
  const isOne = isObject(achievement) && member(achievement, "achievementType") === ACHIEVEMENT_TYPE;
  if (!isBoth || !isOne || typeof accreditorName !== "string") throw new ClaimsError("not-this-accreditation");
  return { accreditorName, achievement };
}

function scopesOf(listed: readonly Claims[], registry: string, frameworks: Frameworks): Scope[] {
  const whole = new Set<string>();
  const [areas, items] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  const levels = new Map<string, Level[]>();
  for (const alignment of listed) {
    const found = alignments.read(alignment, registry, frameworks);
    const [type, given] = [member(alignment, "targetType"), member(alignment, "targetCode")];
    const code = typeof given === "string" ? given : "";
    if (isSkill(found)) setOf(items, found.framework).add(found.item);
    else if (isLevel(found)) levels.set(found.framework, [...(levels.get(found.framework) ?? []), found]);
    else if (type === WHOLE) whole.add(code);
    else if (type === AREA) setOf(areas, code.slice(0, Math.max(0, code.lastIndexOf("/")))).add(lastPart(code));
    // Something left out could be what bounds the rest, such as a level.
    else throw new ClaimsError("unknown-scope");
  }
  for (const highest of levels.values()) {
    // Which of the items each of two levels was meant for, the list does not say.
    if (new Set(highest.map((level) => level.scheme)).size < highest.length) throw new ClaimsError("unknown-scope");
  }
  const named = new Set([...whole, ...areas.keys(), ...items.keys(), ...levels.keys()]);
  return [...named]
    .filter((framework) => frameworks.get(framework))
    .sort()
    .flatMap((framework) =>
      (levels.get(framework) ?? [null]).map((level) => ({
        framework,
        areas: whole.has(framework) ? null : setOf(areas, framework),
        items: whole.has(framework) ? null : setOf(items, framework),
        scheme: level?.scheme ?? null,
        highest: level?.value ?? null,
      })),
    );
}

function setOf(sets: Map<string, Set<string>>, name: string): Set<string> {
  const found = sets.get(name) ?? new Set<string>();
  sets.set(name, found);
  return found;
}

function lastPart(code: string): string {
  return code.slice(code.lastIndexOf("/") + 1);
}
