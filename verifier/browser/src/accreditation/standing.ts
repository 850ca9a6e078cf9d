// How an issuer stands: accredited for this achievement at that moment, registered, or unknown; the counterpart of
// badges/accreditation/standing.py.

import * as alignments from "../alignments";
import { isLevel, isSkill, nameOf, type Skill } from "../alignments";
import type { Frameworks, Level } from "../frameworks";
import { member, objects, type Claims } from "../json";
import { contains, type RegisteredProvider, type Scope, type Snapshot, type StandingResult } from "./register";

/** What a standing is asked for: whose credential, what it says was achieved, which key signed (or null), and when. */
export interface Question {
  readonly issuer: string;
  readonly achievement: Claims;
  readonly results: readonly Claims[];
  readonly keyId: string | null;
  readonly at: number;
}

/**
 * Return how the issuer stands for this achievement and result at that moment.
 *
 * Its reason is "accredited", "not-in-register", "key-not-registered", "key-not-valid", "suspended", "not-accredited",
 * "out-of-scope" or "level-too-high".
 */
export function standing(snapshot: Snapshot, question: Question, frameworks: Frameworks): StandingResult {
  const provider = snapshot.providers.get(question.issuer);
  if (!provider) return { standing: "unknown", reason: "not-in-register" };
  const skills = claimedSkills(question, snapshot.registry, frameworks);
  const reason =
    keyReason(provider, question.keyId, question.at) || scopeReason(provider, skills, question.at, frameworks);
  return reason ? { standing: "registered", reason } : { standing: "accredited", reason: "accredited" };
}

/** What an achievement and its results claim: items, levels, and whether something was unreadable. */
export interface Skills {
  readonly items: readonly Skill[];
  readonly levels: readonly Level[];
  readonly unreadable: boolean;
}

/** Return the items and levels that the alignments name, the achieved levels' included, each once. */
export function claimedSkills(
  { achievement, results }: Pick<Question, "achievement" | "results">,
  registry: string,
  frameworks: Frameworks,
): Skills {
  const { reached, dangling } = achievedSteps(achievement, results);
  const claimed = [achievement, ...results, ...reached].flatMap((one) => objects(member(one, "alignment")));
  const found = claimed.map((alignment) => alignments.read(alignment, registry, frameworks));
  return {
    items: distinct(found.filter(isSkill)),
    levels: distinct(found.filter(isLevel)),
    unreadable: dangling || found.includes(null),
  };
}

/** Return the steps of the rubrics that the results name, and whether one of them names none. */
function achievedSteps(achievement: Claims, results: readonly Claims[]): { reached: Claims[]; dangling: boolean } {
  const steps = objects(member(achievement, "resultDescription")).flatMap((description) =>
    objects(member(description, "rubricCriterionLevel")),
  );
  const found = results
    .map((result) => member(result, "achievedLevel"))
    .filter((achieved) => achieved !== undefined)
    .map((achieved) => steps.filter((step) => typeof achieved === "string" && member(step, "id") === achieved));
  return { reached: found.flat(), dangling: found.some((reached) => reached.length === 0) };
}

function distinct<One extends Skill | Level>(found: readonly One[]): One[] {
  return [...new Map(found.map((one) => [nameOf(one), one])).values()];
}

function keyReason(provider: RegisteredProvider, keyId: string | null, at: number): string {
  if (keyId === null) return "";
  const key = provider.keys.get(keyId);
  if (!key) return "key-not-registered";
  return key.revoked === null && contains(key.window, at) ? "" : "key-not-valid";
}

function scopeReason(provider: RegisteredProvider, skills: Skills, at: number, frameworks: Frameworks): string {
  if (provider.suspensions.some((window) => contains(window, at))) return "suspended";
  const scopes = provider.accreditations.filter(({ window }) => contains(window, at)).flatMap((given) => given.scopes);
  if (scopes.length === 0) return "not-accredited";
  const covered = skills.items.every((item) => scopes.some((scope) => coversItem(scope, item, frameworks)));
  if (skills.unreadable || skills.items.length === 0 || !covered) return "out-of-scope";
  return skills.levels.every((level) => coversLevel(scopes, level, skills.items, frameworks)) ? "" : "level-too-high";
}

function coversItem(scope: Scope, { framework, item }: Skill, frameworks: Frameworks): boolean {
  if (scope.framework !== framework) return false;
  if (scope.areas === null && scope.items === null) return true;
  const area = frameworks.item(framework, item)?.area;
  return scope.items?.has(item) || (area !== undefined && scope.areas?.has(area)) || false;
}

/** Return whether the level is covered for each item of its framework by one scope, not by two halves. */
function coversLevel(scopes: readonly Scope[], level: Level, items: readonly Skill[], frameworks: Frameworks): boolean {
  const reaching = scopes.filter((scope) => reaches(scope, level, frameworks));
  const ofFramework = items.filter((item) => item.framework === level.framework);
  return (
    reaching.length > 0 && ofFramework.every((item) => reaching.some((scope) => coversItem(scope, item, frameworks)))
  );
}

function reaches({ framework, scheme, highest }: Scope, level: Level, frameworks: Frameworks): boolean {
  if (framework !== level.framework || scheme !== level.scheme || highest === null) return false;
  return frameworks.compare(level, { framework, scheme, value: highest }) <= 0;
}
