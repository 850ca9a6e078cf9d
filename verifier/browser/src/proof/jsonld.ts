// A credential in the one accepted shape → RDF statements, by the pinned contexts. The counterpart of badges/proof/jsonld.py.
//
// JSON-LD can say the same in many spellings, and drops in silence what no context defines. Both let a signer hide claims
// from whoever reads the JSON. So this is a straight walk that knows one spelling of each statement, and refuses the
// rest, naming the place. No context is ever fetched. Of several faults the first is named; JavaScript moves members that
// are called like numbers to the front, Python does not.
//
// Source: JSON-LD 1.1 API §5.1 (#expansion-algorithm), §7.1 (#deserialize-json-ld-to-rdf-algorithm).

import { byCodePoints } from "../code-points";
import { ShapeError, escape } from "../errors";
import { isObject } from "../json";
import { type Context, type ContextSet, type Term, XSD } from "./contexts";
import { isEmbeddedCredential } from "./pinned-contexts";

export const MAX_DEPTH = 32;
// Objects, and values in arrays. A badge has under a hundred.
export const MAX_VALUES = 4_000;
const MAX_TYPES = 8;
// Each combination of types may need contexts to be compiled.
export const MAX_COMBINATIONS = 64;
const FRACTION_DIGITS = 15;
// Of the exact value: as many as `toExponential` gives, far more than a number halfway between two others has.
const ALL_DIGITS = 100;

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDF_TYPE = `<${RDF}type>`;
const RDF_FIRST = `<${RDF}first>`;
const RDF_REST = `<${RDF}rest>`;
const RDF_NIL = `<${RDF}nil>`;
// Stricter than the IRI grammar where that matters: nothing that would end or bend an N-Quads term.
const ABSOLUTE_IRI = /^([A-Za-z][A-Za-z0-9+.-]*):[^\x00-\x20<>"{}|\\^`\x7f-\xa0]+$/;
const ESCAPED = /[\x00-\x1f"\\\x7f\ufffe\uffff]/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);
// What decides whether a credential holds: the credential itself, whom it is about, and its status.
const WHOLE = /^(\/(credentialSubject|credentialStatus)(\/[0-9]+)?)?$/;
const NAMING: ReadonlySet<string> = new Set(["@context", "id", "type"]);

/** Subject, predicate, object and graph in N-Quads syntax; the default graph is "". */
export type Quad = readonly [subject: string, predicate: string, object: string, graph: string];
export type Members = Readonly<Record<string, unknown>>;
/** Predicates and objects of one node, each pair as the text "predicate object". */
type Said = Map<string, readonly [predicate: string, object: string]>;
/** Where the walk is: JSON Pointer, graph, and how deep. */
type Place = { readonly pointer: string; readonly graph: string; readonly depth: number };

/**
 * Return the statements that a document makes, each once, in no particular order.
 *
 * @throws ShapeError with the JSON Pointer of the place: `unknown-context`, `nested-context`, `undefined-term`,
 * `undefined-type`, `relative-iri`, `hidden-claims` (another spelling than the accepted one, or something that makes no
 * statement), `unsafe-number`, `too-complex`.
 */
export function toQuads(document: Members, contexts: ContextSet): readonly Quad[] {
  const walk = new Walk(contexts);
  walk.root(document);
  return [...walk.quads.values()];
}

/** One pass over one document. */
class Walk {
  readonly quads = new Map<string, Quad>();
  private values = 0;
  private blanks = 0;
  private readonly combinations = new Set<Context>();
  /** What was said of each identified node, by graph and IRI, and whether there it may be split: see `describe`. */
  private readonly described = new Map<string, { said: Said; whole: boolean }[]>();

  constructor(private readonly contexts: ContextSet) {}

  /** Walk the whole document. */
  root(document: Members): void {
    const context = this.contexts.root(document["@context"]);
    this.node(document, context, { pointer: "", graph: "", depth: 0 });
  }

  /** State what a node says, and return its name; `outer` is the context that its member leads to. */
  private node(node: Members, outer: Context, place: Place): string {
    this.count(1, place);
    if (place.depth > MAX_DEPTH) throw new ShapeError("too-complex", { pointer: place.pointer });
    const nested = Object.hasOwn(node, "@context") && place.pointer !== "";
    const context = nested ? this.nestedContext(node, outer, place) : outer;
    const said: Said = new Map();
    const inner = this.types(node, context, place, said);
    const subject = this.subject(node, inner, place);
    if (Object.keys(node).some((key) => !NAMING.has(key))) {
      this.members(node, inner, place, said);
      if (subject.startsWith("<")) this.describe(subject, said, place);
    }
    for (const [predicate, object] of said.values()) this.state(subject, predicate, object, place.graph);
    return subject;
  }

  private state(...quad: Quad): void {
    this.quads.set(quad.join(" "), quad);
  }

  /** Refuse a document with more values than anybody has a use for. */
  private count(values: number, place: Place): void {
    this.values += values;
    if (this.values > MAX_VALUES) throw new ShapeError("too-complex", { pointer: place.pointer });
  }

  /** Return the context of an embedded credential, such as an endorsement. */
  private nestedContext(node: Members, context: Context, place: Place): Context {
    if (!isEmbeddedCredential(node["type"])) {
      throw new ShapeError("nested-context", { pointer: `${place.pointer}/@context` });
    }
    return this.contexts.extended(context, this.contexts.urls(node["@context"], place.pointer));
  }

  /** Say what types a node has, and return the context that these bring for its members. */
  private types(node: Members, context: Context, place: Place, said: Said): Context {
    if (!Object.hasOwn(node, "type")) return context;
    requireKeyword(context, "type", place);
    const pointer = `${place.pointer}/type`;
    const words = listed(node["type"]);
    if (words.length === 0) throw new ShapeError("hidden-claims", { pointer });
    if (words.length > MAX_TYPES) throw new ShapeError("too-complex", { pointer });
    let inner = context;
    for (const word of [...strings(words, pointer)].sort(byCodePoints)) {
      say(said, RDF_TYPE, context.word(word, pointer));
      inner = inner.typed(word, context);
    }
    if (said.size !== words.length) throw new ShapeError("hidden-claims", { pointer });
    this.combinations.add(inner);
    if (this.combinations.size > MAX_COMBINATIONS) throw new ShapeError("too-complex", { pointer });
    return inner;
  }

  /** Return the node's name: its `id`, or a fresh blank node. */
  private subject(node: Members, context: Context, place: Place): string {
    if (!Object.hasOwn(node, "id")) return this.blank();
    requireKeyword(context, "id", place);
    return iri(node["id"], context, `${place.pointer}/id`);
  }

  /** Add what the members of a node say of it. */
  private members(node: Members, context: Context, place: Place, said: Said): void {
    const predicates = new Set([RDF_TYPE]);
    for (const [key, value] of Object.entries(node)) {
      if (NAMING.has(key)) continue;
      const term = context.term(key, place.pointer);
      const pointer = `${place.pointer}/${escape(key)}`;
      // Two terms for one property: which of them a value stood under would not be signed.
      if (predicates.has(term.predicate)) throw new ShapeError("hidden-claims", { pointer });
      predicates.add(term.predicate);
      const below = { pointer, graph: place.graph, depth: place.depth + 1 };
      const objects =
        Array.isArray(value) || term.ordered
          ? this.several(term, listed(value), context, below)
          : [this.one(term, value, context, below)];
      for (const object of objects) say(said, term.predicate, object);
    }
  }

  /** Return the objects of an array: the head of an RDF list, or each on its own. */
  private several(term: Term, values: readonly unknown[], context: Context, place: Place): readonly string[] {
    if (values.length === 0) throw new ShapeError("hidden-claims", { pointer: place.pointer });
    this.count(values.length, place);
    const objects = values.map((value, index) =>
      this.one(term, value, context, { ...place, pointer: `${place.pointer}/${index}` }),
    );
    if (term.ordered) return [this.chain(objects, place.graph)];
    if (new Set(objects).size !== objects.length) throw new ShapeError("hidden-claims", { pointer: place.pointer });
    return objects;
  }

  /** State an RDF list, and return its first cell. */
  private chain(objects: readonly string[], graph: string): string {
    return objects.reduceRight((rest, object) => {
      const cell = this.blank();
      this.state(cell, RDF_FIRST, object, graph);
      this.state(cell, RDF_REST, rest, graph);
      return cell;
    }, RDF_NIL);
  }

  /** Return the object that a single value is: a node, an IRI or a literal. */
  private one(term: Term, value: unknown, context: Context, place: Place): string {
    if (isObject(value)) {
      const inside = context.enter(term, value);
      if (!term.graph) return this.node(value, inside, place);
      const graph = this.blank();
      this.node(value, inside, { ...place, graph });
      return graph;
    }
    if (term.graph || value === null || Array.isArray(value)) {
      throw new ShapeError("hidden-claims", { pointer: place.pointer });
    }
    if (typeof value === "string") return text(value, term, context, place.pointer);
    return numberOrBoolean(value, term, place.pointer);
  }

  /** Return a fresh blank node. */
  private blank(): string {
    this.blanks += 1;
    return `_:b${this.blanks}`;
  }

  /**
   * Refuse a credential, subject or status that another place describes too, in other words.
   *
   * RDF would merge the descriptions: what says "revoked" or "until" could be moved from where it is read to where it is
   * not, and the signature would still hold. Nodes of different types cannot take each other's members.
   */
  private describe(subject: string, said: Said, place: Place): void {
    const whole = WHOLE.test(place.pointer);
    const key = `${place.graph} ${subject}`;
    const known = this.described.get(key) ?? [];
    this.described.set(key, known);
    for (const other of known) {
      if ((whole || other.whole) && shareType(said, other.said) && !isSame(said, other.said)) {
        throw new ShapeError("hidden-claims", { pointer: place.pointer });
      }
    }
    known.push({ said, whole });
  }
}

function say(said: Said, predicate: string, object: string): void {
  said.set(`${predicate} ${object}`, [predicate, object]);
}

/** Tell whether what is said of one node could be said of the other: it has no type, or they have one in common. */
function shareType(said: Said, other: Said): boolean {
  const types = [...said.entries()].filter(([, [predicate]]) => predicate === RDF_TYPE);
  return types.length === 0 || types.some(([key]) => other.has(key));
}

function isSame(said: Said, other: Said): boolean {
  return said.size === other.size && [...said.keys()].every((key) => other.has(key));
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Refuse a context in which `id` or `type` means something else than everywhere. */
function requireKeyword(context: Context, key: "id" | "type", place: Place): void {
  if (context.definitions.get(key)?.iri !== `@${key}`) {
    throw new ShapeError("undefined-term", { pointer: `${place.pointer}/${key}` });
  }
}

/** Return the same values, which are strings. */
function strings(values: readonly unknown[], pointer: string): readonly string[] {
  const words = values.filter((value) => typeof value === "string");
  if (words.length !== values.length) throw new ShapeError("undefined-type", { pointer });
  return words;
}

/** Return an identifier in N-Quads syntax; an absolute IRI in full, because a compact one is a second spelling. */
function iri(value: unknown, context: Context, pointer: string): string {
  const scheme = typeof value === "string" ? ABSOLUTE_IRI.exec(value)?.[1] : undefined;
  if (typeof value !== "string" || scheme === undefined) throw new ShapeError("relative-iri", { pointer });
  if (context.definitions.get(scheme)?.prefix && !value.startsWith("//", scheme.length + 1)) {
    throw new ShapeError("hidden-claims", { pointer });
  }
  return `<${value}>`;
}

/** Return what a string is, by the coercion of its term. */
function text(value: string, term: Term, context: Context, pointer: string): string {
  if (term.coercion === "@id") return iri(value, context, pointer);
  if (term.coercion === "@vocab") return context.scoped(term).word(value, pointer, "relative-iri");
  return literal(value, term.coercion);
}

/**
 * Return a literal in canonical N-Quads syntax.
 *
 * Source: RDF 1.2 N-Quads §3 (#canonical-quads), to which RDFC-1.0 refers.
 */
export function literal(value: string, datatype: string | null): string {
  const escaped = value.replace(ESCAPED, escapedCharacter);
  return datatype === null ? `"${escaped}"` : `"${escaped}"^^<${datatype}>`;
}

function escapedCharacter(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return ESCAPES.get(character) ?? `\\u${code}`;
}

/**
 * Return a boolean or a number as a literal; a coercion to IRIs does not apply to them.
 *
 * Source: JSON-LD 1.1 API §8.6 (#data-round-tripping).
 */
function numberOrBoolean(value: unknown, term: Term, pointer: string): string {
  const datatype = term.coercion === "@id" || term.coercion === "@vocab" ? null : term.coercion;
  if (typeof value === "boolean") return literal(String(value), datatype ?? `${XSD}boolean`);
  // Beyond it, another number was read than the one that was written.
  if (typeof value !== "number" || !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
    throw new ShapeError("unsafe-number", { pointer });
  }
  if (Number.isInteger(value)) return literal(String(value), datatype ?? `${XSD}integer`);
  return literal(double(value), datatype ?? `${XSD}double`);
}

/** Return a number with a fraction as printf("%.15E") writes it, without needless zeros. */
function double(value: number): string {
  const [mantissa = "", exponent = ""] = rounded(value).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return `${whole}.${fraction.replace(/0+$/, "") || "0"}E${Number(exponent)}`;
}

/** Return a number with `FRACTION_DIGITS` digits; halfway the even one, where `toExponential` by itself rounds up. */
function rounded(value: number): string {
  const [exact = "", exponent = ""] = value.toExponential(ALL_DIGITS).split("e");
  const kept = exact.slice(0, -(ALL_DIGITS - FRACTION_DIGITS));
  const isTie = /^50*$/.test(exact.slice(kept.length));
  return isTie && /[02468]$/.test(kept) ? `${kept}e${exponent}` : value.toExponential(FRACTION_DIGITS);
}
