// What badges show of a skill standard: its items, and the levels that were reached, each with the badges behind it.

import type { Area, Framework, Frameworks, Item, LevelStep, Text } from "../frameworks";
import { levelsOf } from "./requirements";
import { shownIn, type SeenBadge } from "./seen";

/** One item with the badges that show it: on each step of the scale, or without a level; badges by number. */
export interface MapItem {
  readonly item: Item;
  readonly steps: readonly (readonly number[])[];
}

export interface MapArea {
  readonly area: Area;
  readonly reached: readonly MapItem[];
  readonly others: readonly Item[];
}

/** A framework seen on one scale. Scales stand apart: levels of different ones are never compared, nor drawn in a row. */
export interface SkillMap {
  readonly framework: Framework;
  /** Null where the badges give no level; `own` tells the framework's own scale from another's. */
  readonly scale: { readonly key: string; readonly name: Text; readonly own: boolean } | null;
  readonly steps: readonly LevelStep[];
  readonly areas: readonly MapArea[];
}

/** What one badge says of one item: on a scale, or without a level. */
interface Mark {
  readonly badge: number;
  readonly framework: string;
  readonly item: string;
  readonly scale: string;
  readonly step: number;
}

const NO_SCALE = "";

/** Return the maps of what the verified badges show, in the order of the standards and of their scales. */
export function skillMaps(badges: readonly SeenBadge[], frameworks: Frameworks): SkillMap[] {
  const marks = badges.flatMap((badge, number) => marksOf(badge, number, frameworks));
  return [...frameworks.byKey.values()].flatMap((framework) => {
    const inside = marks.filter((mark) => mark.framework === framework.key);
    const scales = [...new Set(inside.map((mark) => mark.scale))].sort((one, other) => other.localeCompare(one));
    return scales.map((scale) =>
      mapOf(
        framework,
        inside.filter((mark) => mark.scale === scale),
        scale,
        frameworks,
      ),
    );
  });
}

function marksOf(badge: SeenBadge, number: number, frameworks: Frameworks): Mark[] {
  const shown = badge.report.verdict === "verified" ? shownIn(badge, "ja") : null;
  const skills = shown?.skills.filter((skill) => skill.known && frameworks.item(skill.framework, skill.item)) ?? [];
  const levels = levelsOf(shown, frameworks).map(({ framework, scheme, value }) => {
    const steps = frameworks.get(framework)?.schemes.find((one) => one.id === scheme)?.steps ?? [];
    return { scale: `${framework}/${scheme}`, step: steps.findIndex((step) => step.value === value) };
  });
  const places = levels.length > 0 ? highest(levels) : [{ scale: NO_SCALE, step: 0 }];
  return skills.flatMap(({ framework, item }) => places.map((place) => ({ badge: number, framework, item, ...place })));
}

/** Return the highest step on each scale, by the scale's own order. */
function highest(levels: readonly { scale: string; step: number }[]): { scale: string; step: number }[] {
  const best = new Map<string, number>();
  for (const { scale, step } of levels) best.set(scale, Math.max(step, best.get(scale) ?? 0));
  return [...best].map(([scale, step]) => ({ scale, step }));
}

function mapOf(framework: Framework, marks: readonly Mark[], key: string, frameworks: Frameworks): SkillMap {
  const cut = key.lastIndexOf("/");
  const owner = frameworks.get(key.slice(0, cut));
  const scheme = owner?.schemes.find((one) => one.id === key.slice(cut + 1));
  const steps = scheme?.steps ?? [];
  return {
    framework,
    scale: scheme ? { key, name: scheme.name, own: owner === framework } : null,
    steps,
    areas: framework.areas.map((area) => areaOf(framework, area, marks, Math.max(steps.length, 1))),
  };
}

function areaOf(framework: Framework, area: Area, marks: readonly Mark[], width: number): MapArea {
  const items = [...framework.items.values()].filter((item) => item.area === area.id);
  const reached = items
    .map((item) => ({
      item,
      steps: stepsOf(
        marks.filter((mark) => mark.item === item.id),
        width,
      ),
    }))
    .filter(({ steps }) => steps.some((badges) => badges.length > 0));
  return { area, reached, others: items.filter((item) => !reached.some((one) => one.item === item)) };
}

function stepsOf(marks: readonly Mark[], width: number): number[][] {
  return Array.from({ length: width }, (_, step) =>
    marks.filter((mark) => mark.step === step).map((mark) => mark.badge),
  );
}
