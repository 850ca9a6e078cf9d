"""Alignments to skill standards: how an item or a level stands in a badge, and how it is read back.

What a person is shown and what the register is asked about are read here, by the same rule.

Source: Open Badges 3.0, Alignment (#org.1edtech.ob.v3p0.alignment.class).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from badges.model import Alignment
from schemas.frameworks import Framework, Level, UnknownNameError, framework, level_name, parse_level

ITEM: Final = "CFItem"
LEVEL: Final = "CFRubricCriterionLevel"


@dataclass(frozen=True)
class Skill:
    """An item of a skill standard: the framework's key, such as "dss-p/2.0", and the item's id."""

    framework: str
    item: str


def item_alignment(skill: Skill, registry: str, language: str) -> Alignment:
    """Return the alignment to an item, which is read at the registry's address.

    Raises:
        UnknownNameError: There is no such item.
    """
    standard = framework(skill.framework)
    return Alignment(
        target_name=standard.item(skill.item).name.said(language),
        target_url=item_url(skill, registry),
        target_code=skill.item,
        target_framework=title(standard, language),
        target_type=ITEM,
    )


def level_alignment(level: Level, registry: str, language: str) -> Alignment:
    """Return the alignment to a level, named in full words.

    Raises:
        UnknownNameError: There is no such level.
    """
    return Alignment(
        target_name=level_name(level).said(language),
        target_url=level_url(level, registry),
        target_code=level.code,
        target_framework=title(framework(level.framework), language),
        target_type=LEVEL,
    )


def read(alignment: Mapping[str, object], registry: str) -> Skill | Level | None:
    """Return the item or level that an alignment names at this registry; None for everything else.

    Type, code and address must say the same: an address elsewhere is somebody else's word, whatever it ends in.
    """
    code, url = alignment.get("targetCode"), alignment.get("targetUrl")
    if not isinstance(code, str) or not isinstance(url, str):
        return None
    try:
        match alignment.get("targetType"):
            case "CFItem":
                key = url.removeprefix(f"{registry}/frameworks/").removesuffix(f"/items/{code}")
                framework(key).item(code)
                return Skill(key, code) if url == item_url(Skill(key, code), registry) else None
            case "CFRubricCriterionLevel":
                level = parse_level(code)
                return level if url == level_url(level, registry) else None
    except UnknownNameError:
        return None
    return None


def item_url(skill: Skill, registry: str) -> str:
    """Return where an item is read."""
    return f"{registry}/frameworks/{skill.framework}/items/{skill.item}"


def level_url(level: Level, registry: str) -> str:
    """Return where a level is read."""
    return f"{registry}/frameworks/{level.framework}/levels/{level.scheme}/{level.value}"


def title(standard: Framework, language: str) -> str:
    """Return a framework's name with its version."""
    name = standard.name.said(language)
    return name if standard.version in name else f"{name} {standard.version}"
