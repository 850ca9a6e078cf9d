// JSON Schemas that are pinned, as rules: a document is told to be valid, or where it breaks which rule. It reads the
// keywords that the schemas of credentials use, refuses a schema with others, and makes no code from text, which the
// pages' policy forbids.
//
// Source: JSON Schema 2019-09; the order of faults is that of Python's jsonschema.

import { escape } from "../errors";
import { type Json, type JsonObject, isObject } from "../json";
import { FORMATS } from "./formats";

/** A broken rule: where, which, and for a choice among several schemas what each of them finds. */
export interface Fault {
  readonly pointer: string;
  readonly keyword: string;
  readonly message: string;
  readonly causes: readonly Fault[];
}

/** What a schema or one of its keywords asks for. */
export interface Rule {
  isMet(value: Json): boolean;
  /** Yield what is wrong, nothing for a valid value; each fault is looked for when it is asked for. */
  faults(value: Json, pointer: string): Iterable<Fault>;
}

type Compile = (schema: Json | undefined) => Rule;
type Keyword = (value: Json, schema: JsonObject, compile: Compile) => Rule;

const ANNOTATIONS: ReadonlySet<string> = new Set(["$schema", "$id", "$defs", "$comment", "title", "description"]);
const ALWAYS: Rule = { isMet: () => true, faults: () => [] };
const NEVER: Rule = leaf("false", () => false);

/** Schemas by their `$id`, and the rules that were made of them; rules of what nobody has needed are not made. */
export class SchemaSet {
  private readonly rules = new Map<JsonObject, Rule>();
  private readonly resources: ReadonlyMap<string, JsonObject>;

  constructor(schemas: readonly JsonObject[]) {
    this.resources = new Map(schemas.map((schema) => [String(schema["$id"]), schema]));
  }

  /**
   * Return the rule of a whole schema.
   *
   * @throws TypeError for a schema with more to it than is read here.
   */
  rule(schema: JsonObject): Rule {
    return this.compiled(schema, schema);
  }

  private compiled(schema: Json | undefined, root: JsonObject): Rule {
    if (typeof schema === "boolean") return schema ? ALWAYS : NEVER;
    if (!isObject(schema)) throw new TypeError("a schema is an object, true or false");
    const known = this.rules.get(schema);
    if (known !== undefined) return known;
    const parts: Rule[] = [];
    const rule = all(parts);
    // Before its parts: a schema may refer to itself.
    this.rules.set(schema, rule);
    for (const [name, value] of Object.entries(schema)) {
      if (!ANNOTATIONS.has(name)) parts.push(this.part(name, value, schema, root));
    }
    return rule;
  }

  private part(name: string, value: Json, schema: JsonObject, root: JsonObject): Rule {
    if (name === "$ref") return this.referred(String(value), root);
    const keyword = KEYWORDS.get(name);
    if (keyword === undefined) throw new TypeError(`the keyword ${name} is not read here`);
    return keyword(value, schema, (one) => this.compiled(one, root));
  }

  private referred(reference: string, root: JsonObject): Rule {
    const [address = "", pointer = ""] = reference.split("#");
    const resource = address === "" ? root : this.resources.get(address);
    const steps = pointer.split("/").slice(1);
    const target = steps.reduce<Json | undefined>(
      (inside, step) => (isObject(inside) && Object.hasOwn(inside, step) ? inside[step] : undefined),
      resource,
    );
    if (resource === undefined || target === undefined) throw new TypeError(`there is no schema ${reference}`);
    return this.compiled(target, resource);
  }
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ["type", (value) => leaf("type", (one) => listed(value).some((type) => isOfType(one, type)))],
  ["const", (value) => leaf("const", (one) => one === simple(value))],
  ["enum", (value) => leaf("enum", (one) => listed(value).some((known) => one === simple(known)))],
  ["pattern", (value) => ofStrings("pattern", matching(new RegExp(String(value), "u")))],
  ["format", (value) => ofStrings("format", FORMATS.get(String(value)) ?? refuse(`the format ${String(value)}`))],
  ["minItems", (value) => leaf("minItems", (one) => !Array.isArray(one) || one.length >= Number(value))],
  ["maxItems", (value) => leaf("maxItems", (one) => !Array.isArray(one) || one.length <= Number(value))],
  [
    "minProperties",
    (value) => leaf("minProperties", (one) => !isObject(one) || Object.keys(one).length >= Number(value)),
  ],
  ["required", (value) => required(listed(value).map(String))],
  ["properties", (value, _, compile) => properties(Object.entries(value as JsonObject), compile)],
  ["additionalProperties", additionalProperties],
  ["propertyNames", (value, _, compile) => propertyNames(compile(value))],
  ["items", (value, _, compile) => (Array.isArray(value) ? tuple(value.map(compile)) : everyItem(compile(value), 0))],
  ["additionalItems", additionalItems],
  ["contains", (value, _, compile) => contains(compile(value))],
  ["allOf", (value, _, compile) => all(listed(value).map(compile))],
  ["anyOf", (value, _, compile) => anyOf(listed(value).map(compile))],
  ["oneOf", (value, _, compile) => oneOf(listed(value).map(compile))],
]);

/** Return the rule that all of these are met; they may still become more. */
function all(rules: readonly Rule[]): Rule {
  return {
    isMet: (value) => rules.every((rule) => rule.isMet(value)),
    *faults(value, pointer) {
      for (const rule of rules) yield* rule.faults(value, pointer);
    },
  };
}

/** Return a rule whose breach has no causes below it. */
function leaf(keyword: string, isMet: (value: Json) => boolean): Rule {
  return { isMet, faults: (value, pointer) => (isMet(value) ? [] : [fault(keyword, pointer)]) };
}

function ofStrings(keyword: string, isMet: (value: string) => boolean): Rule {
  return leaf(keyword, (value) => typeof value !== "string" || isMet(value));
}

function fault(keyword: string, pointer: string, causes: readonly Fault[] = []): Fault {
  return { keyword, pointer, message: `breaks the rule '${keyword}'`, causes };
}

function required(names: readonly string[]): Rule {
  const missing = (value: Json) => (isObject(value) ? names.filter((name) => !Object.hasOwn(value, name)) : []);
  return {
    isMet: (value) => missing(value).length === 0,
    faults(value, pointer) {
      const message = `lacks ${missing(value).join(", ")}`;
      return missing(value).map(() => ({ keyword: "required", pointer, message, causes: [] }));
    },
  };
}

function properties(schemas: readonly (readonly [string, Json])[], compile: Compile): Rule {
  const rules = schemas.map(([name, schema]) => [name, compile(schema)] as const);
  return {
    isMet: (value) =>
      !isObject(value) || rules.every(([name, rule]) => !Object.hasOwn(value, name) || rule.isMet(value[name] ?? null)),
    *faults(value, pointer) {
      if (!isObject(value)) return;
      for (const [name, rule] of rules) {
        if (Object.hasOwn(value, name)) yield* rule.faults(value[name] ?? null, `${pointer}/${escape(name)}`);
      }
    },
  };
}

function additionalProperties(value: Json, schema: JsonObject, compile: Compile): Rule {
  const known = new Set(Object.keys((schema["properties"] ?? {}) as JsonObject));
  const rule = compile(value);
  const extra = (one: Json) => (isObject(one) ? Object.entries(one).filter(([name]) => !known.has(name)) : []);
  if (value === false) return leaf("additionalProperties", (one) => extra(one).length === 0);
  return {
    isMet: (one) => rule === ALWAYS || extra(one).every(([, inside]) => rule.isMet(inside)),
    *faults(one, pointer) {
      for (const [name, inside] of extra(one)) yield* rule.faults(inside, `${pointer}/${escape(name)}`);
    },
  };
}

function propertyNames(rule: Rule): Rule {
  const names = (value: Json) => (isObject(value) ? Object.keys(value) : []);
  return {
    isMet: (value) => names(value).every((name) => rule.isMet(name)),
    *faults(value, pointer) {
      for (const name of names(value)) yield* rule.faults(name, pointer);
    },
  };
}

function everyItem(rule: Rule, start: number): Rule {
  return {
    isMet: (value) => !Array.isArray(value) || value.every((item, index) => index < start || rule.isMet(item)),
    *faults(value, pointer) {
      if (!Array.isArray(value)) return;
      for (const [index, item] of value.entries()) {
        if (index >= start) yield* rule.faults(item, `${pointer}/${index}`);
      }
    },
  };
}

function tuple(rules: readonly Rule[]): Rule {
  return {
    isMet: (value) =>
      !Array.isArray(value) || rules.every((rule, index) => index >= value.length || rule.isMet(value[index] ?? null)),
    *faults(value, pointer) {
      if (!Array.isArray(value)) return;
      for (const [index, rule] of rules.entries()) {
        if (index < value.length) yield* rule.faults(value[index] ?? null, `${pointer}/${index}`);
      }
    },
  };
}

function additionalItems(value: Json, schema: JsonObject, compile: Compile): Rule {
  const items = schema["items"];
  return Array.isArray(items) ? everyItem(compile(value), items.length) : ALWAYS;
}

function contains(rule: Rule): Rule {
  return leaf("contains", (value) => !Array.isArray(value) || value.some((item) => rule.isMet(item)));
}

function anyOf(rules: readonly Rule[]): Rule {
  const isMet = (value: Json) => rules.some((rule) => rule.isMet(value));
  return {
    isMet,
    faults: (value, pointer) => (isMet(value) ? [] : [fault("anyOf", pointer, causes(rules, value, pointer))]),
  };
}

function oneOf(rules: readonly Rule[]): Rule {
  const met = (value: Json) => rules.filter((rule) => rule.isMet(value)).length;
  return {
    isMet: (value) => met(value) === 1,
    faults(value, pointer) {
      const number = met(value);
      if (number === 1) return [];
      return [fault("oneOf", pointer, number === 0 ? causes(rules, value, pointer) : [])];
    },
  };
}

function causes(rules: readonly Rule[], value: Json, pointer: string): readonly Fault[] {
  return rules.flatMap((rule) => [...rule.faults(value, pointer)]);
}

function isOfType(value: Json, type: Json): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "null") return value === null;
  if (type === "integer") return Number.isInteger(value);
  if (type === "string" || type === "number" || type === "boolean") return typeof value === type;
  return refuse("a type of JSON Schema");
}

function matching(pattern: RegExp): (value: string) => boolean {
  return (value) => pattern.test(value);
}

/** Return a value that is compared by itself. */
function simple(value: Json): Json {
  return isObject(value) || Array.isArray(value) ? refuse("an object or array to compare with") : value;
}

function listed(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value];
}

function refuse(what: string): never {
  throw new TypeError(`${what} is not read here`);
}
