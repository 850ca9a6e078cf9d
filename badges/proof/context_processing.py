"""JSON-LD context processing, for contexts that are pinned: what each term means once a context is read.

It reads what contexts of credentials are made of. A context with more to it (`@import`, `@base`, `@propagate`, terms
with a colon, one that names another) is refused whole; a term with more (`@reverse`, `@nest`, `@language`, …) is
marked, and whoever uses it is refused. PyLD is the tests' second opinion.

Source: JSON-LD 1.1 API §4.1 (#context-processing-algorithm), §4.2 (#create-term-definition), §5.2 (#iri-expansion).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

# What a term or a coercion may be besides an IRI; of these, `jsonld` takes few.
KEYWORDS: Final = frozenset({"@graph", "@id", "@included", "@index", "@json", "@nest", "@none", "@type", "@vocab"})
KEYWORD_FORM: Final = re.compile(r"@[A-Za-z]+")
VERSION: Final = 1.1
READ_OF_CONTEXTS: Final = frozenset({"@version", "@protected", "@vocab"})
READ_OF_TERMS: Final = frozenset({"@id", "@type", "@container", "@context", "@protected", "@prefix"})
# An IRI that ends in one of RFC 3986's general delimiters serves as a prefix.
DELIMITERS: Final = tuple(":/?#[]@")


class InvalidContextError(ValueError):
    """A context that contradicts itself or another, or has more to it than is read here."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a term means.

    Attributes:
        iri: The property, type or keyword; "" for a term that a context sets to null: it means nothing.
        coercion: How its values are read: an IRI or a keyword.
        container: Keywords.
        scopes: The local contexts for what stands below it, in order; None among them clears what was before.
        prefix: Whether it serves in compact IRIs.
        protected: Whether other contexts may not define it otherwise.
        plain: Whether this is all that its definition says.
    """

    iri: str
    coercion: str | None = None
    container: frozenset[str] = frozenset()
    scopes: tuple[object, ...] = ()
    prefix: bool = False
    protected: bool = False
    plain: bool = True


@dataclass(frozen=True, slots=True)
class ActiveContext:
    """The terms that are defined at a place, and the IRI before all other words."""

    definitions: Mapping[str, Definition]
    vocabulary: str | None


EMPTY: Final = ActiveContext({}, None)


def process(active: ActiveContext, local: object, *, override_protected: bool = False) -> ActiveContext:
    """Return the active context with a local context upon it: an object, null, or an array of these.

    Raises:
        InvalidContextError: It redefines a protected term, or does what is not read here.
    """
    if isinstance(local, list):
        for part in local:
            active = process(active, part, override_protected=override_protected)
        return active
    if isinstance(local, Mapping):
        return Reading(active, local, override_protected=override_protected).outcome()
    if local is not None:
        raise InvalidContextError("a context within a context is an object or null")
    if not override_protected and any(definition.protected for definition in active.definitions.values()):
        raise InvalidContextError("protected terms are not cleared")
    return EMPTY


class Reading:
    """One context definition, while its terms are defined: each may need others of it first."""

    def __init__(self, active: ActiveContext, local: Mapping[str, Any], *, override_protected: bool) -> None:
        self.local = local
        self.override_protected = override_protected
        self.vocabulary = active.vocabulary
        self.definitions = dict(active.definitions)
        # A term → whether its definition is finished.
        self.finished: dict[str, bool] = {}

    def outcome(self) -> ActiveContext:
        """Return the active context.

        Raises:
            InvalidContextError: As `process` does.
        """
        terms = [key for key in self.local if not key.startswith("@")]
        if not self.local.keys() - terms <= READ_OF_CONTEXTS or self.local.get("@version", VERSION) != VERSION:
            raise InvalidContextError("a context has members that are not read here")
        if "@vocab" in self.local:
            self.vocabulary = self.absolute(self.local["@vocab"]) if self.local["@vocab"] is not None else None
        for term in terms:
            self.define(term, override_protected=self.override_protected)
        return ActiveContext(self.definitions, self.vocabulary)

    def define(self, term: str, *, override_protected: bool = False) -> None:
        """Define a term of this context, unless that is done; the standard lets no term override one in passing."""
        if term in self.finished:
            if not self.finished[term]:
                raise InvalidContextError(f"{term} is defined by itself")
            return
        self.finished[term] = False
        before = self.definitions.pop(term, None)
        made = self.definition(term, self.local[term])
        if before is not None and before.protected and not override_protected:
            if replace(made, protected=True) != before:
                raise InvalidContextError(f"{term} is protected")
            made = before
        self.definitions[term] = made
        self.finished[term] = True

    def definition(self, term: str, value: object) -> Definition:
        """Return the definition that a value gives to a term."""
        if not term or ":" in term or "/" in term:
            raise InvalidContextError("a term is a word")
        said: Mapping[str, Any] = value if isinstance(value, Mapping) else {"@id": value}
        iri = self.property(term, said)
        if "@prefix" in said and iri.startswith("@"):
            raise InvalidContextError(f"{term} is a keyword and no prefix")
        return Definition(
            iri=iri,
            coercion=self.absolute(said["@type"]) if "@type" in said else None,
            container=frozenset(listed(said.get("@container", []))),
            scopes=tuple(listed(said["@context"])) if "@context" in said else (),
            prefix=iri.endswith(DELIMITERS) if said is not value else said.get("@prefix", False),
            protected=said.get("@protected", self.local.get("@protected", False)),
            plain=said.keys() <= READ_OF_TERMS,
        )

    def property(self, term: str, said: Mapping[str, Any]) -> str:
        """Return the IRI or keyword that a term stands for; "" for null."""
        name = said.get("@id", said.get("@reverse", term))
        if name is None:
            return ""
        if name != term:
            return self.absolute(name)
        if self.vocabulary is None:
            raise InvalidContextError(f"{term} stands for nothing")
        return self.vocabulary + term

    def absolute(self, value: object) -> str:
        """Return the IRI or keyword that a word, compact IRI, IRI or keyword stands for."""
        iri = self.expanded(value) if isinstance(value, str) else ""
        if iri.startswith("_:") or (":" not in iri and iri not in KEYWORDS):
            raise InvalidContextError(f"{value} is no IRI")
        return iri

    def expanded(self, value: str) -> str:
        """Return what a value is by the terms of this context and of those before it."""
        if KEYWORD_FORM.fullmatch(value):
            return value
        known = self.known(value)
        if known is not None:
            return known.iri
        prefix, colon, suffix = value.partition(":")
        if colon:
            known = None if prefix == "_" or suffix.startswith("//") else self.known(prefix)
            return known.iri + suffix if known is not None and known.prefix else value
        return value if self.vocabulary is None else self.vocabulary + value

    def known(self, term: str) -> Definition | None:
        """Return the definition of a term, made now if it is one of this context."""
        if term in self.local and not term.startswith("@"):
            self.define(term)
        return self.definitions.get(term)


def listed(value: object) -> list[Any]:
    """Return an array as it is, and anything else as the one member of an array."""
    return value if isinstance(value, list) else [value]
