"""`akashi provider`: who issues here."""

import argparse

from akashi.accreditor import OWN_NAME, own_accreditor
from akashi.commands.arguments import did_web, slug, time_zone, web_page
from akashi.commands.house import Commands, add_folder_to, add_names_to, house_of
from akashi.commands.scopes import SCOPE, scope_of
from akashi.enrolment import accredit, did_of, enrol, publish
from akashi.problems import UsageError
from badges.accreditation import Window
from issuer.providers import DEFAULT_TIME_ZONE, day_start
from issuer.store import Provider


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    group = commands.add_parser("provider", help="enter a provider").add_subparsers(required=True, metavar="ACTION")
    add = group.add_parser("add", help="make a provider's keys and enter it in the register")
    add.add_argument("slug", type=slug, help="its short name in addresses: small letters, digits and -")
    add_names_to(add)
    add.add_argument("--url", type=web_page, help="its own web page; its profile here by default")
    add.add_argument(
        "--did", type=did_web, help="did:web:<its domain>, if it hosts its did.json itself (`akashi keys export`)"
    )
    add.add_argument(
        "--time-zone", type=time_zone, default=DEFAULT_TIME_ZONE, help=f"when its day begins; {DEFAULT_TIME_ZONE}"
    )
    add.add_argument(
        "--accredit",
        action="append",
        default=[],
        metavar="SCOPE",
        help=f"accredit it with this installation's own accreditor: {SCOPE}",
    )
    add_folder_to(add)
    add.set_defaults(run=run_add)


def run_add(chosen: argparse.Namespace) -> int:
    """Enter a provider, and say how it is known.

    Raises:
        UsageError: A name that is taken or cannot be meant, or a scope that there is not.
    """
    scopes = [scope_of(text) for text in chosen.accredit]
    house = house_of(chosen)
    if scopes and not house.together:
        raise UsageError("the registry is elsewhere", "its operator accredits, with `akashi registry accredit`")
    address = house.issuer.settings.public_url
    provider = Provider(
        slug=chosen.slug,
        did=chosen.did or did_of(address, chosen.slug),
        name_ja=chosen.name_ja,
        name_en=chosen.name_en or chosen.name_ja,
        url=chosen.url or f"{address}/providers/{chosen.slug}",
        time_zone=chosen.time_zone,
    )
    enrol(house, provider)
    if not house.together:
        print(f"provider {provider.slug} is {provider.did}")
        print(f"tell the registry this DID, and its document: `akashi keys export {provider.slug}`")
        return 0
    if scopes:
        start = day_start(provider, house.clock())
        accredit(house, own_accreditor(house, OWN_NAME, at=start), provider, scopes=scopes, window=Window(start))
    number = publish(house)
    print(f"provider {provider.slug} is {provider.did}; registry snapshot {number}")
    if scopes:
        print(f"accredited for {', '.join(chosen.accredit)} by this installation's own accreditor, nobody else's word")
    return 0
