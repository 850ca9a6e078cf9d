"""The pinned JSON-LD contexts, compiled: what a term means at a place in a document.

PyLD processes each context once for each place where it can apply; a document then costs look-ups. Processing runs
under a lock and with caches of our own, because PyLD's shared ones are neither thread-safe nor bounded by what we pin.

Source: JSON-LD 1.1 §4.1.8, §4.1.9 (#scoped-contexts), §4.1.10 (#context-propagation).
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdError, JsonLdProcessor

from badges.errors import ShapeError, escape

MAX_CONTEXTS: Final = 8
# Compiled contexts to keep, some 50 KB each: our own badges need 20, and who invents combinations gets no more memory.
MAX_COMPILED: Final = 400
# Combinations of contexts, a few KB each.
MAX_VOCABULARIES: Final = 64
# The standard's first entry: VCDM 2.0, or 1.1.
FIRST: Final = ("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1")

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
CONTAINERS: Final = frozenset({"@set", "@list", "@graph"})
# What a term may not do: hide structure, or need rules on which implementations differ.
UNSUPPORTED_TYPES: Final = frozenset({"@json", "@none", f"{XSD}double"})
UNSUPPORTED_MEMBERS: Final = frozenset({"@language", "@direction", "@nest", "@index"})


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """What a member means: its predicate in N-Quads syntax, how its values are read, and its scoped context."""

    predicate: str
    coercion: str | None = None
    ordered: bool = False
    graph: bool = False
    scope: object = None


class Context:
    """An active context. Compared by identity; grows as terms are looked up and scoped contexts are entered."""

    def __init__(self, owner: "ContextSet", raw: Mapping[str, Any], near: "Context | None" = None) -> None:
        self.owner = owner
        self.raw = raw
        # A term that a context sets to null means nothing, and `@vocab` does not apply to it.
        self.mappings: Mapping[str, Mapping[str, Any]] = {
            term: mapping for term, mapping in raw["mappings"].items() if mapping and mapping["@id"]
        }
        self.vocabulary: str | None = raw.get("@vocab")
        self.terms: dict[str, Term] = {}
        self.types: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.children: dict[object, Context] = {}
        self.previous = previous_of(raw, near)

    def define(self, key: str, pointer: str) -> Term:
        """Return what the member `key` means, and remember it.

        Raises:
            ShapeError: `undefined-term`, or `hidden-claims` for a keyword, an alias of one, or a kind of term that
                restructures the document.
        """
        place = f"{pointer}/{escape(key)}"
        if key.startswith("@"):
            raise ShapeError("hidden-claims", pointer=place)
        mapping = self.mappings.get(key)
        if mapping is None:
            return Term(f"<{self.from_vocabulary(key, 'undefined-term', place)}>")
        containers = frozenset(mapping.get("@container", ()))
        coercion = mapping.get("@type")
        if (
            mapping["@id"].startswith("@")
            or mapping["reverse"]
            or not containers <= CONTAINERS
            or coercion in UNSUPPORTED_TYPES
            or not UNSUPPORTED_MEMBERS.isdisjoint(mapping)
            or self.preferred()[mapping["@id"]] != key
        ):
            raise ShapeError("hidden-claims", pointer=place)
        term = Term(
            predicate=f"<{mapping['@id']}>",
            coercion=None if coercion == f"{XSD}string" else coercion,
            ordered="@list" in containers,
            graph="@graph" in containers,
            scope=mapping.get("@context"),
        )
        self.terms[key] = term
        return term

    def preferred(self) -> dict[str, str]:
        """Return the one member name for each property: Open Badges has `criteria`, and a type `Criteria` beside it."""
        if not self.names:
            order = sorted(self.mappings, key=lambda term: (term[:1].isupper(), len(term), term), reverse=True)
            # Assigned whole: another thread may be looking.
            self.names = {self.mappings[term]["@id"]: term for term in order}
        return self.names

    def define_word(self, word: str, pointer: str, code: str = "undefined-type") -> str:
        """Return the IRI, in N-Quads syntax, of a word of the vocabulary: a type, or a value coerced to `@vocab`.

        Only words that a context defines; their full or compact IRIs would be second spellings.

        Raises:
            ShapeError: `code`.
        """
        mapping = self.mappings.get(word)
        if mapping is None:
            return f"<{self.from_vocabulary(word, code, pointer)}>"
        if mapping["@id"].startswith("@"):
            raise ShapeError(code, pointer=pointer)
        name = self.types[word] = f"<{mapping['@id']}>"
        return name

    def from_vocabulary(self, word: str, code: str, pointer: str) -> str:
        """Return the IRI that `@vocab` gives to an undefined word; no context of the product has one."""
        if self.vocabulary is None or not word.isalnum() or not word.isascii() or word in self.raw["mappings"]:
            raise ShapeError(code, pointer=pointer)
        return self.vocabulary + word

    def enter(self, term: Term, node: Mapping[str, object]) -> "Context":
        """Return the context for a node below `term`: type-scoped contexts end here, property-scoped ones begin."""
        context = self
        if self.previous is not None and not (len(node) == 1 and "id" in node):
            context = self.previous
        return context.scoped(term)

    def scoped(self, term: Term) -> "Context":
        """Return the context for the value of `term`."""
        if term.scope is None:
            return self
        return self.children.get(term) or self.owner.compile(self, term, term.scope, override_protected=True)

    def typed(self, word: str, outer: "Context") -> "Context":
        """Return the context for the members of a node of the type `word`, which the `outer` context defines."""
        mapping = outer.mappings.get(word)
        scope = mapping.get("@context") if mapping else None
        if scope is None or scope is False:
            return self
        # The type-scoped contexts of one node stack upon one another; so the outer context belongs to the key.
        key = ("type", word, outer)
        return self.children.get(key) or self.owner.compile(self, key, scope, propagate=False)


def previous_of(raw: Mapping[str, Any], near: Context | None) -> Context | None:
    """Return the context to which a node below goes back; it is the one that was extended, or that one's own."""
    earlier = raw.get("previousContext")
    if earlier is None or near is None:
        return None
    return near if earlier["_uuid"] == near.raw["_uuid"] else near.previous


def words(part: object) -> Iterator[str]:
    """Yield the terms that a context, or a part of one, defines; no keywords but the two everyday aliases."""
    if isinstance(part, list):
        for one in part:
            yield from words(one)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            if not key.startswith("@") and (key in {"id", "type"} or not is_keyword(value)):
                yield key
            yield from words(value)


def is_keyword(definition: object) -> bool:
    """Tell whether a term is another name for a keyword."""
    name = definition.get("@id") if isinstance(definition, Mapping) else definition
    return isinstance(name, str) and name.startswith("@")


class ContextSet:
    """Pinned contexts, and what was compiled from them."""

    def __init__(self, documents: Mapping[str, Mapping[str, object]]) -> None:
        self.documents = documents
        self.lock = Lock()
        self.processor = JsonLdProcessor()
        self.vocabularies: dict[tuple[str, ...], frozenset[str]] = {}
        self.clear()

    def clear(self) -> None:
        """Forget what was compiled."""
        self.compiled = 0
        self.children: dict[tuple[str, ...], Context] = {}
        self.options = {
            "contextResolver": ContextResolver({}, self.load),
            "documentLoader": self.load,
            "base": "",
            "isFrame": False,
            "processingMode": "json-ld-1.1",
        }
        self.initial = Context(self, self.processor.process_context({"mappings": {}}, None, self.options))

    def load(self, url: str, _options: object) -> dict[str, object]:
        """Return a pinned context to PyLD, which may write into it; nothing else has an address here."""
        return {"contextUrl": None, "documentUrl": url, "document": deepcopy(dict(self.documents[url]))}

    def urls(self, value: object, pointer: str) -> tuple[str, ...]:
        """Return the entries of an `@context`: pinned, the VCDM's first, none twice.

        Raises:
            ShapeError: `unknown-context`.
        """
        entries = value if isinstance(value, list) else [value]
        for index, entry in enumerate(entries):
            if not isinstance(entry, str) or entry not in self.documents:
                raise ShapeError("unknown-context", pointer=f"{pointer}/@context/{index}")
        if not 1 <= len(entries) <= MAX_CONTEXTS or entries[0] not in FIRST or len(set(entries)) != len(entries):
            raise ShapeError("unknown-context", pointer=f"{pointer}/@context")
        return tuple(entries)

    def vocabulary(self, urls: tuple[str, ...]) -> frozenset[str]:
        """Return every word that these contexts define somewhere."""
        known = self.vocabularies.get(urls)
        if known is None:
            if len(self.vocabularies) >= MAX_VOCABULARIES:
                self.vocabularies.clear()
            known = self.vocabularies[urls] = frozenset(word for url in urls for word in words(self.documents[url]))
        return known

    def root(self, value: object) -> Context:
        """Return the context for a document with this `@context`."""
        return self.extended(self.initial, self.urls(value, ""))

    def extended(self, context: Context, urls: tuple[str, ...]) -> Context:
        """Return the context extended by pinned ones, as an `@context` in a node does."""
        return context.children.get(urls) or self.compile(context, urls, list(urls))

    def compile(self, context: Context, key: object, scope: object, **rules: bool) -> Context:
        """Process a local context upon `context`, once, and remember the outcome under `key`.

        Raises:
            ShapeError: `unknown-context`: the contexts contradict each other, such as by redefining protected terms.
        """
        with self.lock:
            if key in context.children:
                return context.children[key]
            if self.compiled >= MAX_COMPILED:
                self.clear()
            try:
                # Not the public `process_context`: that one cannot be told where a scoped context stands.
                raw = self.processor._process_context(context.raw, scope, self.options, **rules)
            except JsonLdError as error:
                raise ShapeError("unknown-context", pointer="/@context") from error
            self.compiled += 1
            child = context.children[key] = Context(self, raw, context)
            return child
