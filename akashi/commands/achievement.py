"""`akashi achievement`: what can be earned."""

import argparse
from collections.abc import Callable
from pathlib import Path

from akashi.commands.arguments import slug
from akashi.commands.house import Commands, add_folder_to, house_of, provider_of
from akashi.commands.verify import read
from akashi.problems import UsageError
from badges import strict_json
from badges.web.body import validated
from issuer.achievements import Definition, create_achievement, create_version
from issuer.store import StoredAchievement
from keys.date_time_stamp import stamp


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    top = commands.add_parser("achievement", help="define what can be earned")
    group = top.add_subparsers(required=True, metavar="ACTION")
    for name, run, words in (
        ("add", run_add, "define an achievement"),
        ("new-version", run_new_version, "define its next version; badges of the old one keep it"),
    ):
        define_in(group.add_parser(name, help=words), run)
    retire = group.add_parser("retire", help="let nobody earn it any more; its badges stay good")
    add_place_to(retire)
    retire.set_defaults(run=run_retire)


def define_in(command: argparse.ArgumentParser, run: object) -> None:
    """Add the options that describe an achievement."""
    add_place_to(command)
    source = command.add_argument_group("from a file, or by options")
    source.add_argument("--file", metavar="JSON", help="the body of POST /v1/achievements without its id")
    source.add_argument("--name-ja", help="the name in Japanese")
    source.add_argument("--name-en", help="the name in English")
    source.add_argument("--description", help="what somebody who has it can do")
    source.add_argument("--criteria", help="what it takes to earn it")
    source.add_argument("--type", default="Achievement", help="such as Course, CertificateOfCompletion, Fieldwork")
    source.add_argument("--item", action="append", default=[], help="a skill item: dss-p/2.0/dssp2-2.2-01")
    source.add_argument("--level", help="the level reached: itss/3/itss/2")
    source.add_argument("--valid-months", type=int, help="how long a badge is good; for ever by default")
    command.set_defaults(run=run)


def add_place_to(command: argparse.ArgumentParser) -> None:
    """Add whose achievement it is, and its id."""
    command.add_argument("provider", help="whose it is")
    command.add_argument("achievement", type=slug, help="its id in addresses: small letters, digits and -")
    add_folder_to(command)


def run_add(chosen: argparse.Namespace) -> int:
    """Enter an achievement's first version.

    Raises:
        UsageError: Taken, or a definition that does not stand.
    """
    return enter(chosen, create_achievement)


def run_new_version(chosen: argparse.Namespace) -> int:
    """Enter an achievement's next version.

    Raises:
        UsageError: There is none, or a definition that does not stand.
    """
    return enter(chosen, create_version)


def enter(chosen: argparse.Namespace, create: Callable[..., StoredAchievement]) -> int:
    """Enter a version and print its address."""
    definition = validated(body_of(chosen), Definition)
    house = house_of(chosen)
    provider, issuing = provider_of(house, chosen.provider), house.issuer.issuing
    stored = create(
        issuing.store, issuing.addresses, provider, achievement_id=chosen.achievement, definition=definition
    )
    print(issuing.addresses.achievement(provider.slug, stored.id, stored.version))
    return 0


def run_retire(chosen: argparse.Namespace) -> int:
    """Retire an achievement.

    Raises:
        UsageError: There is none.
    """
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    house.issuer.issuing.store.retire_achievement(provider.slug, chosen.achievement, stamp(house.clock()))
    print(f"{chosen.achievement} is not issued any more; its badges stay good")
    return 0


def body_of(chosen: argparse.Namespace) -> dict[str, object]:
    """Return the definition that a file or the options describe.

    Raises:
        UsageError: Neither does.
        BadgeError: The file is not a JSON object.
    """
    if chosen.file:
        return strict_json.parse_object(read(Path(chosen.file)))
    if not chosen.name_ja or not chosen.item:
        raise UsageError("an achievement needs --name-ja and at least one --item", "or describe it in a --file")
    described = chosen.description or chosen.name_ja
    body: dict[str, object] = {
        "name": words(chosen.name_ja, chosen.name_en),
        "description": words(described, None),
        "criteria": words(chosen.criteria or described, None),
        "achievementType": chosen.type,
        "alignment": [item_of(text) for text in chosen.item],
    }
    if chosen.level:
        body["level"] = level_of(chosen.level)
    if chosen.valid_months is not None:
        body["validMonths"] = chosen.valid_months
    return body


def words(japanese: str, english: str | None) -> dict[str, str]:
    """Return words in the languages that there are."""
    return {"ja": japanese, "en": english} if english else {"ja": japanese}


def item_of(text: str) -> dict[str, str]:
    """Return the item that FRAMEWORK/VERSION/ITEM names.

    Raises:
        UsageError: Not in that form.
    """
    framework, _, item = text.rpartition("/")
    if not framework or not item:
        raise UsageError(f"--item {text} names no skill standard", "write it whole: dss-p/2.0/dssp2-2.2-01")
    return {"framework": framework, "item": item}


def level_of(text: str) -> dict[str, str]:
    """Return the level that FRAMEWORK/VERSION/SCHEME/VALUE names.

    Raises:
        UsageError: Not in that form.
    """
    framework, _, rest = text.rpartition("/")[0].rpartition("/")
    if not framework or not rest:
        raise UsageError(
            f"--level {text} is no whole level", "write it as itss/3/itss/2: standard, version, scale, level"
        )
    return {"framework": framework, "scheme": rest, "value": text.rpartition("/")[2]}
