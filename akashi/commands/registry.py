"""`akashi registry`: who is accredited for what, and the snapshot that says so."""

import argparse
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from akashi.accreditor import accreditor, own_accreditor
from akashi.commands.arguments import day, name
from akashi.commands.house import Commands, add_folder_to, house_of, midnight, next_midnight, provider_of
from akashi.commands.provider import OWN_NAME, scope_of
from akashi.commands.verify import read
from akashi.enrolment import accredit, publish
from akashi.problems import UsageError
from badges.accreditation import Window
from registry import providers as register
from registry.providers import Accreditor


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    group = commands.add_parser("registry", help="the public book").add_subparsers(required=True, metavar="ACTION")
    give = group.add_parser("accredit", help="enter an accreditation, signed with the accreditor's key")
    give.add_argument("provider", help="who is vouched for")
    give.add_argument("--scope", action="append", required=True, help="dss-p/2.0, or itss/3/itss/4 for levels up to 4")
    give.add_argument("--from", dest="start", required=True, type=day, metavar="DAY", help="the first day, YYYY-MM-DD")
    give.add_argument("--until", type=day, metavar="DAY", help="the last day; open by default")
    give.add_argument(
        "--key", type=Path, metavar="PEM", help="the accreditor's private key; else this installation's own"
    )
    give.add_argument("--name", type=name, default=OWN_NAME, help="the accreditor's name")
    suspend = group.add_parser("suspend", help="suspend a provider from a day on")
    suspend.add_argument("provider", help="whom")
    suspend.add_argument(
        "--from", dest="start", required=True, type=day, metavar="DAY", help="the first day, YYYY-MM-DD"
    )
    suspend.add_argument("--until", type=day, metavar="DAY", help="the last day; open by default")
    resume = group.add_parser("resume", help="end a provider's suspension")
    resume.add_argument("provider", help="whose")
    resume.add_argument("--from", dest="start", required=True, type=day, metavar="DAY", help="the first day without it")
    show = group.add_parser("snapshot", help="publish the register as it stands, and print the signed snapshot")
    for command, run in ((give, run_accredit), (suspend, run_suspend), (resume, run_resume), (show, run_snapshot)):
        add_folder_to(command)
        command.set_defaults(run=run)


def run_accredit(chosen: argparse.Namespace) -> int:
    """Enter an accreditation.

    Raises:
        UsageError: No such provider, scope, day or key.
    """
    scopes = [scope_of(text) for text in chosen.scope]
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    window = window_of(chosen, provider.time_zone)
    given = accreditor_of(chosen.key, chosen.name) if chosen.key else None
    by = given or own_accreditor(house, chosen.name, at=window.start)
    accredit(house, by, provider, scopes=scopes, window=window)
    print(f"{provider.slug} is accredited by {by.did}; registry snapshot {publish(house)}")
    return 0


def run_suspend(chosen: argparse.Namespace) -> int:
    """Suspend a provider.

    Raises:
        UsageError: No such provider or day.
    """
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    register.suspend(house.registry.store, provider.did, window_of(chosen, provider.time_zone))
    print(f"{provider.slug} is suspended; registry snapshot {publish(house)}")
    return 0


def run_resume(chosen: argparse.Namespace) -> int:
    """End a suspension.

    Raises:
        UsageError: No such provider or day.
    """
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    register.resume(house.registry.store, provider.did, midnight(chosen.start, provider.time_zone))
    print(f"{provider.slug} is not suspended any more; registry snapshot {publish(house)}")
    return 0


def run_snapshot(chosen: argparse.Namespace) -> int:
    """Publish and print the snapshot."""
    house = house_of(chosen)
    publish(house)
    print(house.registry.snapshots.text())
    return 0


def window_of(chosen: argparse.Namespace, time_zone: str) -> Window:
    """Return from the first to the last day.

    Raises:
        UsageError: Not days, or in the wrong order.
    """
    start = midnight(chosen.start, time_zone)
    end = next_midnight(chosen.until, time_zone) if chosen.until else None
    if end is not None and end <= start:
        raise UsageError("--until lies before --from", "give the last day of the window")
    return Window(start, end)


def accreditor_of(file: Path, name: str) -> Accreditor:
    """Return the accreditor whose key a PEM file holds.

    Raises:
        UsageError: Not an Ed25519 or P-256 key without a passphrase.
    """
    try:
        private = load_pem_private_key(read(file), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{file} is no private key", "give a PEM file without a passphrase") from error
    if not isinstance(private, Ed25519PrivateKey | EllipticCurvePrivateKey):
        raise UsageError(f"{file} is of another kind", "give an Ed25519 or P-256 key")
    return accreditor(private, name)
