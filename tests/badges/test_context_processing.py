"""Contexts, read: as PyLD reads them, or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdError, JsonLdProcessor

from badges.proof.context_processing import EMPTY, ActiveContext, InvalidContextError, process
from badges.proof.contexts import FIRST
from schemas.documents import CONTEXTS
from tests.fakes.contexts import WITH_EXAMPLES

MAX_SCOPES = 4  # one within another


class Theirs:
    """An active context of PyLD."""

    def __init__(self) -> None:
        self.processor = JsonLdProcessor()
        self.options = {
            "contextResolver": ContextResolver({}, None),
            "base": "",
            "isFrame": False,
            "processingMode": "json-ld-1.1",
        }
        self.active: Any = self.processor.process_context({"mappings": {}}, None, self.options)

    def with_context(self, local: object, *, override_protected: bool = False) -> "Theirs":
        made = Theirs()
        made.active = self.processor._process_context(
            self.active, deepcopy(local), self.options, override_protected=override_protected
        )
        return made

    def terms(self) -> dict[str, tuple[Any, ...]]:
        return {term: self.term(mapping) for term, mapping in self.active["mappings"].items()}

    def term(self, mapping: Mapping[str, Any]) -> tuple[Any, ...]:
        container = mapping.get("@container", [])
        return (
            mapping["@id"] or "",
            mapping.get("@type"),
            set(container),
            "@context" in mapping,
            bool(mapping.get("_prefix")),
            bool(mapping.get("protected")),
        )


def terms(active: ActiveContext) -> dict[str, tuple[Any, ...]]:
    return {
        term: (
            one.iri,
            one.coercion,
            set(one.container),
            bool(one.scopes),
            one.prefix,
            one.protected,
        )
        for term, one in active.definitions.items()
    }


def places(ours: ActiveContext, theirs: Theirs, depth: int = 0) -> Iterator[tuple[ActiveContext, Theirs]]:
    """The contexts, and those within them as far down as documents of some sense go."""
    yield ours, theirs
    for definition in ours.definitions.values():
        if definition.scopes and depth < MAX_SCOPES:
            local = list(definition.scopes)
            inner = process(ours, local, override_protected=True)
            if inner.definitions != ours.definitions:
                yield from places(inner, theirs.with_context(local, override_protected=True), depth + 1)


@pytest.mark.parametrize("url", WITH_EXAMPLES)
def test_every_pinned_context_is_read_as_pyld_reads_it(url: str) -> None:
    first: Any = [] if url in FIRST else [CONTEXTS[FIRST[0]]["@context"]]
    entries = [*first, WITH_EXAMPLES[url]["@context"]]
    theirs: Any = Theirs()
    with suppress(JsonLdError):
        theirs = theirs.with_context(entries)
        compared = 0
        for ours, other in places(process(EMPTY, entries), theirs):
            assert terms(ours) == other.terms()
            assert ours.vocabulary == other.active.get("@vocab")
            compared += 1
        assert compared > 0


WORDS = st.sampled_from(["a", "b", "ex", "id"])
NAMES = st.one_of(
    WORDS,
    st.sampled_from(
        ["@id", "@type", "urn:x:1", "ex:1", "a:b", "_:b", "ex://1", "https://x.example/", "@vocab", None, ""]
    ),
)
DEFINITIONS = st.one_of(
    NAMES,
    st.fixed_dictionaries(
        {},
        optional={
            "@id": NAMES,
            "@type": st.sampled_from(["@id", "@vocab", "@json", "urn:x:1", "ex:1", "a:b"]),
            "@container": st.sampled_from(["@set", ["@list"], "@graph"]),
            "@protected": st.booleans(),
            "@prefix": st.booleans(),
            "@context": st.just({}),
        },
    ),
)
# PyLD stumbles over `"@protected": false` and over a null `@vocab` where there is none.
LOCALS = st.one_of(
    st.none(),
    st.dictionaries(WORDS, DEFINITIONS, max_size=4).flatmap(
        lambda made: st.fixed_dictionaries(
            {term: st.just(value) for term, value in made.items()},
            optional={"@protected": st.sampled_from([True]), "@vocab": st.just("urn:v:"), "@version": st.just(1.1)},
        )
    ),
)


@given(st.lists(LOCALS, max_size=3), st.booleans())
def test_what_is_taken_means_the_same_to_pyld(local: list[object], override: object) -> None:
    with suppress(InvalidContextError):
        ours = process(EMPTY, local, override_protected=bool(override))
        theirs = Theirs().with_context(local, override_protected=bool(override))
        assert terms(ours) == theirs.terms()
        assert ours.vocabulary == theirs.active.get("@vocab")


@pytest.mark.parametrize(
    "local",
    [
        "https://x.example/context",
        {"@import": "https://x.example/context"},
        {"@base": "https://x.example/"},
        {"@propagate": False},
        {"@version": 1.0},
        {"@vocab": "relative"},
        {"@vocab": 1},
        {"": "urn:x:1"},
        {"a:b": "urn:x:1"},
        {"a/b": "urn:x:1"},
        {"a": {}},
        {"a": "@context"},
        {"a": "_:b"},
        {"a": "@unheard"},
        {"a": "b", "b": "a"},
        {"a": "b", "b": None},
        {"a": {"@id": "@type", "@prefix": False}},
        {"a": {"@id": "urn:x:1", "@type": "relative"}},
        [{"@protected": True, "a": "urn:x:1"}, {"a": "urn:x:2"}],
        [{"@protected": True, "a": "urn:x:1"}, None],
    ],
)
def test_what_is_not_read_here_is_refused_whole(local: object) -> None:
    with pytest.raises(InvalidContextError):
        process(EMPTY, local)


def test_a_protected_term_may_be_said_again_and_stays_protected() -> None:
    active = process(EMPTY, [{"@protected": True, "a": "urn:x:1"}, {"a": "urn:x:1"}])

    assert active.definitions["a"].protected
    assert process(active, {"a": "urn:x:2"}, override_protected=True).definitions["a"].iri == "urn:x:2"
    assert process(active, None, override_protected=True) == EMPTY
