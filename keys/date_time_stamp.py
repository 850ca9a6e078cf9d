"""xsd:dateTimeStamp, a moment with its zone: the one form in which credentials, DID documents and registers have it."""

import re
from datetime import UTC, datetime
from functools import lru_cache

MAX_LENGTH = 40
"""The longest that the grammar allows is 35; what is longer must not stay in memory."""

_GRAMMAR = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)


def parse(text: str) -> datetime:
    """Return the moment in UTC; a year has four digits, an hour is at most 23, a fraction has at most nine digits.

    Raises:
        ValueError: Not in that form, or no day of the calendar.

    Source: XML Schema 1.1 part 2 section 3.4.28 (#dateTimeStamp), RFC 3339.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError("too long for a moment")
    return _parse(text)


def stamp(moment: datetime) -> str:
    """Return a moment in UTC, in whole seconds."""
    # Not strftime: that one writes the year 999 with three digits.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@lru_cache(maxsize=1024)
def _parse(text: str) -> datetime:
    # Cached: badges begin at midnights, so that many share their moments.
    if not _GRAMMAR.fullmatch(text):
        raise ValueError("not an xsd:dateTimeStamp")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a moment before the year 1 or after 9999") from error
