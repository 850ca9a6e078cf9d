// JSON-LD context processing, for contexts that are pinned: what each term means once a context is read. The counterpart
// of badges/proof/context_processing.py: it reads what contexts of credentials are made of, and refuses the rest.

import { isObject } from "../json";

// What a term or a coercion may be besides an IRI; of these, the walk takes few.
const KEYWORDS: ReadonlySet<string> = new Set([
  "@graph",
  "@id",
  "@included",
  "@index",
  "@json",
  "@nest",
  "@none",
  "@type",
  "@vocab",
]);
const KEYWORD_FORM = /^@[A-Za-z]+$/;
const VERSION = 1.1;
const READ_OF_CONTEXTS: ReadonlySet<string> = new Set(["@version", "@protected", "@vocab"]);
const READ_OF_TERMS: ReadonlySet<string> = new Set(["@id", "@type", "@container", "@context", "@protected", "@prefix"]);
// An IRI that ends in one of RFC 3986's general delimiters serves as a prefix.
const DELIMITER_AT_END = /[:/?#[\]@]$/;

type Members = Readonly<Record<string, unknown>>;

/** A context that contradicts itself or another, or has more to it than is read here. */
export class InvalidContextError extends Error {}

/** What a term means. */
export interface Definition {
  /** The property, type or keyword; "" for a term that a context sets to null: it means nothing. */
  readonly iri: string;
  /** How its values are read: an IRI or a keyword. */
  readonly coercion: string | null;
  /** Keywords. */
  readonly container: ReadonlySet<unknown>;
  /** The local contexts for what stands below it, in order; null among them clears what was before. */
  readonly scopes: readonly unknown[];
  /** Whether it serves in compact IRIs. */
  readonly prefix: boolean;
  /** Whether other contexts may not define it otherwise. */
  readonly isProtected: boolean;
  /** Whether this is all that its definition says. */
  readonly plain: boolean;
}

/** The terms that are defined at a place, and the IRI before all other words. */
export interface ActiveContext {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly vocabulary: string | null;
}

export const EMPTY: ActiveContext = { definitions: new Map(), vocabulary: null };

/**
 * Return the active context with a local context upon it: an object, null, or an array of these.
 *
 * @throws InvalidContextError: it redefines a protected term, or does what is not read here.
 *
 * Source: JSON-LD 1.1 API §4.1 (#context-processing-algorithm).
 */
export function process(
  active: ActiveContext,
  local: unknown,
  { overrideProtected = false }: { overrideProtected?: boolean } = {},
): ActiveContext {
  if (Array.isArray(local)) {
    return local.reduce<ActiveContext>((before, part) => process(before, part, { overrideProtected }), active);
  }
  if (isObject(local)) return new Reading(active, local, overrideProtected).outcome();
  if (local !== null) throw new InvalidContextError("a context within a context is an object or null");
  if (!overrideProtected && [...active.definitions.values()].some((definition) => definition.isProtected)) {
    throw new InvalidContextError("protected terms are not cleared");
  }
  return EMPTY;
}

/** One context definition, while its terms are defined: each may need others of it first. */
class Reading {
  private vocabulary: string | null;
  private readonly definitions: Map<string, Definition>;
  /** A term → whether its definition is finished. */
  private readonly finished = new Map<string, boolean>();

  constructor(
    active: ActiveContext,
    private readonly local: Members,
    private readonly overrideProtected: boolean,
  ) {
    this.vocabulary = active.vocabulary;
    this.definitions = new Map(active.definitions);
  }

  outcome(): ActiveContext {
    const keys = Object.keys(this.local);
    const beside = keys.filter((key) => key.startsWith("@"));
    if (beside.some((key) => !READ_OF_CONTEXTS.has(key)) || member(this.local, "@version", VERSION) !== VERSION) {
      throw new InvalidContextError("a context has members that are not read here");
    }
    const vocabulary = member(this.local, "@vocab", undefined);
    if (vocabulary !== undefined) this.vocabulary = vocabulary === null ? null : this.absolute(vocabulary);
    for (const term of keys) {
      if (!term.startsWith("@")) this.define(term, this.overrideProtected);
    }
    return { definitions: this.definitions, vocabulary: this.vocabulary };
  }

  /** Define a term of this context, unless that is done; the standard lets no term override one in passing. */
  private define(term: string, overrideProtected = false): void {
    const finished = this.finished.get(term);
    if (finished === false) throw new InvalidContextError(`${term} is defined by itself`);
    if (finished) return;
    this.finished.set(term, false);
    const before = this.definitions.get(term);
    this.definitions.delete(term);
    const made = this.definition(term, this.local[term]);
    const kept = before?.isProtected && !overrideProtected ? before : made;
    if (kept !== made && !isSame({ ...made, isProtected: true }, kept)) {
      throw new InvalidContextError(`${term} is protected`);
    }
    this.definitions.set(term, kept);
    this.finished.set(term, true);
  }

  /** Return the definition that a value gives to a term. Source: JSON-LD 1.1 API §4.2 (#create-term-definition). */
  private definition(term: string, value: unknown): Definition {
    if (term === "" || term.includes(":") || term.includes("/")) throw new InvalidContextError("a term is a word");
    const said: Members = isObject(value) ? value : { "@id": value };
    const iri = this.property(term, said);
    if (Object.hasOwn(said, "@prefix") && iri.startsWith("@")) {
      throw new InvalidContextError(`${term} is a keyword and no prefix`);
    }
    return {
      iri,
      coercion: Object.hasOwn(said, "@type") ? this.absolute(said["@type"]) : null,
      container: new Set(listed(member(said, "@container", []))),
      scopes: Object.hasOwn(said, "@context") ? listed(said["@context"]) : [],
      prefix: said === value ? member(said, "@prefix", false) === true : DELIMITER_AT_END.test(iri),
      isProtected: member(said, "@protected", member(this.local, "@protected", false)) === true,
      plain: Object.keys(said).every((key) => READ_OF_TERMS.has(key)),
    };
  }

  /** Return the IRI or keyword that a term stands for; "" for null. */
  private property(term: string, said: Members): string {
    const name = member(said, "@id", member(said, "@reverse", term));
    if (name === null) return "";
    if (name !== term) return this.absolute(name);
    if (this.vocabulary === null) throw new InvalidContextError(`${term} stands for nothing`);
    return this.vocabulary + term;
  }

  /** Return the IRI or keyword that a word, compact IRI, IRI or keyword stands for. */
  private absolute(value: unknown): string {
    const iri = typeof value === "string" ? this.expanded(value) : "";
    if (iri.startsWith("_:") || (!iri.includes(":") && !KEYWORDS.has(iri))) {
      throw new InvalidContextError("a value is no IRI");
    }
    return iri;
  }

  /** Return what a value is by the terms of this context and of those before it. Source: §5.2 (#iri-expansion). */
  private expanded(value: string): string {
    if (KEYWORD_FORM.test(value)) return value;
    const known = this.known(value);
    if (known !== undefined) return known.iri;
    const colon = value.indexOf(":");
    if (colon < 0) return this.vocabulary === null ? value : this.vocabulary + value;
    const [prefix, suffix] = [value.slice(0, colon), value.slice(colon + 1)];
    const before = prefix === "_" || suffix.startsWith("//") ? undefined : this.known(prefix);
    return before?.prefix ? before.iri + suffix : value;
  }

  /** Return the definition of a term, made now if it is one of this context. */
  private known(term: string): Definition | undefined {
    if (Object.hasOwn(this.local, term) && !term.startsWith("@")) this.define(term);
    return this.definitions.get(term);
  }
}

/** Return a member of its own, never one of the prototype. */
function member(object: Members, name: string, otherwise: unknown): unknown {
  return Object.hasOwn(object, name) ? object[name] : otherwise;
}

/** Return an array as it is, and anything else as the one member of an array. */
function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isSame(one: Definition, other: Definition): boolean {
  return (
    one.iri === other.iri &&
    one.coercion === other.coercion &&
    one.prefix === other.prefix &&
    one.isProtected === other.isProtected &&
    one.plain === other.plain &&
    one.container.size === other.container.size &&
    [...one.container].every((keyword) => other.container.has(keyword)) &&
    isSameJson(one.scopes, other.scopes)
  );
}

function isSameJson(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => isSameJson(value, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameJson(one[key], other[key]))
  );
}
