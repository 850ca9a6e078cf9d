"""What the commands share: which services they touch, and how refusals are told."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import issuer.app
import issuer.database
import registry.database
import verifier.app
from akashi.app import ElsewhereError, House, open_apart, open_house
from akashi.commands.arguments import name, origin
from akashi.problems import UsageError
from badges.errors import BadgeError
from badges.web.catalogue import load
from badges.web.problems import FieldError, Problem
from issuer.achievements import InvalidAchievementError
from issuer.answers import problem_of
from issuer.issuing import RefusedError
from issuer.providers import KeyEndedError
from issuer.store import (
    DuplicateError,
    Provider,
    UnknownAchievementError,
    UnknownCredentialError,
    UnknownProviderError,
)
from keys.public_key import KeyFormatError
from keys.store import KeyStoreError, write_private
from registry.providers import KeyWindowError, UnknownKeyError
from registry.store import AlreadyRegisteredError, NotRegisteredError, OtherKeyError

FOLDER = Path("data")
PUBLIC_URL = "http://127.0.0.1:8000"
APART = "ISSUER_PUBLIC_URL, ISSUER_REGISTRY_KEY or REGISTRY_PUBLIC_URL"
"""What makes services stand apart."""

TELLINGS: dict[type[Exception], tuple[str, str]] = {
    DuplicateError: ("there is one of that name already", "choose another name"),
    OtherKeyError: ("the register has another key under that id", "ask the provider: an id is never used again"),
    AlreadyRegisteredError: ("the registry has that entry already", "choose another name"),
    NotRegisteredError: ("the registry does not know that provider", "enter it with `akashi registry provider`"),
    UnknownKeyError: ("the register has no such key of the provider", "`akashi registry keys PROVIDER` lists them"),
    UnknownProviderError: ("there is no such provider", "enter it with `akashi provider add`"),
    UnknownAchievementError: ("the provider has no such achievement", "make it with `akashi achievement add`"),
    UnknownCredentialError: ("the provider has signed no such credential", "give the id that begins with urn:uuid:"),
    KeyEndedError: ("the provider has no key that may sign", "make one with `akashi keys rotate`"),
}
"""What a refusal means, and what to do about it."""

APART_HINT = "docs/operations.md says where each service is administered"
DATABASE_HINT = "docs/operations.md says which settings lead to it"
HINTS: dict[type[Exception], str] = {
    ElsewhereError: APART_HINT,
    issuer.app.SettingsError: APART_HINT,
    verifier.app.SettingsError: APART_HINT,
    issuer.database.UnusableDatabaseError: DATABASE_HINT,
    registry.database.UnusableDatabaseError: DATABASE_HINT,
    KeyWindowError: "give --from as the first day of new keys, --until as the last day of old ones",
    KeyStoreError: "`akashi keys list` shows the keys; docs/operations.md says how they are kept",
    KeyFormatError: "see docs/api.md",
    BadgeError: "see docs/api.md",
}
"""What to do about errors that say in their own words what is wrong."""


OPTIONS = {
    "achievement": "",
    "achievementType": "--type: ",
    "alignment": "--item: ",
    "criteria": "--criteria: ",
    "description": "--description: ",
    "holder": "--holder: ",
    "key": "--key: ",
    "level": "--level: ",
    "name": "--name-ja: ",
    "offers": "--level: ",
    "validMonths": "--valid-months: ",
}
"""Members of the API → the options that give them."""

HINTS_OF_REFUSALS = {
    "achievement-retired": "`akashi achievement add` defines another",
    "level-missing": "add --level, such as --level itss/3/itss/2",
    "not-accredited": "`akashi registry accredit --help` shows how to enter an accreditation",
    "no-signing-key": "make one with `akashi keys rotate`",
    "signing-key-retired": "revoke the badge and issue it anew",
    "unknown-achievement": "make it with `akashi achievement add`",
    "unknown-achievement-type": "CertificateOfCompletion, Course, Assessment, MicroCredential, Fieldwork, …",
    "unknown-item": "the registry shows all of them under /frameworks",
    "unknown-level": "the registry shows all of them under /frameworks",
}


def add_folder_to(command: argparse.ArgumentParser) -> None:
    """Add the options that say where the data is."""
    command.add_argument("--data", type=Path, help=f"the folder of databases and keys; {FOLDER} by default")
    command.add_argument(
        "--public-url",
        type=origin,
        metavar="URL",
        help=f"where people reach it; remembered in the folder; {PUBLIC_URL} at first",
    )


def add_names_to(command: argparse.ArgumentParser) -> None:
    """Add the options of a name in both languages."""
    command.add_argument("--name-ja", type=name, required=True, help="the name in Japanese")
    command.add_argument("--name-en", type=name, help="the name in English; the Japanese one if there is none")


def house_of(chosen: argparse.Namespace) -> House:
    """Return the services apart that the environment configures, else the house over the chosen folder.

    Raises:
        UsageError: Both are named, or a setting or an address cannot be meant.
    """
    apart = house_apart()
    if apart is None:
        return folder_house(chosen)
    if chosen.data or chosen.public_url:
        raise UsageError(f"the environment says where things are: {APART}", "leave --data and --public-url out")
    return apart


def house_apart() -> House | None:
    """Return the services apart that the environment configures, if it does.

    Raises:
        UsageError: A setting that cannot be meant.
    """
    with settings_told():
        return open_apart()


def folder_house(chosen: argparse.Namespace) -> House:
    """Return the house over the chosen folder: all three services under one address.

    Raises:
        UsageError: A setting or an address that cannot be meant.
    """
    data = folder_of(chosen)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with settings_told():
        return open_house(data, public_url_of(data, chosen.public_url))


def folder_of(chosen: argparse.Namespace) -> Path:
    """Return the chosen folder."""
    return chosen.data or FOLDER


def public_url_of(data: Path, given: str | None) -> str:
    """Return the folder's address: the given one, which is remembered, or the one remembered.

    Raises:
        UsageError: Another address than before, or none where badges may have been issued with one: their addresses
            would lead nowhere.
    """
    file = data / "public-url"
    known = origin(file.read_text(errors="replace").strip()) if file.is_file() else None
    if known and given and known != given:
        raise UsageError(f"this folder belongs to {known}", "leave --public-url out, or give another --data")
    if known is None and given is None and any(data.glob("*.sqlite3")):
        raise UsageError(f"{file} is missing", "give --public-url with the address that this folder's badges carry")
    if known is None:
        write_private(file, (given or PUBLIC_URL).encode())
    return known or given or PUBLIC_URL


@contextmanager
def settings_told() -> Iterator[None]:
    """Turn a setting of the environment that cannot be meant into a usage error that names it."""
    try:
        yield
    except ValidationError as error:
        service, setting = error.title.removesuffix("Settings"), error.errors()[0]["loc"][0]
        named = f"{service}_{setting}".upper()
        raise UsageError(f"the setting {named} cannot be meant", "docs/operations.md says what it may be") from error


@contextmanager
def told() -> Iterator[None]:
    """Turn the services' refusals into a usage error with its hint."""
    try:
        yield
    except InvalidAchievementError as error:
        fault = error.faults[0]
        raise refused(
            Problem(422, "invalid-fields", errors=[FieldError(fault.pointer, fault.code, fault.params)])
        ) from error
    except Problem as error:
        raise refused(error) from error
    except RefusedError as error:
        raise refused(problem_of(error)) from error
    except tuple(TELLINGS) as error:
        raise UsageError(*next(told for kind, told in TELLINGS.items() if isinstance(error, kind))) from error
    except tuple(HINTS) as error:
        raise UsageError(str(error), next(hint for kind, hint in HINTS.items() if isinstance(error, kind))) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"{error.filename or 'a file'}: {error.strerror or error}", "give another path") from error


def refused(problem: Problem) -> UsageError:
    """Return a refusal of a service in its own words, the member that is wrong as the option that gave it."""
    texts = load("badges.web", "issuer")
    if not problem.errors:
        return UsageError(problem.detail(texts, "en"), HINTS_OF_REFUSALS.get(problem.code, "see docs/api.md"))
    first = problem.errors[0]
    member = first.pointer.split("/")[1] if first.pointer else ""
    told = texts.text("en", f"field.{first.code}", **first.params)
    option = OPTIONS.get(member, f"{member}: " if member else "")
    return UsageError(f"{option}{told}", HINTS_OF_REFUSALS.get(first.code, "see docs/api.md"))


def provider_of(house: House, slug: str) -> Provider:
    """Return a provider.

    Raises:
        UnknownProviderError: There is none of that name.
    """
    return house.issuer.issuing.store.provider(slug)


Commands = Any
"""What `add_subparsers` returns; argparse gives it no public name."""
