// What a person is shown of a verified credential, taken from what was signed and from the registry; the counterpart of
// verifier/shown.py.

import { contains, type RegisteredProvider } from "../accreditation/register";
import * as alignments from "../alignments";
import { isLevel, isSkill } from "../alignments";
import type { StandardDocuments } from "../documents";
import { frameworksIn, type Frameworks } from "../frameworks";
import { member, objects, type Claims } from "../json";
import type { VerifiedCredential } from "../proof/credential";
import { parseUrl } from "./addresses";
import * as reading from "./reading";
import { text } from "./reading";
import type { Language, ShownCredential, ShownLevel, ShownSkill } from "./report";
import type { Trust } from "./trust";

/** Of each kind; nobody reads more. */
const MAX_ENTRIES = 50;

/** What the words of the skill standards are read with. */
interface Words {
  readonly registry: string;
  readonly frameworks: Frameworks;
  readonly language: Language;
}

/**
 * Return the credential for the eyes, in the reader's language.
 *
 * Texts that are missing are "", dates null. `issuer.registered` and `issuer.domain` are facts, `claimedName` is what the
 * badge says. No picture: whoever signed it could draw anything into it.
 */
export function shown(
  { claims, mechanism }: VerifiedCredential,
  trust: Trust,
  documents: StandardDocuments,
  language: Language,
): ShownCredential {
  const registry = trust.snapshot?.registry ?? "";
  const words = { registry, frameworks: frameworksIn(documents.frameworks), language };
  return {
    id: text(member(claims, "id")),
    mechanism,
    types: reading.types(claims),
    name: text(member(claims, "name")),
    issuer: shownIssuer(claims, trust, language),
    achievement: shownAchievement(reading.achievement(claims)),
    skills: skills(claims, words).slice(0, MAX_ENTRIES),
    levels: levels(claims, words).slice(0, MAX_ENTRIES),
    results: shownResults(claims).slice(0, MAX_ENTRIES),
    validFrom: text(reading.validFromText(claims)) || null,
    validUntil: text(reading.validUntilText(claims)) || null,
    awardedDate: text(member(claims, "awardedDate")) || null,
    holder: shownHolder(reading.subject(claims)),
  };
}

/** Return who issued it: what is known first, what is claimed apart from it. */
function shownIssuer(claims: Claims, trust: Trust, language: Language): ShownCredential["issuer"] {
  const [id, issuer] = [reading.issuerId(claims), member(claims, "issuer")];
  const provider = trust.provider(id);
  return {
    id,
    domain: domainOf(id),
    registered: provider && {
      name: provider.name[language],
      url: provider.url,
      domain: provider.domain,
      accreditedBy: accreditors(provider, reading.validFrom(claims)),
    },
    claimedName: text(member(issuer, "name")),
    claimedUrl: text(member(issuer, "url")),
  };
}

/** Return who vouched for a provider on the day of issue, for whatever: what for, the standing says. */
function accreditors(provider: RegisteredProvider, issued: number | null): string[] {
  const given = provider.accreditations.filter(({ window }) => issued !== null && contains(window, issued));
  return [...new Set(given.map((one) => one.accreditorName))];
}

/** Return the domain that controls an issuer's id, in its ASCII spelling; null for a bare key. */
function domainOf(issuer: string): string | null {
  if (issuer.startsWith("did:web:")) return (issuer.split(":")[2] ?? "").split("%3A", 1)[0]?.toLowerCase() ?? "";
  return parseUrl(issuer)?.host ?? null;
}

function shownAchievement(achievement: Claims): ShownCredential["achievement"] {
  const criteria = member(achievement, "criteria");
  return {
    id: text(member(achievement, "id")),
    name: text(member(achievement, "name")),
    description: text(member(achievement, "description")),
    type: text(member(achievement, "achievementType")),
    criteria: { narrative: text(member(criteria, "narrative")), url: text(member(criteria, "id")) },
  };
}

/** Return the items of skill standards that the achievement is aligned with. */
function skills(claims: Claims, words: Words): ShownSkill[] {
  const aligned = alignmentsOf(reading.achievement(claims));
  return aligned.filter((alignment) => !isToLevel(alignment)).map((alignment) => shownSkill(alignment, words));
}

/** Return one item, by our copy of its standard where we have it. */
function shownSkill(alignment: Claims, { registry, frameworks, language }: Words): ShownSkill {
  const url = text(member(alignment, "targetUrl"));
  const found = alignments.read(alignment, registry, frameworks);
  const standard = isSkill(found) ? frameworks.get(found.framework) : null;
  const item = isSkill(found) ? standard?.items.get(found.item) : undefined;
  if (standard && item) {
    const [frameworkName, name] = [standard.name[language], item.name[language]];
    return { framework: standard.key, frameworkName, item: item.id, name, url, known: true };
  }
  return {
    framework: "",
    frameworkName: text(member(alignment, "targetFramework")),
    item: text(member(alignment, "targetCode")),
    name: text(member(alignment, "targetName")),
    url,
    known: false,
  };
}

/** Return the levels: those that the achievement stands for, and those that this result reached. */
function levels(claims: Claims, words: Words): ShownLevel[] {
  const achievement = reading.achievement(claims);
  const reached = new Set(reading.results(claims).map((result) => text(member(result, "achievedLevel"))));
  const steps = objects(member(achievement, "resultDescription"))
    .flatMap((description) => objects(member(description, "rubricCriterionLevel")))
    .filter((step) => text(member(step, "id")) !== "" && reached.has(text(member(step, "id"))));
  return [
    ...alignmentsOf(achievement)
      .filter(isToLevel)
      .map((one) => shownLevel(one, "achievement", words)),
    ...steps
      .flatMap(alignmentsOf)
      .filter(isToLevel)
      .map((one) => shownLevel(one, "result", words)),
  ];
}

/** Return one level, in full words by our copy of its standard where we have it. */
function shownLevel(alignment: Claims, by: ShownLevel["by"], { registry, frameworks, language }: Words): ShownLevel {
  const found = alignments.read(alignment, registry, frameworks);
  const known = isLevel(found) ? frameworks.levelName(found)?.[language] : undefined;
  return {
    code: text(member(alignment, "targetCode")),
    name: known || text(member(alignment, "targetName")),
    url: text(member(alignment, "targetUrl")),
    known: known !== undefined,
    by,
  };
}

/** Return the results with the names of what they measure. */
function shownResults(claims: Claims): ShownCredential["results"] {
  const descriptions = objects(member(reading.achievement(claims), "resultDescription"));
  const names = new Map(descriptions.map((one) => [text(member(one, "id")), text(member(one, "name"))]));
  return reading
    .results(claims)
    .map((result) => ({
      name: names.get(text(member(result, "resultDescription"))) ?? "",
      value: text(member(result, "value")),
      status: text(member(result, "status")),
    }));
}

/** Return what the badge says of its holder: whether there is a key or a hash, never whose. */
function shownHolder(subject: Claims): ShownCredential["holder"] {
  const holder = text(member(subject, "id"));
  const kind = holder.startsWith("did:") ? "did" : holder ? "bearer" : "none";
  return { kind, key: kind === "did", identityHashes: objects(member(subject, "identifier")).length };
}

function alignmentsOf(thing: Claims): Claims[] {
  return objects(member(thing, "alignment"));
}

function isToLevel(alignment: Claims): boolean {
  return member(alignment, "targetType") === alignments.LEVEL;
}
