"""The cheap look at the JSON-LD of a VC-JWT: its signature covers the bytes, but they must mean what they seem to.

Every context pinned and in order, every member a word of them, no keyword and no null. Whether a word stands where its
context allows it is for the JSON Schema to say; a type that nobody defines says nothing to anybody, and hides nothing.
"""

from collections.abc import Mapping
from typing import Any

from badges.errors import ShapeError, escape
from badges.proof.contexts import ContextSet
from badges.proof.jsonld import EMBEDDED

Words = frozenset[str]


def screen(claims: Mapping[str, object], contexts: ContextSet) -> None:
    """Refuse claims outside the vocabulary of their contexts.

    Raises:
        ShapeError: `unknown-context`, `nested-context`, `undefined-term`, `hidden-claims`, with the
            JSON Pointer of the place.
    """
    words = contexts.vocabulary(contexts.urls(claims.get("@context"), ""))
    if not is_plain(claims, words):
        screen_node(claims, words, contexts, "")


def is_plain(claims: Mapping[str, object], words: Words) -> bool:
    """Tell whether there is nothing to screen more closely: no embedded credential, no fault whose place to name.

    Most badges are; whole sets of members are compared at once, and texts, most of all values, are passed over first.
    """
    if not claims.keys() - {"@context"} <= words:
        return False
    # Grows while it is walked: what stands inside follows what it stands in.
    pending: list[Any] = [claims.values()]
    for values in pending:
        for value in values:
            kind = type(value)
            if kind is str:
                continue
            if kind is list:
                pending.append(value)
            elif kind is dict:
                if not value.keys() <= words:
                    return False
                pending.append(value.values())
            elif value is None:
                return False
    return True


def screen_node(node: Mapping[str, object], words: Words, contexts: ContextSet, pointer: str) -> None:
    """Screen one object and all below it."""
    if pointer and "@context" in node:
        words = words | words_of_embedded(node, contexts, pointer)
    for key, value in node.items():
        if key not in words:
            if key == "@context":
                continue
            raise ShapeError(
                "hidden-claims" if key.startswith("@") else "undefined-term", pointer=f"{pointer}/{escape(key)}"
            )
        if not isinstance(value, str):
            screen_value(value, words, contexts, f"{pointer}/{key}")


def screen_value(value: object, words: Words, contexts: ContextSet, pointer: str) -> None:
    """Screen what a member holds."""
    if isinstance(value, dict):
        screen_node(value, words, contexts, pointer)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            if not isinstance(one, str):
                screen_value(one, words, contexts, f"{pointer}/{index}")
    elif value is None:
        raise ShapeError("hidden-claims", pointer=pointer)


def words_of_embedded(node: Mapping[str, object], contexts: ContextSet, pointer: str) -> Words:
    """Return the words that an embedded credential's own contexts add."""
    kinds = node.get("type")
    if not isinstance(kinds, list) or not any(kind in EMBEDDED for kind in kinds if isinstance(kind, str)):
        raise ShapeError("nested-context", pointer=f"{pointer}/@context")
    return contexts.vocabulary(contexts.urls(node["@context"], pointer))
