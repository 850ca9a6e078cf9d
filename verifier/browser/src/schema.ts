// A credential against the JSON Schema of its kind: where it breaks which rule. The counterpart of schemas/validate.py.

import type { StandardDocuments } from "./documents";
import { type Claims, type Json, type JsonObject, isObject } from "./json";
import { type Fault, SchemaSet } from "./schema/json-schema";

// What a person can act on; a hostile document could yield thousands.
export const MAX_VIOLATIONS = 20;
// A badge has some hundred values. Every branch is gone through for every value before a fault is named.
const MAX_EXPLAINED = 1_000;
const VCDM_1 = "https://www.w3.org/2018/credentials/v1";

/** One broken rule: where (JSON Pointer), and which, in English. */
export interface Violation {
  readonly pointer: string;
  readonly message: string;
}

const compiled = new WeakMap<StandardDocuments["schemas"], SchemaSet>();

/**
 * Return what breaks the schema of the credential's kind, at most `MAX_VIOLATIONS`; empty for a sound one.
 *
 * The kind follows from `@context` and `type`: a badge, an endorsement, any other VCDM 2.0 credential, VCDM 1.1.
 *
 * @throws RangeError if the documents lack its schema.
 */
export function violations(credential: Claims, schemas: StandardDocuments["schemas"]): readonly Violation[] {
  const rule = schemaSet(schemas).rule(schemaOf(credential, schemas));
  const value: JsonObject = { ...credential };
  if (rule.isMet(value)) return [];
  if (hasMoreValues(value, MAX_EXPLAINED)) {
    return [{ pointer: "", message: "breaks its schema, and is too large to say where" }];
  }
  const found: Violation[] = [];
  for (const fault of rule.faults(value, "")) {
    found.push(violation(fault));
    if (found.length === MAX_VIOLATIONS) break;
  }
  return found;
}

function schemaSet(schemas: StandardDocuments["schemas"]): SchemaSet {
  const made = compiled.get(schemas) ?? new SchemaSet(Object.values(schemas));
  compiled.set(schemas, made);
  return made;
}

/**
 * Return the schema of the credential's kind.
 *
 * @throws RangeError if the documents lack it.
 */
function schemaOf(credential: Claims, schemas: StandardDocuments["schemas"]): JsonObject {
  const schema = schemas[kindOf(credential)];
  if (schema === undefined) throw new RangeError("the schemas are not whole");
  return schema;
}

function kindOf(credential: Claims): string {
  const contexts = words(credential["@context"]);
  const types = words(credential["type"]);
  if (contexts.has(VCDM_1)) return "vcdm_1_credential";
  if (types.has("OpenBadgeCredential") || types.has("AchievementCredential")) return "ob_v3p0_achievementcredential";
  if (types.has("EndorsementCredential")) return "ob_v3p0_endorsementcredential";
  return "vcdm_2_credential";
}

function words(value: Json | undefined): ReadonlySet<unknown> {
  return new Set(Array.isArray(value) ? value : [value]);
}

function hasMoreValues(value: Json, limit: number): boolean {
  const pending = [value];
  let seen = 0;
  for (let one = pending.pop(); one !== undefined && seen <= limit; one = pending.pop()) {
    seen += 1;
    if (isObject(one)) pending.push(...Object.values(one));
    else if (Array.isArray(one)) for (const inside of one) pending.push(inside);
  }
  return seen > limit;
}

/** Return what a fault says; of a choice among several schemas, the deepest cause, which says more in fewer words. */
function violation(fault: Fault): Violation {
  let cause = fault;
  while (cause.causes.length > 0) {
    cause = cause.causes.reduce((best, one) => (depth(one) > depth(best) ? one : best));
  }
  return { pointer: cause.pointer, message: cause.message };
}

function depth(fault: Fault): number {
  return fault.pointer.split("/").length;
}
