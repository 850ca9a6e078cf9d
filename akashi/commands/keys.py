"""`akashi keys`: list, rotate, revoke and export a provider's keys."""

import argparse
from datetime import date, timedelta

from akashi.app import House
from akashi.commands.house import Commands, add_folder_to, house_of, provider_of
from akashi.enrolment import publish, register_keys
from badges.strict_json import dump
from issuer.providers import day_start, did_document, rotate_keys
from issuer.store import Provider


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    group = commands.add_parser("keys", help="a provider's keys").add_subparsers(required=True, metavar="ACTION")
    for name, run, words in (
        ("list", run_list, "show the keys and their windows"),
        ("rotate", run_rotate, "put new keys in place from tomorrow; what the old ones signed stays good"),
        ("export", run_export, "print the did.json that a provider with its own domain hosts"),
        ("revoke", run_revoke, "call a key compromised: nothing that it signed is good any more"),
    ):
        command = group.add_parser(name, help=words)
        command.add_argument("provider", help="whose")
        if run is run_revoke:
            command.add_argument("number", type=int, help="the key's number")
        add_folder_to(command)
        command.set_defaults(run=run)


def run_list(chosen: argparse.Namespace) -> int:
    """Print the keys, one a line."""
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    records = house.issuer.issuing.keys.records(provider.slug)
    for record in records:
        end = record.valid_until.isoformat() if record.valid_until else "open"
        state = "revoked" if record.revoked else f"{record.valid_from.isoformat()} – {end}"
        print(f"{record.key_id}  {record.public.algorithm}  {state}")
    return 0


def run_rotate(chosen: argparse.Namespace) -> int:
    """Rotate the keys, from the provider's next day on."""
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    keys, now = house.issuer.issuing.keys, house.clock()
    tomorrow = day_start(provider, now) + timedelta(days=1)
    ended = [record.number for record in keys.records(provider.slug) if record.active(now)]
    start = rotate_keys(keys, provider, tomorrow, now=now)[-1].valid_from.astimezone(tomorrow.tzinfo).date()
    print(f"new keys for {provider.slug} from {start}; `akashi keys export {provider.slug}` prints its new DID.json")
    tell_registry(house, provider, f"DID.json --from {start}{ends_of(ended, day_start(provider, now).date())}")
    return 0


def ends_of(numbers: list[int], last: date) -> str:
    """Return the options that end keys with a day: today, also where the new ones begin today already."""
    return "".join(f" --end k{number}" for number in numbers) + (f" --until {last}" if numbers else "")


def tell_registry(house: House, provider: Provider, options: str) -> None:
    """Enter the provider's keys in the register, or say what enters them where it is elsewhere."""
    if house.together:
        register_keys(house, provider)
        print(f"registry snapshot {publish(house)}")
    else:
        print(f"tell the registry: akashi registry keys {provider.slug} {options}")


def run_export(chosen: argparse.Namespace) -> int:
    """Print the DID document."""
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    print(dump(did_document(house.issuer.issuing.keys, provider)).decode())
    return 0


def run_revoke(chosen: argparse.Namespace) -> int:
    """Revoke a key.

    Raises:
        UsageError: There is no such key.
    """
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    house.issuer.issuing.keys.revoke(provider.slug, chosen.number, house.clock())
    print(f"key {chosen.number} of {provider.slug} is revoked")
    tell_registry(house, provider, f"--revoke k{chosen.number}")
    return 0
