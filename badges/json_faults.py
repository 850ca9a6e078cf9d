"""Where a text breaks the rules of strict JSON: looked for only once it is known that it does, to tell its author.

It reads leniently, with Python's own decoder, and marks what a strict reader refuses.
"""

import json
from typing import Any, Final

from badges.errors import escape

NOT_FINITE: Final = object()
"""Stands where the text says NaN or Infinity."""


class Repeated(dict[str, Any]):
    """An object of which a member stands twice."""

    def __init__(self, pairs: list[tuple[str, Any]], name: str) -> None:
        super().__init__(pairs)
        self.name = name


def find(text: bytes) -> tuple[str, str]:
    """Return the code and the JSON Pointer of the first fault: "duplicate-member", "not-finite" or "lone-surrogate".

    Anything else, such as a missing bracket, is "not-json" at "".
    """
    # Numbers stay texts: Python turns long ones into integers at quadratic cost, or refuses.
    decoder = json.JSONDecoder(
        object_pairs_hook=read_object, parse_constant=lambda _: NOT_FINITE, parse_int=str, parse_float=str
    )
    try:
        value = decoder.decode(text.decode())
    except (ValueError, RecursionError):
        return "not-json", ""
    return first_fault(value) or ("not-json", "")


def read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, and remember the first name that it has twice."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            return Repeated(pairs, name)
        made[name] = value
    return made


def first_fault(value: object) -> tuple[str, str] | None:
    """Return the code and place of the first fault in a value, outer ones first."""
    pending: list[tuple[object, str]] = [(value, "")]
    for one, pointer in pending:
        if one is NOT_FINITE:
            return "not-finite", pointer
        if isinstance(one, str) and has_surrogate(one):
            return "lone-surrogate", pointer
        if isinstance(one, Repeated):
            return "duplicate-member", f"{pointer}/{escape(one.name)}"
        if isinstance(one, dict):
            if any(map(has_surrogate, one)):
                return "lone-surrogate", pointer
            pending += [(inside, f"{pointer}/{escape(name)}") for name, inside in one.items()]
        elif isinstance(one, list):
            pending += [(inside, f"{pointer}/{index}") for index, inside in enumerate(one)]
    return None


def has_surrogate(text: str) -> bool:
    """Tell whether half a character stands in a text."""
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
