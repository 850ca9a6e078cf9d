// The cheap look at the JSON-LD of a VC-JWT: its signature covers the bytes, but they must mean what they seem to. Every
// context pinned and in order, every member a word of them, no keyword and no null. Whether a word stands where its
// context allows it is for the JSON Schema to say; a type that nobody defines says nothing to anybody, and hides nothing.

import { ShapeError, escape } from "../errors";
import { type Claims, type Json, isObject } from "../json";
import { type PinnedContexts, isEmbeddedCredential } from "./pinned-contexts";

type Words = ReadonlySet<string>;

/**
 * Refuse claims outside the vocabulary of their contexts.
 *
 * @throws ShapeError `unknown-context`, `nested-context`, `undefined-term`, `hidden-claims`, with the JSON Pointer of the
 * place.
 */
export function screen(claims: Claims, contexts: PinnedContexts): void {
  const words = contexts.vocabulary(contexts.urls(claims["@context"], ""));
  screenNode(claims, words, contexts, "");
}

/** Screen one object and all below it. */
function screenNode(node: Claims, outer: Words, contexts: PinnedContexts, pointer: string): void {
  const embedded = pointer !== "" && Object.hasOwn(node, "@context");
  const words = embedded ? new Set([...outer, ...wordsOfEmbedded(node, contexts, pointer)]) : outer;
  for (const [key, value] of Object.entries(node)) {
    if (words.has(key)) {
      screenValue(value, words, contexts, `${pointer}/${key}`);
    } else if (key !== "@context") {
      const code = key.startsWith("@") ? "hidden-claims" : "undefined-term";
      throw new ShapeError(code, { pointer: `${pointer}/${escape(key)}` });
    }
  }
}

/** Screen what a member holds. */
function screenValue(value: Json, words: Words, contexts: PinnedContexts, pointer: string): void {
  if (value === null) throw new ShapeError("hidden-claims", { pointer });
  if (Array.isArray(value)) {
    value.forEach((one, index) => screenValue(one, words, contexts, `${pointer}/${index}`));
  } else if (isObject(value)) {
    screenNode(value, words, contexts, pointer);
  }
}

/** Return the words that an embedded credential's own contexts add. */
function wordsOfEmbedded(node: Claims, contexts: PinnedContexts, pointer: string): Words {
  if (!isEmbeddedCredential(node["type"])) {
    throw new ShapeError("nested-context", { pointer: `${pointer}/@context` });
  }
  return contexts.vocabulary(contexts.urls(node["@context"], pointer));
}
