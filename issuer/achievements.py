"""What can be earned: defined once, in versions that never change, always tied to a skill standard."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from badges.alignments import Skill, item_alignment, level_alignment
from badges.errors import BadgeError
from badges.model import ACHIEVEMENT_TYPES, Achievement, Criteria, ResultDescription, RubricCriterionLevel
from badges.proof import check_text
from badges.web.body import Body
from issuer.addresses import Addresses
from issuer.store import Provider, Store, StoredAchievement
from schemas.frameworks import (
    FRAMEWORKS,
    IncomparableLevelsError,
    Level,
    UnknownFrameworkError,
    UnknownNameError,
    compare,
    framework,
    level_name,
    parse_level,
)

SLUG = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
MAX_MONTHS = 600
Words = Annotated[str, Field(min_length=1, max_length=300)]
LongWords = Annotated[str, Field(min_length=1, max_length=5_000)]
Code = Annotated[str, Field(min_length=1, max_length=100)]


class Said(Body):
    """Words in Japanese and, if there are any, in English."""

    ja: str
    en: str | None = None

    def said(self, language: str) -> str:
        """Return the words in a language, the Japanese ones where there are no others."""
        return (self.en or self.ja) if language == "en" else self.ja


class Name(Said):
    """A name."""

    ja: Words
    en: Words | None = None


class Text(Said):
    """A text."""

    ja: LongWords
    en: LongWords | None = None


class ItemReference(Body):
    """An item of a skill standard, such as `dss-p/2.0` and `dssp2-2.2-01`."""

    framework: Code
    item: Code


class LevelReference(Body):
    """A level, always whole: `itss/3`, `itss`, `3`."""

    framework: Code
    scheme: Code
    value: Code


class Definition(Body):
    """What a provider says of an achievement.

    Attributes:
        level: What everybody who earns it has reached.
        result_levels: What can be reached, from low to high, where it depends on the result.
        valid_months: How long a badge of it is good; None for ever.
        language: Of the words in the badge itself; the achievement's page shows both.
    """

    name: Name
    description: Text
    criteria: Text
    achievement_type: str = Field(default="Achievement", max_length=40)
    alignment: tuple[ItemReference, ...] = Field(min_length=1, max_length=50)
    level: LevelReference | None = None
    result_levels: tuple[LevelReference, ...] = Field(default=(), max_length=20)
    valid_months: Annotated[int, Field(ge=1, le=MAX_MONTHS)] | None = None
    language: Literal["ja", "en"] = "ja"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a definition: where, a stable code, and words for its text."""

    pointer: str
    code: str
    params: Mapping[str, str]


class InvalidAchievementError(Exception):
    """A definition that contradicts the skill standards, or that other verifiers would read differently."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def create_achievement(
    store: Store, addresses: Addresses, provider: Provider, achievement_id: str, *, definition: Definition
) -> StoredAchievement:
    """Enter an achievement's first version.

    Raises:
        DuplicateError: There is one of that id.
        InvalidAchievementError: The definition does not stand.
    """
    return enter(store, addresses, stored_as(provider.slug, achievement_id, 1, definition))


def create_version(
    store: Store, addresses: Addresses, provider: Provider, achievement_id: str, *, definition: Definition
) -> StoredAchievement:
    """Enter an achievement's next version; badges of the old one keep it.

    Raises:
        UnknownAchievementError: There is none of that id.
        DuplicateError: Somebody else has just entered that version.
        InvalidAchievementError: The definition does not stand.
    """
    newest = store.achievement(provider.slug, achievement_id)
    return enter(store, addresses, stored_as(provider.slug, achievement_id, newest.version + 1, definition))


def stored_as(provider: str, achievement_id: str, version: int, definition: Definition) -> StoredAchievement:
    """Return the row that a definition becomes."""
    text = definition.model_dump_json(by_alias=True, exclude_none=True)
    return StoredAchievement(provider, achievement_id, version, text, None)


def enter(store: Store, addresses: Addresses, stored: StoredAchievement) -> StoredAchievement:
    """Check an achievement and enter it."""
    faults = list(faults_of(definition_of(stored)))
    if faults:
        raise InvalidAchievementError(faults)
    require_safe(to_model(stored, definition_of(stored), addresses))
    store.add_achievement(stored)
    return stored


def require_safe(achievement: Achievement) -> None:
    """Refuse words that other verifiers would compute differently.

    Raises:
        InvalidAchievementError: Such words stand in it.
    """
    try:
        check_text(achievement.to_json())
    except BadgeError as error:
        raise InvalidAchievementError([Fault(error.pointer, error.code, error.params)]) from error


def definition_of(stored: StoredAchievement) -> Definition:
    """Return what a provider said of a stored achievement."""
    return Definition.model_validate_json(stored.definition)


def faults_of(definition: Definition) -> Iterator[Fault]:
    """Find what the skill standards do not know, and levels that are missing."""
    if definition.achievement_type not in ACHIEVEMENT_TYPES:
        yield Fault("/achievementType", "unknown-achievement-type", {})
    for index, item in enumerate(definition.alignment):
        yield from faults_of_item(item, f"/alignment/{index}")
        if item in definition.alignment[:index]:
            yield Fault(f"/alignment/{index}", "named-twice", {})
    levels = {"/level": definition.level} if definition.level else {}
    levels |= {f"/resultLevels/{index}": level for index, level in enumerate(definition.result_levels)}
    for pointer, level in levels.items():
        yield from faults_of_level(level, pointer)
    yield from faults_of_order(definition.result_levels)
    named = {level.framework for level in levels.values()}
    for key in sorted({item.framework for item in definition.alignment} & FRAMEWORKS.keys()):
        if FRAMEWORKS[key].has_scale and key not in named:
            yield Fault("/level", "level-missing", {"framework": key})


def faults_of_item(reference: ItemReference, pointer: str) -> Iterator[Fault]:
    """Find whether the standard has the item."""
    try:
        framework(reference.framework).item(reference.item)
    except UnknownFrameworkError as error:
        yield Fault(f"{pointer}/framework", "unknown-framework", {"nearest": error.suggestion})
    except UnknownNameError as error:
        yield Fault(f"{pointer}/item", "unknown-item", {"nearest": error.suggestion})


def faults_of_level(reference: LevelReference, pointer: str) -> Iterator[Fault]:
    """Find whether the standard has the level."""
    try:
        framework(reference.framework).level(reference.scheme, reference.value)
    except UnknownFrameworkError as error:
        yield Fault(f"{pointer}/framework", "unknown-framework", {"nearest": error.suggestion})
    except UnknownNameError as error:
        yield Fault(pointer, "unknown-level", {"nearest": error.suggestion})


def faults_of_order(levels: Sequence[LevelReference]) -> Iterator[Fault]:
    """Find levels that do not rise: the standard wants them from low to high, and only one scale has an order."""
    for index, (lower, higher) in enumerate(pairwise(levels), start=1):
        try:
            rises = compare(level_of(lower), level_of(higher)) < 0
        except (IncomparableLevelsError, UnknownNameError):
            rises = (lower.framework, lower.scheme) == (higher.framework, higher.scheme)
        if not rises:
            yield Fault(f"/resultLevels/{index}", "not-rising", {})


def to_model(
    stored: StoredAchievement, definition: Definition, addresses: Addresses, language: str | None = None
) -> Achievement:
    """Return the achievement as it stands in a badge; in another language only for people to look at."""
    language = language or definition.language
    address = addresses.achievement(stored.provider, stored.id, stored.version)
    registry = addresses.registry
    skills = [Skill(one.framework, one.item) for one in definition.alignment]
    items = tuple(item_alignment(skill, registry, language) for skill in skills)
    levels = (level_alignment(level_of(definition.level), registry, language),) if definition.level else ()
    return Achievement(
        id=address,
        name=definition.name.said(language),
        description=definition.description.said(language),
        criteria=Criteria(narrative=definition.criteria.said(language)),
        achievement_type=definition.achievement_type,
        alignment=items + levels,
        in_language=language,
        result_description=result_descriptions(definition, address, addresses, language=language),
        version=str(stored.version),
    )


def result_descriptions(
    definition: Definition, address: str, addresses: Addresses, *, language: str
) -> tuple[ResultDescription, ...]:
    """Return how well one can do, where the level depends on the result."""
    if not definition.result_levels:
        return ()
    steps = tuple(
        RubricCriterionLevel(
            id=level_id(address, level_of(level).code),
            name=level_name(level_of(level)).said(language),
            alignment=(level_alignment(level_of(level), addresses.registry, language),),
            level=level.value,
        )
        for level in definition.result_levels
    )
    return (ResultDescription(f"{address}#result", "Level", "RubricCriterionLevel", rubric_criterion_level=steps),)


def level_id(address: str, code: str) -> str:
    """Return the id of a level within an achievement."""
    return f"{address}#{code}"


def level_of(reference: LevelReference) -> Level:
    """Return the level that a reference names."""
    return Level(reference.framework, reference.scheme, reference.value)


def parse_result_level(definition: Definition, code: str) -> Level:
    """Return the level that a result names by its code.

    Raises:
        UnknownNameError: The achievement has no such level.
    """
    known = {level_of(level).code: level_name(level_of(level)) for level in definition.result_levels}
    if code not in known:
        raise UnknownNameError(code, known)
    return parse_level(code)
