// RDF statements → the bytes that are hashed: RDFC-1.0 within a work budget. The counterpart of badges/proof/canonical.py.
//
// Most badges have no two blank nodes alike; then the first-degree hashes alone name them. Where nodes tie, the rest of
// the algorithm tries orders, whose number grows with the factorial of the ties; so each try is counted.
//
// Source: RDF Dataset Canonicalization (RDFC-1.0) §4 (#canonicalization), §7.1 (#dataset-poisoning).

import { sha256, sha384 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { byCodePoints } from "../code-points";
import { ShapeError } from "../errors";
import type { ContextSet } from "./contexts";
import { type Members, type Quad, toQuads } from "./jsonld";

// Orders to try. Badges need none or a few dozen; the hardest tests that W3C wants solved 2,880; a clique of 7 blank
// nodes, hundreds of thousands.
const MAX_STEPS = 5_000;
// Tying nodes in one connected piece; the algorithm calls itself for each.
const MAX_CONNECTED = 64;

export type HashAlgorithm = "sha256" | "sha384";
/** Blank node → its name, in the order in which they were given. */
type Issued = Map<string, string>;
type Path = { readonly path: string; readonly issued: Issued };

/**
 * Return the canonical N-Quads of a document in the one accepted shape, in UTF-8.
 *
 * @throws ShapeError as `toQuads` does, and `too-complex` for blank nodes that only much work could tell apart.
 */
export function canonical(document: Members, contexts: ContextSet): Uint8Array {
  return utf8ToBytes(canonicalLines(toQuads(document, contexts)).join(""));
}

/**
 * Return the statements in canonical N-Quads, sorted by code points, each line with its end; a repeated statement counts
 * once.
 *
 * @throws ShapeError `too-complex`.
 */
export function canonicalLines(quads: Iterable<Quad>, algorithm: HashAlgorithm = "sha256"): readonly string[] {
  const statements = [...new Map([...quads].map((quad) => [quad.join(" "), quad])).values()];
  const names = new Namer(statements, algorithm).names();
  return statements.map((quad) => line(quad, (term) => names.get(term) ?? term)).sort(byCodePoints);
}

/** Return a statement as a line of N-Quads, each term under its name. */
function line([subject, predicate, object, graph]: Quad, name: (term: string) => string): string {
  const statement = `${name(subject)} ${predicate} ${name(object)}`;
  return graph === "" ? `${statement} .\n` : `${statement} ${name(graph)} .\n`;
}

/** One run of the algorithm over one dataset. */
class Namer {
  private steps = 0;
  private readonly canonical: Issued = new Map();
  private readonly quads = new Map<string, Quad[]>();
  private readonly hashes: ReadonlyMap<string, string>;

  constructor(
    quads: Iterable<Quad>,
    private readonly algorithm: HashAlgorithm,
  ) {
    for (const quad of quads) {
      const [subject, , object, graph] = quad;
      for (const blank of new Set([subject, object, graph].filter(isBlank))) add(this.quads, blank, quad);
    }
    this.hashes = new Map([...this.quads.keys()].map((blank) => [blank, this.firstDegreeHash(blank)]));
  }

  /** Return the canonical name of each blank node. Source: RDFC-1.0 §4.4 (#canon-algorithm). */
  names(): ReadonlyMap<string, string> {
    const alike = new Map<string, string[]>();
    for (const [blank, digest] of this.hashes) add(alike, digest, blank);
    const ordered = sortedValues(alike);
    for (const blanks of ordered) {
      const [first] = blanks;
      if (blanks.length === 1 && first !== undefined) issue(this.canonical, first, "_:c14n");
    }
    for (const blanks of ordered) this.nameAlike(blanks.filter((blank) => !this.canonical.has(blank)));
    return this.canonical;
  }

  /** Name blank nodes whose own statements are alike, by what they are connected with. */
  private nameAlike(blanks: readonly string[]): void {
    const paths = blanks.map((blank) => this.connectedHash(blank, new Map([[blank, "_:b0"]])));
    // Digests: all ASCII, and equal ones keep their order.
    paths.sort((one, other) => byCodePoints(one.path, other.path));
    for (const { issued } of paths) {
      for (const blank of issued.keys()) issue(this.canonical, blank, "_:c14n");
    }
  }

  private hash(text: string): string {
    return bytesToHex((this.algorithm === "sha256" ? sha256 : sha384)(utf8ToBytes(text)));
  }

  /** Return the hash of a blank node's own statements. Source: RDFC-1.0 §4.6 (#hash-1d-quads). */
  private firstDegreeHash(me: string): string {
    const lines = (this.quads.get(me) ?? []).map((quad) => line(quad, (term) => seenFrom(me, term)));
    return this.hash(lines.sort(byCodePoints).join(""));
  }

  /**
   * Return the hash of a blank node's surroundings, and the names given on the way.
   *
   * Source: RDFC-1.0 §4.8 (#hash-nd-quads).
   */
  private connectedHash(me: string, issued: Issued): Path {
    const related = this.related(me, issued);
    let [data, names] = ["", issued];
    for (const digest of [...related.keys()].sort()) {
      const best = this.bestPath(related.get(digest) ?? [], names);
      data += digest + best.path;
      names = best.issued;
    }
    return { path: this.hash(data), issued: names };
  }

  /**
   * Return the blank nodes in the statements of `me`, by the hash of how they are related.
   *
   * Source: RDFC-1.0 §4.7 (#hash-related-blank-node).
   */
  private related(me: string, issued: Issued): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const [subject, predicate, object, graph] of this.quads.get(me) ?? []) {
      const relations = [
        [subject, `s${predicate}`],
        [object, `o${predicate}`],
        [graph, "g"],
      ] as const;
      for (const [other, relation] of relations) {
        if (!isBlank(other) || other === me) continue;
        const name = this.canonical.get(other) ?? issued.get(other) ?? this.hashes.get(other) ?? "";
        add(found, this.hash(relation + name), other);
      }
    }
    return found;
  }

  /** Return the least path over all orders of these nodes, and the names that it gives. */
  private bestPath(related: readonly string[], issued: Issued): Path {
    // One node may stand in several statements of a graph; then the orders would all be one.
    const orders = new Set(related).size > 1 ? permutations(related) : [related];
    let best: Path | null = null;
    for (const order of orders) {
      const found = this.path(order, new Map(issued));
      if (best === null || byCodePoints(found.path, best.path) < 0) best = found;
    }
    return best ?? { path: "", issued };
  }

  /**
   * Return the path through the nodes in this order, and the names that it gives.
   *
   * The standard breaks off a path that is longer and greater than the best one. That changes no outcome, and the budget
   * bounds the work anyway.
   *
   * @throws ShapeError `too-complex`.
   */
  private path(order: readonly string[], issued: Issued): Path {
    this.steps += 1;
    if (this.steps > MAX_STEPS || issued.size > MAX_CONNECTED) throw new ShapeError("too-complex");
    const fresh = [...new Set(order)].filter((blank) => !this.canonical.has(blank) && !issued.has(blank));
    let path = order.map((blank) => this.canonical.get(blank) ?? issue(issued, blank, "_:b")).join("");
    let names = issued;
    for (const blank of fresh) {
      const connected = this.connectedHash(blank, names);
      path += `${issue(names, blank, "_:b")}<${connected.path}>`;
      names = connected.issued;
    }
    return { path, issued: names };
  }
}

function isBlank(term: string): boolean {
  return term.startsWith("_:");
}

function add<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Return the values in the order of their keys, which are digests. */
function sortedValues<Value>(values: ReadonlyMap<string, Value>): readonly Value[] {
  return [...values].sort(([one], [other]) => byCodePoints(one, other)).map(([, value]) => value);
}

/** Yield the orders of some values, one at a time: there may be more than memory has room for. */
function* permutations(values: readonly string[]): Generator<readonly string[]> {
  if (values.length <= 1) {
    yield values;
    return;
  }
  for (const [index, first] of values.entries()) {
    for (const rest of permutations(values.toSpliced(index, 1))) yield [first, ...rest];
  }
}

/**
 * Return the name of a blank node, which it gets now if it has none.
 *
 * Source: RDFC-1.0 §4.5 (#issue-identifier).
 */
function issue(issued: Issued, blank: string, prefix: string): string {
  const name = issued.get(blank) ?? `${prefix}${issued.size}`;
  issued.set(blank, name);
  return name;
}

/** Return a term as the blank node `me` sees it: itself, another blank node, or what it is. */
function seenFrom(me: string, term: string): string {
  if (!isBlank(term)) return term;
  return term === me ? "_:a" : "_:z";
}
