// An employer's requirement: its words, and how it stands in a file. The format is told in docs/requirement.md; the
// counterpart of verifier/requirement_json.py.

import { escape } from "../errors";
import type { Frameworks, Level } from "../frameworks";
import { isObject } from "../json";

/** Which providers' badges count. */
export type Policy = "accredited at issue time" | "accredited now" | "any";
export const POLICIES: readonly Policy[] = ["accredited at issue time", "accredited now", "any"];

/** How new a badge must be: issued within so many days, or on that day or later. */
export type NewerThan = { readonly days: number } | { readonly date: string };

/** What one badge must be, all of it at once; null asks nothing. */
export interface Condition {
  readonly skill: { readonly framework: string; readonly item: string } | null;
  readonly area: { readonly framework: string; readonly area: string } | null;
  readonly level: Level | null;
  readonly layer: number | null;
  readonly newerThan: NewerThan | null;
}

/** Any of the alternatives will do; of an alternative all conditions must be met, each by a badge. */
export interface Requirement {
  readonly id: string;
  readonly name: { readonly ja: string; readonly en: string };
  readonly alternatives: readonly (readonly Condition[])[];
  readonly policy: Policy;
}

/** A requirement that is not well made: the place as a JSON Pointer, and a stable code. */
export class RequirementError extends Error {
  readonly pointer: string;
  readonly code: string;

  constructor(pointer: string, code: string) {
    super(code);
    this.pointer = pointer;
    this.code = code;
  }
}

/** The platform's layers, by what a badge says that it is for: courses, practice on cases, work in a company. */
export const LAYERS: ReadonlyMap<number, readonly string[]> = new Map([
  [1, ["CertificateOfCompletion", "Course"]],
  [2, ["LearningProgram"]],
  [3, ["Fieldwork"]],
]);
const DEMONSTRATION_SCALE = { framework: "itss/3", scheme: "demo-itss" };
const MAX_ENTRIES = 50;
const MAX_DAYS = 36_525; // a hundred years
const MAX_TEXT = 300;
const DAY = /^(?!0000)\d{4}-\d{2}-\d{2}$/;
const RULE = ["id", "ja", "en", "any_of", "issuer_policy", "newer_than"];
const CONDITION = ["skill", "area", "dss_l_areas", "min_level", "layer", "newer_than"];

/**
 * Return the requirements in a JSON value: one rule, a list of them, or an object with `employer_rules`.
 *
 * @throws RequirementError at the first thing that is not as docs/requirement.md has it.
 */
export function parseRequirements(value: unknown, frameworks: Frameworks): Requirement[] {
  if (Array.isArray(value)) return rules(value, "", frameworks);
  if (isObject(value) && "employer_rules" in value)
    return rules(value["employer_rules"], "/employer_rules", frameworks);
  return [parseRequirement(value, frameworks)];
}

function rules(value: unknown, at: string, frameworks: Frameworks): Requirement[] {
  return entries(value, at).map((rule, index) => parseRequirement(rule, frameworks, `${at}/${index}`));
}

/**
 * Return one requirement.
 *
 * @throws RequirementError
 */
export function parseRequirement(value: unknown, frameworks: Frameworks, at = ""): Requirement {
  const rule = known(value, RULE, at);
  const newerThan = parseNewerThan(rule["newer_than"], `${at}/newer_than`);
  return {
    id: text(rule["id"], `${at}/id`),
    name: { ja: text(rule["ja"], `${at}/ja`), en: text(rule["en"], `${at}/en`) },
    alternatives: entries(rule["any_of"], `${at}/any_of`).map((one, index) =>
      parseAlternative(one, newerThan, frameworks, `${at}/any_of/${index}`),
    ),
    policy: parsePolicy(rule["issuer_policy"], `${at}/issuer_policy`),
  };
}

function parseAlternative(
  value: unknown,
  newerThan: NewerThan | null,
  frameworks: Frameworks,
  at: string,
): Condition[] {
  const inside = `${at}/all_of`;
  return entries(known(value, ["all_of"], at)["all_of"], inside).flatMap((one, index) =>
    parseCondition(one, newerThan, frameworks, `${inside}/${index}`),
  );
}

/** Return the condition; those of several areas where it lists areas, each of which is to be met. */
function parseCondition(value: unknown, newerThan: NewerThan | null, frameworks: Frameworks, at: string): Condition[] {
  const asked = known(value, CONDITION, at);
  const subjects = ["skill", "area", "dss_l_areas"].filter((name) => name in asked);
  if (subjects.length > 1) throw new RequirementError(`${at}/${subjects[1]}`, "two-subjects");
  if (subjects.length === 0 && !("min_level" in asked) && !("layer" in asked)) {
    throw new RequirementError(at, "nothing-asked");
  }
  const condition: Condition = {
    skill: parseSkill(asked["skill"], frameworks, `${at}/skill`),
    area: parseArea(asked["area"], frameworks, `${at}/area`),
    level: parseLevel(asked["min_level"], frameworks, `${at}/min_level`),
    layer: parseLayer(asked["layer"], `${at}/layer`),
    newerThan: parseNewerThan(asked["newer_than"], `${at}/newer_than`) ?? newerThan,
  };
  if (!("dss_l_areas" in asked)) return [condition];
  return entries(asked["dss_l_areas"], `${at}/dss_l_areas`).map((area, index) => {
    const place = `${at}/dss_l_areas/${index}`;
    return { ...condition, area: parseArea(`dssl1-${text(area, place)}`, frameworks, place) };
  });
}

function parseSkill(value: unknown, frameworks: Frameworks, at: string): Condition["skill"] {
  if (value === undefined) return null;
  const item = text(value, at);
  for (const standard of frameworks.byKey.values()) {
    if (standard.items.has(item)) return { framework: standard.key, item };
  }
  throw new RequirementError(at, "unknown-skill");
}

function parseArea(value: unknown, frameworks: Frameworks, at: string): Condition["area"] {
  if (value === undefined) return null;
  const area = text(value, at);
  for (const standard of frameworks.byKey.values()) {
    if (standard.areas.some((one) => one.id === area)) return { framework: standard.key, area };
  }
  throw new RequirementError(at, "unknown-area");
}

function parseLevel(value: unknown, frameworks: Frameworks, at: string): Level | null {
  if (value === undefined) return null;
  const level = typeof value === "number" ? { ...DEMONSTRATION_SCALE, value: String(value) } : wholeLevel(value, at);
  if (!frameworks.step(level)) throw new RequirementError(at, "unknown-level");
  return level;
}

function wholeLevel(value: unknown, at: string): Level {
  const level = known(value, ["framework", "scheme", "value"], at);
  const part = (name: string) => text(level[name] ?? null, `${at}/${name}`);
  return { framework: part("framework"), scheme: part("scheme"), value: part("value") };
}

function parseLayer(value: unknown, at: string): number | null {
  if (value === undefined) return null;
  if (typeof value !== "number" || !LAYERS.has(value)) throw new RequirementError(at, "unknown-layer");
  return value;
}

function parseNewerThan(value: unknown, at: string): NewerThan | null {
  if (value === undefined) return null;
  const { days, date } = known(value, ["days", "date"], at);
  if ((days === undefined) === (date === undefined)) throw new RequirementError(at, "days-or-date");
  if (days !== undefined) {
    if (typeof days !== "number" || !Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
      throw new RequirementError(`${at}/days`, "bad-days");
    }
    return { days };
  }
  if (typeof date !== "string" || !isDay(date)) throw new RequirementError(`${at}/date`, "bad-date");
  return { date };
}

function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

function parsePolicy(value: unknown, at: string): Policy {
  if (value === undefined) return "accredited at issue time";
  const found = POLICIES.find((one) => one === value);
  if (!found) throw new RequirementError(at, "unknown-policy");
  return found;
}

function known(value: unknown, members: readonly string[], at: string): Record<string, unknown> {
  if (!isObject(value)) throw new RequirementError(at, "not-an-object");
  const other = Object.keys(value).find((member) => !members.includes(member));
  if (other !== undefined) throw new RequirementError(`${at}/${escape(other)}`, "unknown-member");
  return value;
}

function entries(value: unknown, at: string): unknown[] {
  if (value === undefined) throw new RequirementError(at, "missing");
  if (!Array.isArray(value)) throw new RequirementError(at, "not-a-list");
  if (value.length === 0 || value.length > MAX_ENTRIES) throw new RequirementError(at, "bad-length");
  return value;
}

function text(value: unknown, at: string): string {
  if (value === undefined) return "";
  if (typeof value !== "string" || value.length > MAX_TEXT) throw new RequirementError(at, "not-a-text");
  return value;
}

/** Return a requirement as JSON, so that it can be kept and read again. */
export function requirementJson({ id, name, alternatives, policy }: Requirement): Record<string, unknown> {
  return {
    ...(id && { id }),
    ...(name.ja && { ja: name.ja }),
    ...(name.en && { en: name.en }),
    any_of: alternatives.map((conditions) => ({ all_of: conditions.map(conditionJson) })),
    issuer_policy: policy,
  };
}

function conditionJson({ skill, area, level, layer, newerThan }: Condition): Record<string, unknown> {
  return {
    ...(skill && { skill: skill.item }),
    ...(area && { area: area.area }),
    ...(level && { min_level: level }),
    ...(layer !== null && { layer }),
    ...(newerThan && { newer_than: newerThan }),
  };
}
