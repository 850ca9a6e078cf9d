"""`akashi registry keys`: which keys of a provider count, and when."""

import argparse
from datetime import datetime
from pathlib import Path

from akashi.commands.arguments import day
from akashi.commands.house import Commands, add_folder_to, house_of
from akashi.commands.verify import read
from akashi.commands.windows import midnight, next_midnight
from akashi.enrolment import publish
from akashi.problems import UsageError
from badges import strict_json
from badges.accreditation import RegisteredKey
from badges.errors import BadgeError
from keys.did import DidDocument, DidError, parse_document
from registry import providers as register
from registry.store import Entry


def add_to(group: Commands) -> None:
    """Add the command to those of the registry."""
    command = group.add_parser("keys", help="enter a provider's keys, end or revoke one; else list them")
    command.add_argument("provider", help="whose")
    command.add_argument("file", nargs="?", type=Path, metavar="DID.json", help="its DID document, with the new keys")
    command.add_argument("--from", dest="start", type=day, metavar="DAY", help="the first day of the new keys")
    command.add_argument("--end", action="append", default=[], metavar="KEY", help="end a key, such as k1")
    command.add_argument("--until", type=day, metavar="DAY", help="the last day of --end; else the one before --from")
    command.add_argument("--revoke", action="append", default=[], metavar="KEY", help="call a key compromised")
    add_folder_to(command)
    command.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Enter, end and revoke keys, all or none, and list what the register then has.

    Raises:
        UsageError: Options without sense, or a file that is not the provider's DID document.
        NotRegisteredError: No such provider.
        UnknownKeyError, KeyWindowError, OtherKeyError: What cannot be done to a key.
    """
    require_sense(chosen)
    house = house_of(chosen)
    store = house.registry.store
    entry = store.entry(chosen.provider)
    changes = [*entered(chosen, entry), *ended(chosen, entry), *revoked(chosen, entry, house.clock())]
    if changes:
        store.put_keys(entry.did, changes)
        print(f"registry snapshot {publish(house)}")
    for key in store.entry(chosen.provider).keys.values():
        print(line_of(key))
    return 0


def require_sense(chosen: argparse.Namespace) -> None:
    """Refuse days that say nothing, and ends without one.

    Raises:
        UsageError: Such options.
    """
    if chosen.until and not chosen.end:
        raise UsageError("--until is the last day of a key", "say with --end of which")
    if chosen.end and not (chosen.until or chosen.start):
        raise UsageError("--end needs a day", "give --until, or --from of the keys that follow")
    if chosen.start and not (chosen.file or chosen.end):
        raise UsageError("--from is the first day of new keys", "give the DID.json that has them")


def entered(chosen: argparse.Namespace, entry: Entry) -> list[RegisteredKey]:
    """Return what the DID document says.

    Raises:
        UsageError: It is none of this provider.
        KeyWindowError: It has new keys, and nobody says when they begin.
    """
    if chosen.file is None:
        return []
    start = midnight(chosen.start, entry.time_zone) if chosen.start else None
    return register.told_keys(entry, document_of(chosen.file, entry.did), start)


def ended(chosen: argparse.Namespace, entry: Entry) -> list[RegisteredKey]:
    """Return the keys that are to end.

    Raises:
        UnknownKeyError, KeyWindowError: What cannot be done to a key.
    """
    if not chosen.end:
        return []
    at = next_midnight(chosen.until, entry.time_zone) if chosen.until else midnight(chosen.start, entry.time_zone)
    return [register.ended_key(entry, f"{entry.did}#{key}", at) for key in chosen.end]


def revoked(chosen: argparse.Namespace, entry: Entry, now: datetime) -> list[RegisteredKey]:
    """Return the keys that are to be called compromised.

    Raises:
        UnknownKeyError: There is none of that name.
    """
    return [register.revoked_key(entry, f"{entry.did}#{key}", now) for key in chosen.revoke]


def document_of(file: Path, did: str) -> DidDocument:
    """Return the DID document that a file holds.

    Raises:
        UsageError: None, or another DID's.
    """
    try:
        return parse_document(strict_json.parse_object(read(file)), did)
    except (BadgeError, DidError) as error:
        raise UsageError(
            f"{file} is no DID document of {did}", "`akashi keys export` at the issuer prints it"
        ) from error


def line_of(key: RegisteredKey) -> str:
    """Return a key as a line: its id, what it is, and when it counts."""
    end = key.window.end.isoformat() if key.window.end else "open"
    window = "revoked" if key.revoked else f"{key.window.start.isoformat()} – {end}"
    return f"{key.id}  {key.key.algorithm}  {window}"
