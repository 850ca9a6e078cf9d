// Skill standards as versioned, immutable data: items, areas, and levels on named scales; the counterpart of
// schemas/frameworks.

import { isObject } from "./json";
import type { Language } from "./verify/report";

/** The same words in Japanese and English. */
export type Text = Readonly<Record<Language, string>>;

/** A part of a framework. */
export interface Area {
  readonly id: string;
  readonly name: Text;
}

/** An entry of a framework; `verified` says that a retrieved text, `source`, names it so. */
export interface Item {
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  readonly verified: boolean;
  readonly source: string;
}

/** A step of a scale: its value, and its full name such as "ITSS V3 レベル3". */
export interface LevelStep {
  readonly value: string;
  readonly name: Text;
  readonly short: Text;
}

/** A named scale; its steps stand from low to high. */
export interface Scheme {
  readonly id: string;
  readonly name: Text;
  readonly steps: readonly LevelStep[];
  readonly verified: boolean;
}

/** A level is always framework, version, scheme and value: never a bare number. */
export interface Level {
  readonly framework: string;
  readonly scheme: string;
  readonly value: string;
}

/** One version of a skill standard; `key` is the framework and its version, such as "dss-p/2.0". */
export interface Framework {
  readonly key: string;
  readonly id: string;
  readonly version: string;
  readonly name: Text;
  readonly short: Text;
  readonly areas: readonly Area[];
  readonly items: ReadonlyMap<string, Item>;
  readonly schemes: readonly Scheme[];
}

/** Levels of different scales: neither is higher. */
export class IncomparableLevelsError extends Error {}

/** The files of schemas/frameworks, by whatever name; those that are no framework (examinations) are left out. */
export type FrameworkFiles = Readonly<Record<string, unknown>>;

const LOADED = new WeakMap<FrameworkFiles, Frameworks>();

/** Return the frameworks in the files: our own, whose form is not checked again. The same files give the same answer. */
export function frameworksIn(files: FrameworkFiles): Frameworks {
  const known = LOADED.get(files);
  if (known) return known;
  const loaded = new Frameworks(Object.values(files).filter(isFramework).map(frameworkOf));
  LOADED.set(files, loaded);
  return loaded;
}

/** The skill standards that we know. */
export class Frameworks {
  readonly byKey: ReadonlyMap<string, Framework>;

  constructor(listed: readonly Framework[]) {
    this.byKey = new Map(listed.map((one) => [one.key, one]));
  }

  /** Return the framework of that key, such as "dss-p/2.0", or null. */
  get(key: string): Framework | null {
    return this.byKey.get(key) ?? null;
  }

  /** Return the item of a framework, or null. */
  item(key: string, id: string): Item | null {
    return this.byKey.get(key)?.items.get(id) ?? null;
  }

  /** Return the step that a level names, or null. */
  step({ framework, scheme, value }: Level): LevelStep | null {
    return this.scheme(framework, scheme)?.steps.find((step) => step.value === value) ?? null;
  }

  /** Return the newest version of the skill standard of which `key` names a version, or null. */
  newest(key: string): Framework | null {
    const chosen = this.get(key);
    const versions = [...this.byKey.values()].filter((one) => one.id === chosen?.id);
    return versions.reduce<Framework | null>((best, one) => (best && !isNewer(one, best) ? best : one), null);
  }

  /** Return the level that a `targetCode` names, or null. */
  parseLevel(code: string): Level | null {
    const [front, value] = cutLast(code);
    const [framework, scheme] = cutLast(front);
    const level = { framework, scheme, value };
    return this.step(level) ? level : null;
  }

  /**
   * Return less than, equal to or more than 0 as `first` is lower, equal or higher.
   *
   * @throws IncomparableLevelsError if they stand on different scales, or one of them on none.
   */
  compare(first: Level, second: Level): number {
    const [one, other] = [this.rank(first), this.rank(second)];
    if (first.framework !== second.framework || first.scheme !== second.scheme || one < 0 || other < 0) {
      throw new IncomparableLevelsError("levels of different scales are never compared");
    }
    return one - other;
  }

  /** Return a level in full words, such as "ITSS V3 レベル3", or null. */
  levelName(level: Level): Text | null {
    return this.step(level)?.name ?? null;
  }

  private scheme(key: string, id: string): Scheme | null {
    return this.byKey.get(key)?.schemes.find((scheme) => scheme.id === id) ?? null;
  }

  private rank({ framework, scheme, value }: Level): number {
    return this.scheme(framework, scheme)?.steps.findIndex((step) => step.value === value) ?? -1;
  }
}

/** Return the `targetCode` of an alignment to a level. */
export function codeOf({ framework, scheme, value }: Level): string {
  return `${framework}/${scheme}/${value}`;
}

function cutLast(text: string): [string, string] {
  const at = text.lastIndexOf("/");
  return at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + 1)];
}

function isNewer(one: Framework, other: Framework): boolean {
  const [parts, others] = [one.version, other.version].map((version) => version.split(".").map(Number));
  for (const [index, part] of (parts ?? []).entries()) {
    const against = others?.[index] ?? -1;
    if (part !== against) return part > against;
  }
  return false;
}

/** What our own file says, as far as it matters here. */
interface File {
  readonly id: string;
  readonly version: string;
  readonly name: Text;
  readonly short: Text;
  readonly areas: readonly Area[];
  readonly items: readonly Item[];
  readonly schemes: readonly Scheme[];
}

function isFramework(file: unknown): file is File {
  return isObject(file) && ["areas", "items", "schemes"].every((name) => Array.isArray(file[name]));
}

function frameworkOf({ id, version, name, short, areas, items, schemes }: File): Framework {
  const byId = new Map(items.map((item) => [item.id, item]));
  return { key: `${id}/${version}`, id, version, name, short, areas, items: byId, schemes };
}
