"""`akashi offer`, `akashi issue`, `akashi revoke`: badges out, and badges ended."""

import argparse
import os
import re
import secrets
from pathlib import Path

from pydantic import ValidationError

from akashi.commands.house import Commands, add_folder_to, house_of, provider_of, told
from akashi.problems import UsageError
from badges.credential import Mechanism
from badges.formats import bake
from badges.formats.qr import badge_link
from badges.formats.qr import draw_png as draw_qr
from badges.status import TIME_TO_LIVE
from badges.strict_json import dump
from issuer.achievements import definition_of
from issuer.answers import issued_json
from issuer.awards import AwardBody, IdentityBody, award_request
from issuer.issuing import IDEMPOTENCY_KEY, Issued, RefusedError, issue
from issuer.offers import NewOffer, create_offers, expiry
from issuer.picture import draw_png, draw_svg
from issuer.status_lists import Reason, revoke

MAX_OFFERS = 1_000
MILLISECONDS_A_MINUTE = 60_000
SUFFIXES = (".json", ".jwt", ".svg", ".png", ".qr.png")


def add_to(commands: Commands) -> None:
    """Add the commands to the program's."""
    offer = commands.add_parser("offer", help="make claim links, one for each learner")
    offer.add_argument("provider", help="who promises")
    offer.add_argument("achievement", help="what")
    offer.add_argument("--count", type=int, default=1, help="how many links")
    offer.add_argument("--level", default="", help="the level reached, where it depends on the result: itss/3/itss/2")
    offer.add_argument("--days", type=int, default=90, help="how long they can be claimed")
    add_folder_to(offer)
    offer.set_defaults(run=run_offer)

    issue = commands.add_parser("issue", help="sign one badge at once")
    issue.add_argument("provider", help="who signs")
    issue.add_argument("achievement", help="what was earned")
    whom = issue.add_mutually_exclusive_group(required=True)
    whom.add_argument("--holder", metavar="DID", help="for the holder of a did:key or did:jwk")
    whom.add_argument("--identity-hash", metavar="HASH", help="for whom a salted hash stands: sha256$…, with --salt")
    whom.add_argument("--bearer", action="store_true", help="for nobody in particular: it says that somebody earned it")
    issue.add_argument("--salt", help="of the identity hash")
    issue.add_argument("--level", help="the level reached, where it depends on the result: itss/3/itss/2")
    issue.add_argument("--key", help="the idempotency key of an earlier try: the same badge again")
    issue.add_argument(
        "--out",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help=f"write it as {', '.join(SUFFIXES)}; several are possible; else it is printed as JSON",
    )
    add_folder_to(issue)
    issue.set_defaults(run=run_issue)

    end = commands.add_parser("revoke", help="revoke a badge for good")
    end.add_argument("provider", help="who signed it")
    end.add_argument("credential", metavar="URN", help="its id, urn:uuid:…")
    end.add_argument("--reason", required=True, choices=[str(reason) for reason in Reason], help="why")
    add_folder_to(end)
    end.set_defaults(run=run_revoke)


def run_offer(chosen: argparse.Namespace) -> int:
    """Make claim links and print them, one a line.

    Raises:
        UsageError: No such provider or achievement, or numbers that cannot be meant.
    """
    if not 1 <= chosen.count <= MAX_OFFERS or not 1 <= chosen.days <= 366:  # noqa: PLR2004 - a leap year
        raise UsageError("--count or --days is out of range", f"up to {MAX_OFFERS} links, up to 366 days")
    house = house_of(chosen)
    provider, issuing = provider_of(house, chosen.provider), house.issuer.issuing
    new = [NewOffer(secrets.token_urlsafe(32), chosen.level) for _ in range(chosen.count)]
    now = house.clock()
    expires = expiry(provider, now, chosen.days)
    with told():
        made = create_offers(new, chosen.achievement, provider, issuing, now=now, expires=expires)
    for token in made.tokens:
        print(issuing.addresses.claim_link(token))
    return 0


def run_issue(chosen: argparse.Namespace) -> int:
    """Sign a badge, and write or print it.

    Raises:
        UsageError: What cannot be issued, and why.
    """
    require_writable(chosen.out)
    key = chosen.key or secrets.token_urlsafe(32)
    if not re.fullmatch(IDEMPOTENCY_KEY, key):
        raise UsageError("--key is not the idempotency key of an earlier try", "leave it out, and a new one is made")
    house = house_of(chosen)
    provider, issuing = provider_of(house, chosen.provider), house.issuer.issuing
    with told():
        [result] = issue([award_request(award_of(chosen), key)], provider, issuing, house.clock())
        if isinstance(result, RefusedError):
            raise result
    if not chosen.out:
        print(dump({**issued_json(result, house.issuer.settings.verifier_url), "key": key}).decode())
        return 0
    definition = definition_of(issuing.store.achievement(provider.slug, chosen.achievement))
    verifier = house.issuer.settings.verifier_url
    for file in chosen.out:
        write(file, form_of(file, result, definition.name.ja, provider.name_ja, verifier=verifier))
    print(f"{result.id} → {', '.join(map(str, chosen.out))}\nthe same badge again: --key={key}")
    return 0


def require_writable(files: list[Path]) -> None:
    """Refuse files that cannot be written, before a badge is signed that would then be nowhere.

    Raises:
        UsageError: An ending that says no form, or a folder that cannot be written to.
    """
    for file in files:
        if not file.name.endswith(SUFFIXES):
            raise UsageError(f"{file} has no ending that says its form", f"use one of {', '.join(SUFFIXES)}")
        if not os.access(file if file.exists() else file.parent, os.W_OK) or file.is_dir():
            raise UsageError(f"{file} cannot be written", "give another --out")


def award_of(chosen: argparse.Namespace) -> AwardBody:
    """Return the award that the options describe.

    Raises:
        UsageError: A DID, hash or salt that cannot be meant.
    """
    try:
        identity = chosen.identity_hash and IdentityBody(identity_hash=chosen.identity_hash, salt=chosen.salt or "")
        return AwardBody(
            achievement=chosen.achievement,
            holder=chosen.holder,
            identity=identity or None,
            bearer=True if chosen.bearer else None,
            level=chosen.level,
        )
    except ValidationError as error:
        names = ", ".join(f"--{place['loc'][0]}".replace("_", "-") for place in error.errors())
        raise UsageError(f"{names} cannot be meant", "akashi issue --help shows the forms") from error


def form_of(file: Path, issued: Issued, name: str, provider: str, *, verifier: str) -> bytes:
    """Return the badge in the form that a file's name asks for, `name` and `provider` in its picture."""
    if file.name.endswith(".qr.png"):
        return draw_qr(badge_link(issued.texts[Mechanism.VC_JWT], verifier))
    if file.suffix == ".jwt":
        return issued.texts[Mechanism.VC_JWT].encode()
    credential = issued.texts[Mechanism.DATA_INTEGRITY]
    match file.suffix:
        case ".svg":
            return bake(draw_svg(name, provider).encode(), credential)
        case ".png":
            return bake(draw_png(), credential)
    return credential.encode()


def write(file: Path, data: bytes) -> None:
    """Write a file.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        file.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}", "give another --out") from error


def run_revoke(chosen: argparse.Namespace) -> int:
    """Revoke a badge.

    Raises:
        UsageError: The provider has signed no such badge.
    """
    house = house_of(chosen)
    provider = provider_of(house, chosen.provider)
    with told():
        revoke(chosen.credential, Reason(chosen.reason), provider, house.issuer.issuing, now=house.clock())
    print(f"{chosen.credential} is revoked")
    minutes = TIME_TO_LIVE // MILLISECONDS_A_MINUTE
    print(f"a verifier that has read the list may still call it good, for up to {minutes} minutes")
    return 0
