"""The pinned JSON-LD contexts, compiled: what a term means at a place in a document.

Each context is processed once for each place where it can apply; a document then costs look-ups.

Source: JSON-LD 1.1 §4.1.8, §4.1.9 (#scoped-contexts), §4.1.10 (#context-propagation).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from badges.errors import ShapeError, escape
from badges.proof.context_processing import EMPTY, ActiveContext, Definition, InvalidContextError, process

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


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """What a member means: its predicate in N-Quads syntax, how its values are read, and its scoped context."""

    predicate: str
    coercion: str | None = None
    ordered: bool = False
    graph: bool = False
    scopes: tuple[object, ...] = ()


class Context:
    """An active context. Compared by identity; grows as terms are looked up and scoped contexts are entered."""

    def __init__(self, owner: "ContextSet", active: ActiveContext, previous: "Context | None" = None) -> None:
        self.owner = owner
        self.active = active
        # What type-scoped contexts were entered from: nodes below go back to it.
        self.previous = previous
        # A term that a context sets to null means nothing, and `@vocab` does not apply to it.
        self.definitions: Mapping[str, Definition] = {
            term: definition for term, definition in active.definitions.items() if definition.iri
        }
        self.terms: dict[str, Term] = {}
        self.types: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.children: dict[object, Context] = {}

    def define(self, key: str, pointer: str) -> Term:
        """Return what the member `key` means, and remember it.

        Raises:
            ShapeError: `undefined-term`, or `hidden-claims` for a keyword, an alias of one, or a kind of term that
                restructures the document.
        """
        place = f"{pointer}/{escape(key)}"
        if key.startswith("@"):
            raise ShapeError("hidden-claims", pointer=place)
        definition = self.definitions.get(key)
        if definition is None:
            return Term(f"<{self.from_vocabulary(key, 'undefined-term', place)}>")
        if (
            definition.iri.startswith("@")
            or not definition.plain
            or not definition.container <= CONTAINERS
            or definition.coercion in UNSUPPORTED_TYPES
            or self.preferred()[definition.iri] != key
        ):
            raise ShapeError("hidden-claims", pointer=place)
        term = Term(
            predicate=f"<{definition.iri}>",
            coercion=None if definition.coercion == f"{XSD}string" else definition.coercion,
            ordered="@list" in definition.container,
            graph="@graph" in definition.container,
            scopes=definition.scopes,
        )
        self.terms[key] = term
        return term

    def preferred(self) -> dict[str, str]:
        """Return the one member name for each property: Open Badges has `criteria`, and a type `Criteria` beside it."""
        if not self.names:
            order = sorted(self.definitions, key=lambda term: (term[:1].isupper(), len(term), term), reverse=True)
            # Assigned whole: another thread may be looking.
            self.names = {self.definitions[term].iri: term for term in order}
        return self.names

    def define_word(self, word: str, pointer: str, code: str = "undefined-type") -> str:
        """Return the IRI, in N-Quads syntax, of a word of the vocabulary: a type, or a value coerced to `@vocab`.

        Only words that a context defines; their full or compact IRIs would be second spellings.

        Raises:
            ShapeError: `code`.
        """
        definition = self.definitions.get(word)
        if definition is None:
            return f"<{self.from_vocabulary(word, code, pointer)}>"
        if definition.iri.startswith("@"):
            raise ShapeError(code, pointer=pointer)
        name = self.types[word] = f"<{definition.iri}>"
        return name

    def from_vocabulary(self, word: str, code: str, pointer: str) -> str:
        """Return the IRI that `@vocab` gives to an undefined word; no context of the product has one."""
        vocabulary = self.active.vocabulary
        if vocabulary is None or not word.isalnum() or not word.isascii() or word in self.active.definitions:
            raise ShapeError(code, pointer=pointer)
        return vocabulary + word

    def enter(self, term: Term, node: Mapping[str, object]) -> "Context":
        """Return the context for a node below `term`: type-scoped contexts end here, property-scoped ones begin."""
        context = self
        if self.previous is not None and not (len(node) == 1 and "id" in node):
            context = self.previous
        return context.scoped(term)

    def scoped(self, term: Term) -> "Context":
        """Return the context for the value of `term`."""
        if not term.scopes:
            return self
        return self.children.get(term) or self.owner.compile(self, term, term.scopes, override_protected=True)

    def typed(self, word: str, outer: "Context") -> "Context":
        """Return the context for the members of a node of the type `word`, which the `outer` context defines."""
        definition = outer.definitions.get(word)
        if definition is None or not definition.scopes:
            return self
        # The type-scoped contexts of one node stack upon one another; so the outer context belongs to the key.
        key = ("type", word, outer)
        return self.children.get(key) or self.owner.compile(self, key, definition.scopes, propagate=False)


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
        self.vocabularies: dict[tuple[str, ...], frozenset[str]] = {}
        self.clear()

    def clear(self) -> None:
        """Forget what was compiled."""
        self.compiled = 0
        self.children: dict[tuple[str, ...], Context] = {}
        self.initial = Context(self, EMPTY)

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
        known = context.children.get(urls)
        return known or self.compile(context, urls, [self.documents[url]["@context"] for url in urls])

    def compile(
        self,
        context: Context,
        key: object,
        scopes: Iterable[object],
        *,
        override_protected: bool = False,
        propagate: bool = True,
    ) -> Context:
        """Process local contexts upon `context`, once, and remember the outcome under `key`.

        Raises:
            ShapeError: `unknown-context`: the contexts contradict each other, such as by redefining protected terms.
        """
        with self.lock:
            if key in context.children:
                return context.children[key]
            if self.compiled >= MAX_COMPILED:
                self.clear()
            try:
                active = process(context.active, list(scopes), override_protected=override_protected)
            except InvalidContextError as error:
                raise ShapeError("unknown-context", pointer="/@context") from error
            self.compiled += 1
            previous = context.previous if propagate else context.previous or context
            child = context.children[key] = Context(self, active, previous)
            return child
