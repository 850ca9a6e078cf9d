"""Skill standards as versioned, immutable data: items, areas, and levels on named scales."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import orjson

FOLDER = Path(__file__).parent
FILES = ("dss-l-1", "dss-p-1.2", "dss-p-2.0", "itss-3")


@dataclass(frozen=True)
class Text:
    """The same words in Japanese and English."""

    ja: str
    en: str

    def said(self, language: str) -> str:
        """Return the words in "ja" or "en"."""
        return self.en if language == "en" else self.ja


class UnknownNameError(LookupError):
    """A framework, item or level that there is not.

    Args:
        name: What was given.
        known: What there is, each with its words.
    """

    def __init__(self, name: str, known: Mapping[str, Text]) -> None:
        super().__init__("no such name in the skill standards")
        self._name = name[:100]
        self._known = known

    @property
    def nearest(self) -> str:
        """What was probably meant, by id or by name, the newest of equals; "" if there is none. Takes time."""
        return max(reversed(list(self._known)), key=self._likeness, default="")

    @property
    def suggestion(self) -> str:
        """The nearest with its name, such as "dssp2-2.2-02 (機械学習・深層学習)"; "" if there is nothing."""
        return f"{self.nearest} ({self._known[self.nearest].ja})" if self._known else ""

    def _likeness(self, one: str) -> float:
        words = self._known[one]
        inside = any(self._name in name for name in (words.ja, words.en)) if self._name else False
        likeness = max(SequenceMatcher(None, self._name, name).ratio() for name in (one, words.ja, words.en))
        return likeness + inside


class Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> Text:
        """Its name."""
        ...


def names_of(things: Mapping[str, Named]) -> Mapping[str, Text]:
    """Return the names of things by their ids."""
    return {one: thing.name for one, thing in things.items()}


class UnknownFrameworkError(UnknownNameError):
    """No skill standard has that key."""


class UnknownAreaError(UnknownNameError):
    """The skill standard has no such area."""


class UnknownItemError(UnknownNameError):
    """The skill standard has no such item."""


class UnknownLevelError(UnknownNameError):
    """The skill standard has no such scale, or the scale no such level."""


class IncomparableLevelsError(Exception):
    """Levels of different scales: neither is higher."""


@dataclass(frozen=True)
class Area:
    """A part of a framework."""

    id: str
    name: Text


@dataclass(frozen=True)
class Item:
    """An entry of a framework; `verified` says that a retrieved text, `source`, names it so."""

    id: str
    name: Text
    area: str
    verified: bool
    source: str


@dataclass(frozen=True)
class LevelStep:
    """A step of a scale: its value, and its full name such as "ITSS V3 レベル3"."""

    value: str
    name: Text
    short: Text
    verified: bool


@dataclass(frozen=True)
class Scheme:
    """A named scale; its steps stand from low to high."""

    id: str
    name: Text
    steps: tuple[LevelStep, ...]
    verified: bool


@dataclass(frozen=True)
class Level:
    """A level is always framework, version, scheme and value: never a bare number."""

    framework: str
    scheme: str
    value: str

    @property
    def code(self) -> str:
        """The `targetCode` of an alignment to this level."""
        return f"{self.framework}/{self.scheme}/{self.value}"


@dataclass(frozen=True)
class Framework:
    """One version of a skill standard.

    Attributes:
        data: The whole file as published, "how sure" marks included.
    """

    id: str
    version: str
    name: Text
    short: Text
    areas: tuple[Area, ...]
    items: tuple[Item, ...]
    schemes: tuple[Scheme, ...]
    note: str
    data: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def key(self) -> str:
        """The framework and its version, such as "dss-p/2.0"."""
        return f"{self.id}/{self.version}"

    @property
    def has_scale(self) -> bool:
        """Whether the standard itself defines levels, so that an achievement must name one."""
        return any(scheme.id == self.id for scheme in self.schemes)

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    def area(self, area_id: str) -> Area:
        """Return the area.

        Raises:
            UnknownAreaError: There is none of that id.
        """
        known = {area.id: area for area in self.areas}
        if area_id not in known:
            raise UnknownAreaError(area_id, names_of(known))
        return known[area_id]

    def item(self, item_id: str) -> Item:
        """Return the item.

        Raises:
            UnknownItemError: There is none of that id.
        """
        if item_id not in self._items:
            raise UnknownItemError(item_id, names_of(self._items))
        return self._items[item_id]

    def level(self, scheme_id: str, value: str) -> LevelStep:
        """Return the step of a scale.

        Raises:
            UnknownLevelError: There is no such scale, or no such step on it.
        """
        steps = {f"{scheme.id}/{step.value}": step for scheme in self.schemes for step in scheme.steps}
        name = f"{scheme_id}/{value}"
        if name not in steps:
            raise UnknownLevelError(name, names_of(steps))
        return steps[name]


@dataclass(frozen=True)
class Crossing:
    """How an item fared between two versions: "same", or "none" while nobody has judged it."""

    item: str
    relation: str
    other: str


@dataclass(frozen=True)
class Exam:
    """An examination, the level it corresponds to, and the dates within which that holds."""

    id: str
    name: Text
    level: Level | None
    needs_practice: bool
    start: date | None
    end: date | None
    verified: bool


def framework(key: str) -> Framework:
    """Return the framework of that key, such as "dss-p/2.0".

    Raises:
        UnknownFrameworkError: There is none.
    """
    if key not in FRAMEWORKS:
        raise UnknownFrameworkError(key, names_of(FRAMEWORKS))
    return FRAMEWORKS[key]


def newest(key: str) -> Framework:
    """Return the newest version of the skill standard of which `key` names a version.

    Raises:
        UnknownFrameworkError: There is none.
    """
    versions = [one for one in FRAMEWORKS.values() if one.id == framework(key).id]
    return max(versions, key=lambda one: [int(part) for part in one.version.split(".")])


def parse_level(code: str) -> Level:
    """Return the level that a `targetCode` names.

    Raises:
        UnknownFrameworkError: The code names no framework that we have.
        UnknownLevelError: The framework has no such scale or step.
    """
    name, _, rest = code.rpartition("/")[0].rpartition("/")
    level = Level(name, rest, code.rpartition("/")[2])
    framework(level.framework).level(level.scheme, level.value)
    return level


def compare(first: Level, second: Level) -> int:
    """Return less than, equal to or more than 0 as `first` is lower, equal or higher.

    Raises:
        IncomparableLevelsError: They stand on different scales.
        UnknownLevelError: A level that its scale does not have.
    """
    if (first.framework, first.scheme) != (second.framework, second.scheme):
        raise IncomparableLevelsError("levels of different scales are never compared")
    return _rank(first) - _rank(second)


def level_name(level: Level) -> Text:
    """Return the level in full words, such as "ITSS V3 レベル3".

    Raises:
        UnknownFrameworkError, UnknownLevelError: There is none.
    """
    return framework(level.framework).level(level.scheme, level.value).name


def crosswalk(item_id: str) -> tuple[Crossing, ...]:
    """Return what became of an item in the other version of its standard; empty when there is no other version."""
    pairs = [(pair["v1"], pair["v2"]) for pair in _CROSSWALK["same"]]
    others = [second if item_id == first else first for first, second in pairs if item_id in (first, second)]
    if others:
        return tuple(Crossing(item_id, "same", other) for other in others)
    versions = [FRAMEWORKS[_CROSSWALK["from"]], FRAMEWORKS[_CROSSWALK["to"]]]
    known = any(item.id == item_id for version in versions for item in version.items)
    return (Crossing(item_id, "none", ""),) if known else ()


def exams(on: date) -> tuple[Exam, ...]:
    """Return the examinations whose mapping holds on that day, both ends included."""
    return tuple(exam for exam in EXAMS if (exam.start or on) <= on <= (exam.end or on))


def _rank(level: Level) -> int:
    chosen = framework(level.framework)
    step = chosen.level(level.scheme, level.value)
    return next(scheme for scheme in chosen.schemes if scheme.id == level.scheme).steps.index(step)


def _load(name: str) -> Any:  # noqa: ANN401 - our own file, its parts typed below
    return orjson.loads((FOLDER / f"{name}.json").read_bytes())


def _text(value: Mapping[str, str]) -> Text:
    return Text(value["ja"], value["en"])


def _framework(data: Mapping[str, Any]) -> Framework:
    return Framework(
        id=data["id"],
        version=data["version"],
        name=_text(data["name"]),
        short=_text(data["short"]),
        areas=tuple(Area(area["id"], _text(area["name"])) for area in data["areas"]),
        items=tuple(
            Item(item["id"], _text(item["name"]), item["area"], item["verified"], item["source"])
            for item in data["items"]
        ),
        schemes=tuple(_scheme(scheme) for scheme in data["schemes"]),
        note=data["note"],
        data=MappingProxyType(dict(data)),
    )


def _scheme(data: Mapping[str, Any]) -> Scheme:
    steps = tuple(
        LevelStep(step["value"], _text(step["name"]), _text(step["short"]), step["short"]["verified"])
        for step in data["steps"]
    )
    return Scheme(data["id"], _text(data["name"]), steps, data["verified"])


def _exam(data: Mapping[str, Any]) -> Exam:
    level = Level("itss/3", "itss", data["level"]) if data["level"] else None
    start, end = (date.fromisoformat(data[name]) if name in data else None for name in ("from", "until"))
    return Exam(data["id"], _text(data["name"]), level, data["needsPractice"], start, end, data["verified"])


_CROSSWALK = _load("crosswalk-dss-p-1.2-2.0")
FRAMEWORKS: Mapping[str, Framework] = MappingProxyType(
    {loaded.key: loaded for loaded in (_framework(_load(name)) for name in FILES)}
)
EXAMS: tuple[Exam, ...] = tuple(_exam(exam) for exam in _load("exams")["exams"])
