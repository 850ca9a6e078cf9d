"""A credential in the one accepted shape → RDF statements, by the pinned contexts.

JSON-LD can say the same in many spellings, and drops in silence what no context defines. Both let a signer hide claims
from whoever reads the JSON. So this is a straight walk that knows one spelling of each statement, and refuses the
rest, naming the place: a document that passes equals its own compaction, and every leaf of it is in the statements.

No context is ever fetched.

Source: JSON-LD 1.1 API §5.1 (#expansion-algorithm), §7.1 (#deserialize-json-ld-to-rdf-algorithm); VC Data Integrity
§2.4.1 (#validating-contexts).
"""

import math
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from badges.errors import ShapeError, escape
from badges.proof.contexts import Context, ContextSet, Term

MAX_DEPTH: Final = 32
# Objects, and values in arrays: some 50 ms. A badge has under a hundred.
MAX_VALUES: Final = 4_000
MAX_TYPES: Final = 8
# Each combination of types may need contexts to be compiled, at half a millisecond a type.
MAX_COMBINATIONS: Final = 64
# Beyond it, parsers that use doubles may have read another number than the one that was written: 2^53 + 1 as 2^53.
MAX_INTEGER: Final = 2**53 - 1

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE: Final = f"<{RDF}type>"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
# Stricter than the IRI grammar where that matters: nothing that would end or bend an N-Quads term.
ABSOLUTE_IRI: Final = re.compile(r'([A-Za-z][A-Za-z0-9+.-]*):[^\x00-\x20<>"{}|\\^`\x7f-\xa0]+')
ESCAPED: Final = re.compile(r'[\x00-\x1f"\\\x7f\ufffe\uffff]')
ESCAPES: Final = {code: f"\\u{code:04X}" for code in (*range(32), 0x7F, 0xFFFE, 0xFFFF)} | {
    ord(character): f"\\{letter}" for character, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)
}

RDF_FIRST: Final = f"<{RDF}first>"
RDF_REST: Final = f"<{RDF}rest>"
RDF_NIL: Final = f"<{RDF}nil>"
# What decides whether a credential holds: the credential itself, whom it is about, and its status.
WHOLE: Final = re.compile(r"(/(credentialSubject|credentialStatus)(/[0-9]+)?)?")
# Embedded credentials are the only nodes that may bring contexts of their own.
EMBEDDED: Final = frozenset({"EndorsementCredential", "VerifiableCredential"})
NAMING: Final = frozenset({"@context", "id", "type"})

# Subject, predicate, object and graph in N-Quads syntax; the default graph is "".
Quad = tuple[str, str, str, str]
# Predicates and objects of one node.
Said = set[tuple[str, str]]


class Place(NamedTuple):
    """Where the walk is: JSON Pointer, graph, and how deep."""

    pointer: str
    graph: str
    depth: int


def to_quads(document: Mapping[str, object], contexts: ContextSet) -> list[Quad]:
    """Return the statements that a document makes, each once, in no particular order.

    Raises:
        ShapeError: With the JSON Pointer of the place. `unknown-context`, `nested-context`, `undefined-term`,
            `undefined-type`, `relative-iri`, `hidden-claims` (another spelling than the accepted one, or something
            that makes no statement), `unsafe-number`, `too-complex`.
    """
    walk = Walk(contexts)
    walk.root(document)
    return list(walk.quads)


class Walk:
    """One pass over one document."""

    def __init__(self, contexts: ContextSet) -> None:
        self.contexts = contexts
        self.quads: dict[Quad, None] = {}
        self.values = 0
        self.blanks = 0
        self.combinations: set[Context] = set()
        # What was said of each identified node, by graph and IRI, and whether there it may be split: see `describe`.
        self.described: dict[tuple[str, str], list[tuple[Said, bool]]] = {}

    def root(self, document: Mapping[str, object]) -> None:
        """Walk the whole document."""
        self.node(document, self.contexts.root(document.get("@context")), Place("", "", 0))

    def node(self, node: Mapping[str, object], context: Context, place: Place) -> str:
        """State what a node says, and return its name; `context` is the one that its member leads to."""
        self.count(1, place)
        if place.depth > MAX_DEPTH:
            raise ShapeError("too-complex", pointer=place.pointer)
        if "@context" in node and place.pointer:
            context = self.nested_context(node, context, place)
        said, inner = self.types(node, context, place)
        subject = self.subject(node, inner, place)
        members = len(node) - ("id" in node) - ("type" in node) - ("@context" in node)
        if members:
            self.members(node, inner, place, said)
            if subject[0] == "<":
                self.describe(subject, said, place)
        quads, graph = self.quads, place.graph
        for predicate, one in said:
            quads[subject, predicate, one, graph] = None
        return subject

    def count(self, values: int, place: Place) -> None:
        """Refuse a document with more values than anybody has a use for."""
        self.values += values
        if self.values > MAX_VALUES:
            raise ShapeError("too-complex", pointer=place.pointer)

    def nested_context(self, node: Mapping[str, object], context: Context, place: Place) -> Context:
        """Return the context of an embedded credential, such as an endorsement."""
        kinds = node.get("type")
        if not isinstance(kinds, list) or EMBEDDED.isdisjoint(kind for kind in kinds if isinstance(kind, str)):
            raise ShapeError("nested-context", pointer=f"{place.pointer}/@context")
        return self.contexts.extended(context, self.contexts.urls(node["@context"], place.pointer))

    def types(self, node: Mapping[str, object], context: Context, place: Place) -> tuple[Said, Context]:
        """Return the statements about a node's types, and the context that these types bring for its members."""
        if "type" not in node:
            return set(), context
        value = node["type"]
        require_keyword(context, "type", "@type", place)
        words = value if isinstance(value, list) else [value]
        if not 1 <= len(words) <= MAX_TYPES:
            raise ShapeError("too-complex" if words else "hidden-claims", pointer=f"{place.pointer}/type")
        inner, said = context, set()
        for word in sorted(strings(words, f"{place.pointer}/type")):
            said.add((RDF_TYPE, context.types.get(word) or context.define_word(word, f"{place.pointer}/type")))
            inner = inner.typed(word, context)
        if len(said) != len(words):
            raise ShapeError("hidden-claims", pointer=f"{place.pointer}/type")
        self.combinations.add(inner)
        if len(self.combinations) > MAX_COMBINATIONS:
            raise ShapeError("too-complex", pointer=f"{place.pointer}/type")
        return said, inner

    def subject(self, node: Mapping[str, object], context: Context, place: Place) -> str:
        """Return the node's name: its `id`, or a fresh blank node."""
        if "id" not in node:
            return self.blank()
        require_keyword(context, "id", "@id", place)
        return iri(node["id"], context, f"{place.pointer}/id")

    def members(self, node: Mapping[str, object], context: Context, place: Place, said: Said) -> None:
        """Add what the members of a node say of it."""
        predicates = {RDF_TYPE}
        for key, value in node.items():
            if key in NAMING:
                continue
            term = context.terms.get(key) or context.define(key, place.pointer)
            pointer = f"{place.pointer}/{escape(key)}"
            if term.predicate in predicates:
                # Two terms for one property: which of them a value stood under would not be signed.
                raise ShapeError("hidden-claims", pointer=pointer)
            predicates.add(term.predicate)
            below = Place(pointer, place.graph, place.depth + 1)
            if isinstance(value, list):
                said.update((term.predicate, one) for one in self.several(term, value, context, below))
            elif term.ordered:
                said.update((term.predicate, one) for one in self.several(term, [value], context, below))
            else:
                said.add((term.predicate, self.one(term, value, context, below)))

    def several(self, term: Term, values: list[object], context: Context, place: Place) -> list[str]:
        """Return the objects of an array: the head of an RDF list, or each on its own."""
        if not values:
            raise ShapeError("hidden-claims", pointer=place.pointer)
        self.count(len(values), place)
        objects = [
            self.one(term, value, context, Place(f"{place.pointer}/{index}", place.graph, place.depth))
            for index, value in enumerate(values)
        ]
        if term.ordered:
            return [self.chain(objects, place.graph)]
        if len(set(objects)) != len(objects):
            raise ShapeError("hidden-claims", pointer=place.pointer)
        return objects

    def chain(self, objects: list[str], graph: str) -> str:
        """State an RDF list, and return its first cell."""
        rest = RDF_NIL
        for one in reversed(objects):
            cell = self.blank()
            self.quads[cell, RDF_FIRST, one, graph] = None
            self.quads[cell, RDF_REST, rest, graph] = None
            rest = cell
        return rest

    def one(self, term: Term, value: object, context: Context, place: Place) -> str:
        """Return the object that a single value is: a node, an IRI or a literal."""
        if isinstance(value, dict):
            inside = context.enter(term, value)
            if not term.graph:
                return self.node(value, inside, place)
            graph = self.blank()
            self.node(value, inside, Place(place.pointer, graph, place.depth))
            return graph
        if term.graph or value is None or isinstance(value, list):
            raise ShapeError("hidden-claims", pointer=place.pointer)
        if isinstance(value, str):
            return text(value, term, context, place.pointer)
        return number(value, term, place.pointer)

    def blank(self) -> str:
        """Return a fresh blank node."""
        self.blanks += 1
        return f"_:b{self.blanks}"

    def describe(self, subject: str, said: Said, place: Place) -> None:
        """Refuse a credential, subject or status that another place describes too, in other words.

        RDF would merge the descriptions: what says "revoked" or "until" could be moved from where it is read to where
        it is not, and the signature would still hold. Nodes of different types cannot take each other's members.
        """
        whole = WHOLE.fullmatch(place.pointer) is not None
        types = {value for predicate, value in said if predicate == RDF_TYPE}
        known = self.described.setdefault((place.graph, subject), [])
        for other, other_whole in known:
            shared = not types or types & {value for predicate, value in other if predicate == RDF_TYPE}
            if (whole or other_whole) and shared and other != said:
                raise ShapeError("hidden-claims", pointer=place.pointer)
        known.append((said, whole))


def require_keyword(context: Context, key: str, keyword: str, place: Place) -> None:
    """Refuse a context in which `id` or `type` means something else than everywhere."""
    definition = context.definitions.get(key)
    if definition is None or definition.iri != keyword:
        raise ShapeError("undefined-term", pointer=f"{place.pointer}/{key}")


def strings(values: list[object], pointer: str) -> list[str]:
    """Return the same values, which are strings."""
    words = [value for value in values if isinstance(value, str)]
    if len(words) != len(values):
        raise ShapeError("undefined-type", pointer=pointer)
    return words


def iri(value: object, context: Context, pointer: str) -> str:
    """Return an identifier in N-Quads syntax; an absolute IRI in full, because a compact one is a second spelling."""
    found = ABSOLUTE_IRI.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ShapeError("relative-iri", pointer=pointer)
    prefix = context.definitions.get(found[1])
    if prefix is not None and prefix.prefix and not found[0].startswith("//", len(found[1]) + 1):
        raise ShapeError("hidden-claims", pointer=pointer)
    return f"<{value}>"


def text(value: str, term: Term, context: Context, pointer: str) -> str:
    """Return what a string is, by the coercion of its term."""
    if term.coercion == "@id":
        return iri(value, context, pointer)
    if term.coercion == "@vocab":
        scoped = context.scoped(term)
        return scoped.types.get(value) or scoped.define_word(value, pointer, "relative-iri")
    return literal(value, term.coercion)


def literal(value: str, datatype: str | None) -> str:
    """Return a literal in canonical N-Quads syntax.

    Source: RDF 1.2 N-Quads §3 (#canonical-quads), to which RDFC-1.0 refers.
    """
    if ESCAPED.search(value):
        value = value.translate(ESCAPES)
    return f'"{value}"' if datatype is None else f'"{value}"^^<{datatype}>'


def number(value: object, term: Term, pointer: str) -> str:
    """Return a boolean or a number as a literal; a coercion to IRIs does not apply to them.

    Source: JSON-LD 1.1 API §8.6 (#data-round-tripping).
    """
    datatype = None if term.coercion in {"@id", "@vocab"} else term.coercion
    if isinstance(value, bool):
        return literal("true" if value else "false", datatype or f"{XSD}boolean")
    if not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > MAX_INTEGER:
        raise ShapeError("unsafe-number", pointer=pointer)
    if value == int(value):
        return literal(str(int(value)), datatype or f"{XSD}integer")
    whole, fraction, exponent = re.split("[.E]", f"{value:.15E}")
    return literal(f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}", datatype or f"{XSD}double")
