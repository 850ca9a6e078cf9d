// An employer's requirement against badges that were verified: met or not, line by line, and why. Nothing leaves the
// page. The counterpart of verifier/requirements.py.

import type { Area, Frameworks, Item, Level } from "../frameworks";
import { parse } from "../keys/date-time-stamp";
import type { ShownCredential } from "../verify/report";
import { LAYERS, type Condition, type NewerThan, type Policy, type Requirement } from "./requirement-json";
import { isHeld, type SeenBadge } from "./seen";

/** Why a badge does not meet a condition, in the order of checking. */
export type Reason =
  | "not-verified"
  | "not-checked"
  | "not-accredited"
  | "other-skill"
  | "other-area"
  | "no-level"
  | "other-scale"
  | "level-too-low"
  | "other-layer"
  | "too-old"
  | "no-date";

/** A condition, the badges that meet it (by number, those with a proven holder first), else the nearest and why not. */
export interface Line {
  readonly condition: Condition;
  readonly met: boolean;
  readonly badges: readonly number[];
  readonly nearest: { readonly badge: number; readonly reasons: readonly Reason[] } | null;
}

export interface Alternative {
  readonly met: boolean;
  readonly lines: readonly Line[];
}

export interface RequirementResult {
  readonly met: boolean;
  readonly alternatives: readonly Alternative[];
}

const DAY_MILLISECONDS = 86_400_000;

/** Return whether badges meet a requirement, line by line, at the time `now`. */
export function checkRequirement(
  requirement: Requirement,
  badges: readonly SeenBadge[],
  frameworks: Frameworks,
  now: Date,
): RequirementResult {
  const seen = badges.map((badge) => ({ badge, shown: badge.report.credential?.("ja") ?? null }));
  const alternatives = requirement.alternatives.map((conditions) => {
    const lines = conditions.map((condition) => checkLine(condition, seen, { ...requirement, frameworks, now }));
    return { met: lines.every((line) => line.met), lines };
  });
  return { met: alternatives.some((one) => one.met), alternatives };
}

interface Seen {
  readonly badge: SeenBadge;
  readonly shown: ShownCredential | null;
}

interface Rules {
  readonly policy: Policy;
  readonly frameworks: Frameworks;
  readonly now: Date;
}

function checkLine(condition: Condition, seen: readonly Seen[], rules: Rules): Line {
  const tried = seen.map((one, badge) => ({ badge, reasons: reasonsAgainst(condition, one, rules) }));
  const meeting = tried.filter(({ reasons }) => reasons.length === 0).map(({ badge }) => badge);
  const isProven = (badge: number) => isHeld((seen[badge] as Seen).badge);
  const badges = [...meeting.filter(isProven), ...meeting.filter((badge) => !isProven(badge))];
  if (badges.length > 0) return { condition, met: true, badges, nearest: null };
  const near = tried.filter(({ badge, reasons }) => seen[badge]?.shown && isNear(condition, reasons));
  const nearest = near.reduce<(typeof near)[number] | null>(
    (best, one) => (best && best.reasons.length <= one.reasons.length ? best : one),
    null,
  );
  return { condition, met: false, badges, nearest };
}

/** Tell whether a badge is about what was asked, so that it helps to say what it lacks. */
function isNear({ skill, area, layer }: Condition, reasons: readonly Reason[]): boolean {
  if (skill || area) return !reasons.includes("other-skill") && !reasons.includes("other-area");
  return !reasons.includes(layer === null ? "no-level" : "other-layer");
}

function reasonsAgainst(condition: Condition, { badge, shown }: Seen, { policy, frameworks, now }: Rules): Reason[] {
  return [
    againstVerdict(badge),
    againstPolicy(policy, badge),
    againstSkill(condition, shown),
    againstArea(condition, shown, frameworks),
    againstLevel(condition.level, shown, frameworks),
    againstLayer(condition.layer, shown),
    againstAge(condition.newerThan, shown, now),
  ].filter((reason) => reason !== null);
}

function againstVerdict({ report }: SeenBadge): Reason | null {
  if (report.verdict === "verified") return null;
  return report.verdict === "not-verified" ? "not-verified" : "not-checked";
}

function againstPolicy(policy: Policy, { report }: SeenBadge): Reason | null {
  if (policy === "any") return null;
  const standing = policy === "accredited now" ? report.standing.now : report.standing.atIssue;
  return standing === "accredited" ? null : "not-accredited";
}

function againstSkill({ skill }: Condition, shown: ShownCredential | null): Reason | null {
  if (!skill) return null;
  const found = shown?.skills.some((one) => one.known && one.framework === skill.framework && one.item === skill.item);
  return found ? null : "other-skill";
}

function againstArea({ area }: Condition, shown: ShownCredential | null, frameworks: Frameworks): Reason | null {
  if (!area) return null;
  const found = shown?.skills.some(
    (one) =>
      one.known && one.framework === area.framework && frameworks.item(one.framework, one.item)?.area === area.area,
  );
  return found ? null : "other-area";
}

/** Levels are compared on one scale of one framework; those of another say nothing about it. */
function againstLevel(asked: Level | null, shown: ShownCredential | null, frameworks: Frameworks): Reason | null {
  if (!asked) return null;
  const levels = levelsOf(shown, frameworks);
  if (levels.length === 0) return "no-level";
  const same = levels.filter((one) => one.framework === asked.framework && one.scheme === asked.scheme);
  if (same.length === 0) return "other-scale";
  return same.some((one) => frameworks.compare(one, asked) >= 0) ? null : "level-too-low";
}

/** Return the levels of a badge that stand on a scale that we know. */
export function levelsOf(shown: ShownCredential | null, frameworks: Frameworks): Level[] {
  const known = shown?.levels.filter((one) => one.known).map((one) => frameworks.parseLevel(one.code)) ?? [];
  return known.filter((level) => level !== null);
}

function againstLayer(layer: number | null, shown: ShownCredential | null): Reason | null {
  if (layer === null) return null;
  return LAYERS.get(layer)?.includes(shown?.achievement.type ?? "") ? null : "other-layer";
}

function againstAge(newerThan: NewerThan | null, shown: ShownCredential | null, now: Date): Reason | null {
  if (!newerThan) return null;
  const issued = momentOf(shown?.validFrom);
  if (!shown?.validFrom || issued === null) return "no-date";
  // The day as the issuer wrote it, whatever the reader's time zone.
  if ("date" in newerThan) return shown.validFrom.slice(0, 10) >= newerThan.date ? null : "too-old";
  return issued >= now.getTime() - newerThan.days * DAY_MILLISECONDS ? null : "too-old";
}

function momentOf(text: string | null | undefined): number | null {
  try {
    return parse(text ?? "");
  } catch {
    return null;
  }
}

/** Return the item or area that a condition is about, or null. */
export function subjectOf({ skill, area }: Condition, frameworks: Frameworks): Item | Area | null {
  if (skill) return frameworks.item(skill.framework, skill.item);
  return (area && frameworks.get(area.framework)?.areas.find((one) => one.id === area.area)) ?? null;
}

/** What a whole requirement comes to: "open" is met, but by badges of which nobody showed whose they are. */
export type Outcome = "met" | "open" | "not-met";

/** Return what a requirement comes to. */
export function outcomeOf(result: RequirementResult, badges: readonly SeenBadge[]): Outcome {
  if (!result.met) return "not-met";
  const sure = result.alternatives.some(({ lines }) => lines.every((line) => isLineHeld(line, badges)));
  return sure ? "met" : "open";
}

/** Tell whether a badge whose key the presenter holds meets a line. */
export function isLineHeld({ badges: meeting }: Line, badges: readonly SeenBadge[]): boolean {
  return meeting.some((number) => isHeld(badges[number] as SeenBadge));
}
