"""`akashi client`: API keys for providers' programs."""

import argparse

from akashi.commands.house import Commands, add_folder_to, house_of, provider_of
from akashi.problems import UsageError
from issuer.access import Scope, add_client

MAX_DAYS = 3_660


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    group = commands.add_parser("client", help="make API keys").add_subparsers(required=True, metavar="ACTION")
    add = group.add_parser("add", help="make an API key for a provider's program; it is shown once")
    add.add_argument("provider", help="whose badges it may issue")
    add.add_argument(
        "--scope",
        action="append",
        choices=[str(scope) for scope in Scope],
        help="what it may do; everything by default",
    )
    add.add_argument("--days", type=int, default=365, help="how long it is good")
    add_folder_to(add)
    add.set_defaults(run=run_add)


def run_add(chosen: argparse.Namespace) -> int:
    """Make a key and print it.

    Raises:
        UsageError: No such provider, or a time that cannot be meant.
    """
    if not 1 <= chosen.days <= MAX_DAYS:
        raise UsageError(f"--days {chosen.days} is out of range", f"give 1 to {MAX_DAYS}")
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    scopes = frozenset(Scope(name) for name in chosen.scope or list(Scope))
    made = add_client(house.issuer.issuing.store, provider.slug, scopes=scopes, days=chosen.days, now=house.clock())
    print(f"{made.key}\ngood until {made.expires.date()}; keep it safe: it is not shown again")
    return 0
