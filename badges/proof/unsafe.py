"""What other verifiers would compute differently: found before signing, with the place and what to change.

Implementations differ on sorting (UTF-16 code units or code points), on escaping control characters and noncharacters,
and on numbers beyond 2^53.
"""

import re
from collections.abc import Mapping
from typing import Final

from badges.errors import UnsafeTextError, escape
from badges.proof.jsonld import MAX_INTEGER

# Tab, line feed and carriage return are escaped alike everywhere.
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NONCHARACTER: Final = re.compile(r"[\ufffe\uffff]")
SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
# From here on the order of UTF-16 code units is not that of code points.
SORTED_APART: Final = re.compile(r"[\ue000-\U0010ffff]")
IDENTIFIER: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|urn:|did:)")


def check_text(document: Mapping[str, object]) -> None:
    """Refuse what other verifiers would compute differently, so that a correct proof would fail there.

    Raises:
        UnsafeTextError: With the JSON Pointer of the place. `control-character` (remove it; tab and line breaks are
            fine), `noncharacter` (remove U+FFFE, U+FFFF), `lone-surrogate`, `unsafe-number` (beyond 2^53: write it as a
            string), `unsafe-order` (two values of one list, one with characters beyond U+FFFF: merge them or reword
            one), `unsafe-iri` (escape such characters).
    """
    check_value(document, "")


def check_value(value: object, pointer: str) -> None:
    """Check one value and all below it."""
    match value:
        case str():
            check_string(value, pointer)
        case Mapping():
            for key, member in value.items():
                check_value(member, f"{pointer}/{escape(str(key))}")
        case list() | tuple():
            for index, member in enumerate(value):
                check_value(member, f"{pointer}/{index}")
            check_order([member for member in value if isinstance(member, str)], pointer)
        case int() | float() if abs(value) > MAX_INTEGER:
            raise UnsafeTextError("unsafe-number", pointer=pointer)


def check_string(value: str, pointer: str) -> None:
    """Check the characters of one string."""
    if value.isascii() and value.isprintable():
        return
    for code, pattern in (
        ("control-character", CONTROL),
        ("noncharacter", NONCHARACTER),
        ("lone-surrogate", SURROGATE),
    ):
        found = pattern.search(value)
        if found:
            raise UnsafeTextError(code, pointer=pointer, character=f"U+{ord(found[0]):04X}")
    if IDENTIFIER.match(value) and SORTED_APART.search(value):
        raise UnsafeTextError("unsafe-iri", pointer=pointer)


def check_order(values: list[str], pointer: str) -> None:
    """Refuse values of one property which RDFC-1.0 sorts otherwise than JavaScript does."""
    if len(values) > 1 and sorted(values) != sorted(values, key=utf_16):
        raise UnsafeTextError("unsafe-order", pointer=pointer)


def utf_16(value: str) -> bytes:
    """Return the code units in their order."""
    return value.encode("utf-16-be")
