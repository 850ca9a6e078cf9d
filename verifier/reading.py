"""Single fields of a credential, read carefully: the signer may be the attacker, and the schema may have failed."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
"""xsd:dateTimeStamp with a year of four digits; `fromisoformat` refuses what no calendar has."""

MAX_DATE_TIME = 40
"""The longest that the grammar allows is 35; what is longer must not stay in memory."""

Claims = Mapping[str, object]


def moment(text: object) -> datetime | None:
    """Return an xsd:dateTimeStamp as an aware UTC datetime, or None if it is none."""
    return parsed(text) if isinstance(text, str) and len(text) <= MAX_DATE_TIME else None


@lru_cache(maxsize=1024)
def parsed(text: str) -> datetime | None:
    """Return the moment; badges begin at midnights, so that many share it."""
    if not DATE_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def each(value: object) -> Iterator[object]:
    """Yield the values of a member that may hold one value or a list of them."""
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def objects(value: object) -> list[Claims]:
    """Return the objects of a member that may hold one object or a list of them."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def member(value: object, name: str) -> object:
    """Return a member of what should be an object; None when it is not there."""
    return value.get(name) if isinstance(value, dict) else None


def text(value: object) -> str:
    """Return what should be a text; "" when it is none."""
    return value if isinstance(value, str) else ""


def types(value: object) -> list[str]:
    """Return the types of an object."""
    return [one for one in each(member(value, "type")) if isinstance(one, str)]


def issuer_id(claims: Claims) -> str:
    """Return who says that it issued the credential."""
    issuer = claims.get("issuer")
    return text(issuer) or text(member(issuer, "id"))


def subject(claims: Claims) -> Claims:
    """Return the first subject; empty when there is none."""
    return next(iter(objects(claims.get("credentialSubject"))), {})


def achievement(claims: Claims) -> Claims:
    """Return what was achieved; empty when it is not said."""
    found = subject(claims).get("achievement")
    return found if isinstance(found, dict) else {}


def results(claims: Claims) -> list[Claims]:
    """Return the results of the subject."""
    return objects(subject(claims).get("result"))


def valid_from(claims: Claims) -> datetime | None:
    """Return the start of the validity period, by either data model."""
    return moment(claims.get("validFrom", claims.get("issuanceDate")))


def valid_until_text(claims: Claims) -> object:
    """Return the end of the validity period as written, by either data model."""
    return claims.get("validUntil", claims.get("expirationDate"))


MAX_SKEW = timedelta(seconds=60)
"""How far another computer's clock may be ahead of ours."""
