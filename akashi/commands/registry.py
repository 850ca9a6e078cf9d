"""`akashi registry`: the public book: who is in it, who is suspended, and the snapshot that says it all."""

import argparse

from akashi.commands import accreditation, register_keys
from akashi.commands.arguments import day, did_web, slug, time_zone, web_page
from akashi.commands.house import Commands, add_folder_to, add_names_to, house_of
from akashi.commands.windows import add_window_to, midnight, window_of
from akashi.enrolment import publish
from registry import providers as register
from registry.providers import DEFAULT_TIME_ZONE


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    group = commands.add_parser("registry", help="the public book").add_subparsers(required=True, metavar="ACTION")
    add_provider_to(group)
    register_keys.add_to(group)
    accreditation.add_to(group)
    suspend = group.add_parser("suspend", help="suspend a provider from a day on")
    suspend.add_argument("provider", help="whom")
    add_window_to(suspend)
    resume = group.add_parser("resume", help="end a provider's suspension")
    resume.add_argument("provider", help="whose")
    resume.add_argument("--from", dest="start", required=True, type=day, metavar="DAY", help="the first day without it")
    key = group.add_parser("key", help="print the key that signs snapshots, as the Multikey that others pin")
    show = group.add_parser("snapshot", help="publish the register as it stands, and print the signed snapshot")
    for command, run in ((suspend, run_suspend), (resume, run_resume), (key, run_key), (show, run_snapshot)):
        add_folder_to(command)
        command.set_defaults(run=run)


def add_provider_to(group: Commands) -> None:
    """Add how a provider is entered."""
    command = group.add_parser("provider", help="enter a provider; its keys and its accreditation come after it")
    command.add_argument("provider", type=slug, help="its short name: small letters, digits and -")
    command.add_argument("--did", type=did_web, required=True, help="did:web:…, as its issuer says")
    add_names_to(command)
    command.add_argument("--url", type=web_page, required=True, help="its own web page")
    command.add_argument(
        "--time-zone", type=time_zone, default=DEFAULT_TIME_ZONE, help=f"when its day begins; {DEFAULT_TIME_ZONE}"
    )
    add_folder_to(command)
    command.set_defaults(run=run_provider)


def run_provider(chosen: argparse.Namespace) -> int:
    """Enter a provider without keys.

    Raises:
        AlreadyRegisteredError: Its name or DID is taken.
    """
    house = house_of(chosen)
    register.add_provider(
        house.registry.store,
        slug=chosen.provider,
        did=chosen.did,
        name={"ja": chosen.name_ja, "en": chosen.name_en or chosen.name_ja},
        url=chosen.url,
        time_zone=chosen.time_zone,
    )
    print(f"provider {chosen.provider} is {chosen.did}; registry snapshot {publish(house)}")
    return 0


def run_suspend(chosen: argparse.Namespace) -> int:
    """Suspend a provider.

    Raises:
        UsageError: Days in the wrong order.
        NotRegisteredError: No such provider.
    """
    house = house_of(chosen)
    entry = house.registry.store.entry(chosen.provider)
    register.suspend(house.registry.store, entry.did, window_of(chosen, entry.time_zone))
    print(f"{entry.slug} is suspended; registry snapshot {publish(house)}")
    return 0


def run_resume(chosen: argparse.Namespace) -> int:
    """End a suspension.

    Raises:
        NotRegisteredError: No such provider.
    """
    house = house_of(chosen)
    entry = house.registry.store.entry(chosen.provider)
    register.resume(house.registry.store, entry.did, midnight(chosen.start, entry.time_zone))
    print(f"{entry.slug} is not suspended any more; registry snapshot {publish(house)}")
    return 0


def run_key(chosen: argparse.Namespace) -> int:
    """Print the Multikey of the key that signs snapshots."""
    print(house_of(chosen).registry.signer.public.to_multikey())
    return 0


def run_snapshot(chosen: argparse.Namespace) -> int:
    """Publish and print the snapshot."""
    house = house_of(chosen)
    publish(house)
    print(house.registry.snapshots.text())
    return 0
