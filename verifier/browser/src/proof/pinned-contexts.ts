// The pinned JSON-LD contexts as they are written: which may stand in a credential, and every word that they define. What
// the words mean is `contexts`, which only embedded proofs need.

import { ShapeError } from "../errors";
import { isObject } from "../json";
import type { StandardDocuments } from "../documents";

const MAX_CONTEXTS = 8;
// Combinations of contexts, a few KB each.
const MAX_VOCABULARIES = 64;
// The standard's first entry: VCDM 2.0, or 1.1.
const FIRST: ReadonlySet<unknown> = new Set([
  "https://www.w3.org/ns/credentials/v2",
  "https://www.w3.org/2018/credentials/v1",
]);
// Embedded credentials are the only nodes that may bring contexts of their own.
const EMBEDDED: ReadonlySet<unknown> = new Set(["EndorsementCredential", "VerifiableCredential"]);

/** Pinned contexts by URL; no other is ever read, and none fetched. */
export class PinnedContexts {
  private readonly vocabularies = new Map<string, ReadonlySet<string>>();

  constructor(readonly documents: StandardDocuments["contexts"]) {}

  /**
   * Return the entries of an `@context`: pinned, the VCDM's first, none twice.
   *
   * @throws ShapeError `unknown-context`.
   */
  urls(value: unknown, pointer: string): readonly string[] {
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
    const known = entries.map((entry, index) => this.url(entry, `${pointer}/@context/${index}`));
    if (known.length > MAX_CONTEXTS || !FIRST.has(known[0]) || new Set(known).size !== known.length) {
      throw new ShapeError("unknown-context", { pointer: `${pointer}/@context` });
    }
    return known;
  }

  /** Return every word that these contexts define somewhere. */
  vocabulary(urls: readonly string[]): ReadonlySet<string> {
    const key = urls.join(" ");
    const known = this.vocabularies.get(key);
    if (known !== undefined) return known;
    if (this.vocabularies.size >= MAX_VOCABULARIES) this.vocabularies.clear();
    const made = new Set<string>();
    for (const url of urls) addWords(made, this.documents[url]);
    this.vocabularies.set(key, made);
    return made;
  }

  private url(entry: unknown, pointer: string): string {
    if (typeof entry === "string" && Object.hasOwn(this.documents, entry)) return entry;
    throw new ShapeError("unknown-context", { pointer });
  }
}

/** Tell whether a node's `type` is that of an embedded credential, which alone may bring contexts. */
export function isEmbeddedCredential(types: unknown): boolean {
  return Array.isArray(types) && types.some((type) => EMBEDDED.has(type));
}

/** Add the terms that a context, or a part of one, defines; no keywords but the two everyday aliases. */
function addWords(found: Set<string>, part: unknown): void {
  if (Array.isArray(part)) {
    for (const one of part) addWords(found, one);
    return;
  }
  if (!isObject(part)) return;
  for (const [key, value] of Object.entries(part)) {
    if (!key.startsWith("@") && (key === "id" || key === "type" || !isKeyword(value))) found.add(key);
    addWords(found, value);
  }
}

/** Tell whether a term is another name for a keyword. */
function isKeyword(definition: unknown): boolean {
  const name = isObject(definition) ? definition["@id"] : definition;
  return typeof name === "string" && name.startsWith("@");
}
