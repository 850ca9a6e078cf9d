"""What people are shown of the register: days as the calendar in Japan has them, and scopes in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from badges.accreditation import Accreditation, RegisteredProvider, Scope, Snapshot, Window
from badges.alignments import title
from badges.web.language import Language
from schemas.frameworks import Level, UnknownNameError, framework, level_name

ZONE = ZoneInfo("Asia/Tokyo")
"""Windows start and end at midnight in Japan, where the register is kept."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""In words of our own: the computer may speak another language."""

STATES = ("suspended", "accredited", "not-accredited")


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included; no last day while nobody ends it."""

    first: str
    last: str | None


@dataclass(frozen=True)
class ShownScope:
    """A standard or parts of it, and up to which level; "" without one."""

    standard: str
    parts: Sequence[str]
    level: str


@dataclass(frozen=True)
class ShownAccreditation:
    """Who vouches, since when and for what."""

    accreditor: str
    period: Period
    scopes: Sequence[ShownScope]


@dataclass(frozen=True)
class ShownProvider:
    """A provider; `state` is one of `STATES`, as of now."""

    name: str
    url: str
    domain: str
    did: str
    state: str
    accreditations: Sequence[ShownAccreditation]
    suspensions: Sequence[Period]


def shown_providers(snapshot: Snapshot, now: datetime, language: Language) -> list[ShownProvider]:
    """Return the register's providers by name."""
    shown = [shown_provider(one, now, language) for one in snapshot.providers.values()]
    return sorted(shown, key=lambda one: one.name)


def shown_provider(provider: RegisteredProvider, now: datetime, language: Language) -> ShownProvider:
    """Return one provider."""
    return ShownProvider(
        name=provider.name[language],
        url=provider.url,
        domain=provider.domain,
        did=provider.did,
        state=state_of(provider, now),
        accreditations=[shown_accreditation(one, language) for one in provider.accreditations],
        suspensions=[period(one, language) for one in provider.suspensions],
    )


def state_of(provider: RegisteredProvider, now: datetime) -> str:
    """Return what holds at a moment: a suspension stands above every accreditation."""
    if any(one.contains(now) for one in provider.suspensions):
        return "suspended"
    return "accredited" if any(one.window.contains(now) for one in provider.accreditations) else "not-accredited"


def shown_accreditation(given: Accreditation, language: Language) -> ShownAccreditation:
    """Return one accreditation."""
    scopes = [shown_scope(scope, language) for scope in given.scopes]
    return ShownAccreditation(given.accreditor_name, period(given.window, language), scopes)


def shown_scope(scope: Scope, language: Language) -> ShownScope:
    """Return what an accreditation covers, in the words of the standard."""
    standard = framework(scope.framework)
    names = {area.id: area.name for area in standard.areas} | {item.id: item.name for item in standard.items}
    covered = {*(scope.areas or ()), *(scope.items or ())}
    # In the standard's order; what it does not have keeps its code.
    parts = [name.said(language) for code, name in names.items() if code in covered] + sorted(covered - names.keys())
    return ShownScope(title(standard, language), parts, highest(scope, language))


def highest(scope: Scope, language: Language) -> str:
    """Return the level up to which a scope reaches, in full words; "" if it covers no level."""
    if not scope.scheme or not scope.highest:
        return ""
    try:
        return level_name(Level(scope.framework, scope.scheme, scope.highest)).said(language)
    except UnknownNameError:
        return f"{scope.scheme} {scope.highest}"


def period(window: Window, language: Language) -> Period:
    """Return a window by its first and last day: one that ends at midnight ends with the day before."""
    last = None if window.end is None else window.end - timedelta(microseconds=1)
    return Period(day(window.start, language), day(last, language) if last else None)


def day(moment: datetime, language: Language) -> str:
    """Return the day in Japan at a moment."""
    found: date = moment.astimezone(ZONE).date()
    if language == "ja":
        return f"{found.year}年{found.month}月{found.day}日"
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"
