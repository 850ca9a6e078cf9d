// The pinned JSON-LD contexts, compiled: what a term means at a place in a document. Each context is processed once for
// each place where it can apply; a document then costs look-ups. The counterpart of badges/proof/contexts.py.

import { byCodePoints } from "../code-points";
import type { StandardDocuments } from "../documents";
import { ShapeError, escape } from "../errors";
import { type ActiveContext, type Definition, EMPTY, InvalidContextError, process } from "./context-processing";
import { PinnedContexts } from "./pinned-contexts";

// Compiled contexts to keep, some 50 KB each: our own badges need 20, and who invents combinations gets no more memory.
export const MAX_COMPILED = 400;

export const XSD = "http://www.w3.org/2001/XMLSchema#";
const CONTAINERS: ReadonlySet<unknown> = new Set(["@set", "@list", "@graph"]);
// What a term may not do: hide structure, or need rules on which implementations differ.
const UNSUPPORTED_TYPES: ReadonlySet<string | null> = new Set(["@json", "@none", `${XSD}double`]);
const BEGINS_UPPERCASE = /^\p{Uppercase}/u;
const ALPHANUMERIC = /^[A-Za-z0-9]+$/;

/** What a member means: its predicate in N-Quads syntax, how its values are read, and its scoped context. */
export interface Term {
  readonly predicate: string;
  readonly coercion: string | null;
  readonly ordered: boolean;
  readonly graph: boolean;
  readonly scopes: readonly unknown[];
}

type Node = Readonly<Record<string, unknown>>;

/** An active context. Compared by identity; grows as terms are looked up and scoped contexts are entered. */
export class Context {
  /** A term that a context sets to null means nothing, and `@vocab` does not apply to it. */
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Contexts that lie upon this one: by the term that leads there, the type and where it was entered, or the URLs. */
  readonly children = new Map<Term | string, Context>();
  private readonly terms = new Map<string, Term>();
  private readonly types = new Map<string, string>();
  private names: ReadonlyMap<string, string> | null = null;

  /** `previous` is what type-scoped contexts were entered from: nodes below go back to it. */
  constructor(
    readonly owner: ContextSet,
    readonly active: ActiveContext,
    readonly previous: Context | null,
    readonly number: number,
  ) {
    this.definitions = new Map([...active.definitions].filter(([, definition]) => definition.iri !== ""));
  }

  /**
   * Return what the member `key` means, and remember it.
   *
   * @throws ShapeError `undefined-term`, or `hidden-claims` for a keyword, an alias of one, or a kind of term that
   * restructures the document.
   */
  term(key: string, pointer: string): Term {
    const known = this.terms.get(key);
    if (known !== undefined) return known;
    const place = `${pointer}/${escape(key)}`;
    if (key.startsWith("@")) throw new ShapeError("hidden-claims", { pointer: place });
    const definition = this.definitions.get(key);
    if (definition === undefined) {
      const predicate = `<${this.fromVocabulary(key, "undefined-term", place)}>`;
      return { predicate, coercion: null, ordered: false, graph: false, scopes: [] };
    }
    if (this.restructures(key, definition)) throw new ShapeError("hidden-claims", { pointer: place });
    const term: Term = {
      predicate: `<${definition.iri}>`,
      coercion: definition.coercion === `${XSD}string` ? null : definition.coercion,
      ordered: definition.container.has("@list"),
      graph: definition.container.has("@graph"),
      scopes: definition.scopes,
    };
    this.terms.set(key, term);
    return term;
  }

  /**
   * Return the IRI, in N-Quads syntax, of a word of the vocabulary: a type, or a value coerced to `@vocab`.
   *
   * Only words that a context defines; their full or compact IRIs would be second spellings.
   *
   * @throws ShapeError `code`.
   */
  word(word: string, pointer: string, code = "undefined-type"): string {
    const known = this.types.get(word);
    if (known !== undefined) return known;
    const definition = this.definitions.get(word);
    if (definition === undefined) return `<${this.fromVocabulary(word, code, pointer)}>`;
    if (definition.iri.startsWith("@")) throw new ShapeError(code, { pointer });
    const name = `<${definition.iri}>`;
    this.types.set(word, name);
    return name;
  }

  /** Return the context for a node below `term`: type-scoped contexts end here, property-scoped ones begin. */
  enter(term: Term, node: Node): Context {
    const isReference = Object.hasOwn(node, "id") && Object.keys(node).length === 1;
    return (this.previous !== null && !isReference ? this.previous : this).scoped(term);
  }

  /** Return the context for the value of `term`. */
  scoped(term: Term): Context {
    if (term.scopes.length === 0) return this;
    return this.children.get(term) ?? this.owner.compile(this, term, term.scopes, { overrideProtected: true });
  }

  /** Return the context for the members of a node of the type `word`, which the `outer` context defines. */
  typed(word: string, outer: Context): Context {
    const definition = outer.definitions.get(word);
    if (definition === undefined || definition.scopes.length === 0) return this;
    // The type-scoped contexts of one node stack upon one another; so the outer context belongs to the key.
    const key = `type ${outer.number} ${word}`;
    return this.children.get(key) ?? this.owner.compile(this, key, definition.scopes, { propagate: false });
  }

  private restructures(key: string, definition: Definition): boolean {
    return (
      definition.iri.startsWith("@") ||
      !definition.plain ||
      ![...definition.container].every((keyword) => CONTAINERS.has(keyword)) ||
      UNSUPPORTED_TYPES.has(definition.coercion) ||
      this.preferred().get(definition.iri) !== key
    );
  }

  /** Return the one member name for each property: Open Badges has `criteria`, and a type `Criteria` beside it. */
  private preferred(): ReadonlyMap<string, string> {
    if (this.names === null) {
      const order = [...this.definitions.keys()].sort(byPreference).reverse();
      this.names = new Map(order.map((term) => [this.definitions.get(term)?.iri ?? "", term]));
    }
    return this.names;
  }

  /** Return the IRI that `@vocab` gives to an undefined word; no context of the product has one. */
  private fromVocabulary(word: string, code: string, pointer: string): string {
    const { vocabulary, definitions } = this.active;
    if (vocabulary === null || !ALPHANUMERIC.test(word) || definitions.has(word)) {
      throw new ShapeError(code, { pointer });
    }
    return vocabulary + word;
  }
}

/** Order terms: lowercase, short and early ones first. */
function byPreference(one: string, other: string): number {
  const capital = Number(BEGINS_UPPERCASE.test(one)) - Number(BEGINS_UPPERCASE.test(other));
  return capital || one.length - other.length || byCodePoints(one, other);
}

/** Pinned contexts, and what was compiled from them. */
export class ContextSet extends PinnedContexts {
  private compiled = 0;
  private numbers = 0;
  private initial: Context;

  constructor(documents: StandardDocuments["contexts"]) {
    super(documents);
    this.initial = this.made(EMPTY, null);
  }

  /**
   * Return the context for a document with this `@context`.
   *
   * @throws ShapeError `unknown-context`.
   */
  root(value: unknown): Context {
    return this.extended(this.initial, this.urls(value, ""));
  }

  /**
   * Return the context extended by pinned ones, as an `@context` in a node does.
   *
   * @throws ShapeError `unknown-context`.
   */
  extended(context: Context, urls: readonly string[]): Context {
    const key = urls.join(" ");
    const scopes = urls.map((url) => this.documents[url]?.["@context"]);
    return context.children.get(key) ?? this.compile(context, key, scopes);
  }

  /**
   * Process local contexts upon `context`, once, and remember the outcome under `key`.
   *
   * @throws ShapeError `unknown-context`: the contexts contradict each other, such as by redefining protected terms.
   */
  compile(
    context: Context,
    key: Term | string,
    scopes: readonly unknown[],
    { overrideProtected = false, propagate = true }: { overrideProtected?: boolean; propagate?: boolean } = {},
  ): Context {
    if (this.compiled >= MAX_COMPILED) this.clear();
    const active = processed(context.active, scopes, overrideProtected);
    this.compiled += 1;
    const child = this.made(active, propagate ? context.previous : (context.previous ?? context));
    context.children.set(key, child);
    return child;
  }

  /** Forget what was compiled. */
  private clear(): void {
    this.compiled = 0;
    this.initial = this.made(EMPTY, null);
  }

  private made(active: ActiveContext, previous: Context | null): Context {
    this.numbers += 1;
    return new Context(this, active, previous, this.numbers);
  }
}

function processed(active: ActiveContext, scopes: readonly unknown[], overrideProtected: boolean): ActiveContext {
  try {
    return process(active, scopes, { overrideProtected });
  } catch (error) {
    if (!(error instanceof InvalidContextError)) throw error;
    throw new ShapeError("unknown-context", { pointer: "/@context" });
  }
}
