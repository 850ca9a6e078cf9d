"""Single fields of a credential, read carefully: the signer may be the attacker, and the schema may have failed."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from keys import date_time_stamp

Claims = Mapping[str, object]


def moment(text: object) -> datetime | None:
    """Return an xsd:dateTimeStamp as an aware UTC datetime, or None if it is none."""
    try:
        return date_time_stamp.parse(text) if isinstance(text, str) else None
    except ValueError:
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
    found = member(value, "type")
    if isinstance(found, str):
        return [found]
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def issuer_id(claims: Claims) -> str:
    """Return who says that it issued the credential."""
    issuer = claims.get("issuer")
    return text(issuer) or text(member(issuer, "id"))


def subject(claims: Claims) -> Claims:
    """Return the first subject; empty when there is none."""
    found = claims.get("credentialSubject")
    return found if isinstance(found, dict) else next(iter(objects(found)), {})


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
