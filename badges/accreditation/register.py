"""The words of the register: providers, keys, scopes, accreditations, and when each holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keys.date_time_stamp import parse
from keys.public_key import PublicKey


class Standing(StrEnum):
    """What the registry says of an issuer for one achievement at one moment."""

    ACCREDITED = "accredited"
    REGISTERED = "registered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class StandingResult:
    """A standing and its reason, a stable code."""

    standing: Standing
    reason: str


@dataclass(frozen=True)
class Window:
    """From `start`, itself included, to `end`, itself excluded; without an end it is open."""

    start: datetime
    end: datetime | None = None

    def contains(self, at: datetime) -> bool:
        """Return whether the moment lies inside."""
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True)
class RegisteredKey:
    """A provider's key as the registry lists it."""

    id: str
    key: PublicKey
    window: Window
    revoked: datetime | None = None


@dataclass(frozen=True)
class Scope:
    """What an accreditation covers: a framework, or some areas or items of it, up to a level of one scheme.

    Without a scheme no level is covered, without areas and items the whole framework is.
    """

    framework: str
    areas: frozenset[str] | None = None
    items: frozenset[str] | None = None
    scheme: str | None = None
    highest: str | None = None


@dataclass(frozen=True)
class Accreditation:
    """An accreditor's word on a provider; `credential` is the signed text that says it.

    Attributes:
        accreditor: Its DID; `accreditor_name` is what it calls itself there.
    """

    provider: str
    accreditor: str
    accreditor_name: str
    scopes: tuple[Scope, ...]
    window: Window
    credential: str


@dataclass(frozen=True)
class RegisteredProvider:
    """A provider as the registry lists it."""

    did: str
    slug: str
    name: Mapping[str, str]
    url: str
    domain: str
    keys: Mapping[str, RegisteredKey]
    accreditations: tuple[Accreditation, ...] = ()
    suspensions: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """The register on one day.

    Attributes:
        number: Rises with every publication.
        accreditors: The DIDs whose accreditations count.
    """

    number: int
    issued: datetime
    registry: str
    providers: Mapping[str, RegisteredProvider]
    accreditors: frozenset[str] = frozenset()


def window(data: Mapping[str, object]) -> Window:
    """Return the window from `validFrom` to `validUntil`.

    Raises:
        KeyError: No `validFrom`.
        ValueError: Not dateTimeStamps.
    """
    end = data.get("validUntil")
    return Window(parse(text(data["validFrom"])), None if end is None else parse(text(end)))


def objects(value: object) -> list[Mapping[str, object]]:
    """Return the objects in a value that is one object or a list; whatever else stands there is left out."""
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, Mapping)]


def text(value: object) -> str:
    """Return the value, which is a text.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - what is wrong with a document is a value
    return value


def texts(value: object) -> list[str]:
    """Return the values, which are a list of texts.

    Raises:
        ValueError: They are not.
    """
    return [text(one) for one in value] if isinstance(value, list) else [text(value)]
