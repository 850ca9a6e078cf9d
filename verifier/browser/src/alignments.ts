// Alignments to skill standards: how an item or a level in a badge is read; the counterpart of badges/alignments.py.
// What a person is shown and what the register is asked about are read here, by the same rule.

import type { Frameworks, Level } from "./frameworks";
import { codeOf } from "./frameworks";
import { member } from "./json";

export const ITEM = "CFItem";
export const LEVEL = "CFRubricCriterionLevel";

/** An item of a skill standard: the framework's key, such as "dss-p/2.0", and the item's id. */
export interface Skill {
  readonly framework: string;
  readonly item: string;
}

/** Tell an item from a level. */
export function isSkill(found: Skill | Level | null): found is Skill {
  return found !== null && "item" in found;
}

/** Tell a level from an item. */
export function isLevel(found: Skill | Level | null): found is Level {
  return found !== null && "scheme" in found;
}

/**
 * Return the item or level that an alignment names at this registry; null for everything else.
 *
 * Type, code and address must say the same: an address elsewhere is somebody else's word, whatever it ends in.
 */
export function read(alignment: unknown, registry: string, frameworks: Frameworks): Skill | Level | null {
  const [code, url] = [member(alignment, "targetCode"), member(alignment, "targetUrl")];
  if (typeof code !== "string" || typeof url !== "string") return null;
  const type = member(alignment, "targetType");
  if (type === ITEM) return readItem(code, url, registry, frameworks);
  return type === LEVEL ? readLevel(code, url, registry, frameworks) : null;
}

function readItem(code: string, url: string, registry: string, frameworks: Frameworks): Skill | null {
  const [start, end] = [`${registry}/frameworks/`, `/items/${code}`];
  if (!url.startsWith(start) || !url.endsWith(end)) return null;
  const skill = { framework: url.slice(start.length, -end.length), item: code };
  return frameworks.item(skill.framework, code) && url === itemUrl(skill, registry) ? skill : null;
}

function readLevel(code: string, url: string, registry: string, frameworks: Frameworks): Level | null {
  const level = frameworks.parseLevel(code);
  return level && url === levelUrl(level, registry) ? level : null;
}

/** Return where an item is read. */
export function itemUrl({ framework, item }: Skill, registry: string): string {
  return `${registry}/frameworks/${framework}/items/${item}`;
}

/** Return where a level is read. */
export function levelUrl({ framework, scheme, value }: Level, registry: string): string {
  return `${registry}/frameworks/${framework}/levels/${scheme}/${value}`;
}

/** Return one text for each item or level, the same for equal ones. */
export function nameOf(one: Skill | Level): string {
  return isSkill(one) ? `${one.framework}/${one.item}` : codeOf(one);
}
