"""`akashi registry accredit`: an accreditor's word on a provider, signed with the accreditor's key."""

import argparse
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from akashi.accreditor import OWN_NAME, accreditor, own_accreditor
from akashi.commands.arguments import name
from akashi.commands.house import Commands, add_folder_to, house_of
from akashi.commands.scopes import add_scopes_to, scopes_of
from akashi.commands.verify import read
from akashi.commands.windows import add_window_to, window_of
from akashi.enrolment import publish
from akashi.problems import UsageError
from registry import providers as register
from registry.providers import Accreditor


def add_to(group: Commands) -> None:
    """Add the command to those of the registry."""
    command = group.add_parser("accredit", help="enter an accreditation, signed with the accreditor's key")
    command.add_argument("provider", help="who is vouched for")
    add_scopes_to(command)
    add_window_to(command)
    command.add_argument(
        "--key", type=Path, metavar="PEM", help="the accreditor's private key; else this installation's own"
    )
    command.add_argument("--name", type=name, default=OWN_NAME, help="the accreditor's name")
    add_folder_to(command)
    command.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Enter an accreditation.

    Raises:
        UsageError: No such scope, days in the wrong order, or no key that may accredit.
        NotRegisteredError: No such provider.
    """
    scopes = scopes_of(chosen)
    given = accreditor_of(chosen.key, chosen.name) if chosen.key else None
    house = house_of(chosen)
    book = house.registry
    entry = book.store.entry(chosen.provider)
    window = window_of(chosen, entry.time_zone)
    by = given or own_accreditor(house, chosen.name, at=window.start)
    register.accredit(book.store, by, entry.did, scopes=scopes, window=window, registry=book.settings.public_url)
    print(f"{entry.slug} is accredited by {by.did}; registry snapshot {publish(house)}")
    return 0


def accreditor_of(file: Path, name: str) -> Accreditor:
    """Return the accreditor whose key a PEM file holds.

    Raises:
        UsageError: Not an Ed25519 or P-256 key without a passphrase.
    """
    try:
        private = load_pem_private_key(read(file), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{file} is no private key", "give a PEM file without a passphrase") from error
    match private:
        case Ed25519PrivateKey():
            return accreditor(private, name)
        case EllipticCurvePrivateKey(curve=SECP256R1()):
            return accreditor(private, name)
    raise UsageError(f"{file} is of another kind", "give an Ed25519 or P-256 key")
