"""Who is registered, with which keys; who may issue what, when: the use cases behind `akashi registry …`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, datetime, time
from urllib.parse import unquote
from uuid import uuid4
from zoneinfo import ZoneInfo

from badges.accreditation import RegisteredKey, RegisteredProvider, Scope, Window, apart, build_accreditation
from badges.credential import Mechanism
from badges.model import Profile
from badges.proof import sign
from keys.date_time_stamp import stamp
from keys.did import DidDocument, web_url
from keys.public_key import PublicKey
from keys.signer import Signer
from registry.store import Entry, Store

DEFAULT_TIME_ZONE = "Asia/Tokyo"


@dataclass(frozen=True)
class Accreditor:
    """Who vouches: a did:key, its name, and what signs with that key (`<did>#…`)."""

    did: str
    name: str
    signer: Signer


class UnknownKeyError(Exception):
    """The provider has no key of that id in the register."""


class KeyWindowError(Exception):
    """An end that a key cannot have: it has another already, or it would not have begun."""


def add_provider(
    store: Store, *, slug: str, did: str, name: Mapping[str, str], url: str, time_zone: str = DEFAULT_TIME_ZONE
) -> None:
    """Enter a provider under its did:web; its domain is read from the DID, never from what it says of itself.

    Raises:
        AlreadyRegisteredError: The DID or the slug is taken.
        DidError: Not a did:web.
    """
    web_url(did)
    domain = unquote(did.removeprefix("did:web:").partition(":")[0])
    store.add_provider(RegisteredProvider(did, slug, name, url, domain, {}), time_zone=time_zone)


def put_key(
    store: Store, provider: str, *, key_id: str, key: PublicKey, window: Window, revoked: datetime | None = None
) -> None:
    """Enter a provider's key, or when it ended.

    Raises:
        NotRegisteredError: No such provider.
        OtherKeyError: The id is another key's.
    """
    store.put_keys(provider, [RegisteredKey(key_id, key, window, revoked)])


def told_keys(entry: Entry, document: DidDocument, start: datetime | None) -> list[RegisteredKey]:
    """Return what a provider's DID document says of its keys: new ones, and the ends of those that are entered.

    Args:
        entry: The provider's.
        document: Its DID document: the keys that may sign badges count, and those that it calls revoked.
        start: The midnight at which the new keys begin; None where none is new.

    Raises:
        KeyWindowError: One is new, and nobody says when it begins.
    """
    methods = [one for one in document.methods.values() if one.revoked or one.id in document.assertion]
    return [
        RegisteredKey(one.id, one.key, Window(begin(entry, one.id, start), end(entry, one.expires)), one.revoked)
        for one in methods
    ]


def begin(entry: Entry, key_id: str, start: datetime | None) -> datetime:
    """Return when a key began, or `start` if it is new.

    Raises:
        KeyWindowError: It is new, and there is no start.
    """
    since = entry.keys[key_id].window.start if key_id in entry.keys else start
    if since is None:
        raise KeyWindowError(f"{key_id} is new, and nobody says when it begins")
    return since


def end(entry: Entry, expires: datetime | None) -> datetime | None:
    """Return the midnight with which the day of a key's end began; None for none, which some write as the year 9999."""
    if expires is None or expires.year == MAXYEAR:
        return None
    zone = ZoneInfo(entry.time_zone)
    # Not before 1970: the first day of the calendar has no neighbour in another time zone.
    return datetime.combine(max(expires, datetime.fromtimestamp(0, UTC)).astimezone(zone).date(), time(), zone)


def ended_key(entry: Entry, key_id: str, at: datetime) -> RegisteredKey:
    """Return a key with its end, a midnight: what it signed before stays good.

    Raises:
        UnknownKeyError: There is none of that id.
        KeyWindowError: It has another end already, or would end before it began.
    """
    key = known_key(entry, key_id)
    if key.window.end not in {None, at}:
        raise KeyWindowError(f"{key_id} has its end already, and an end is never put off")
    if at <= key.window.start:
        raise KeyWindowError(f"{key_id} would end before it begins")
    return replace(key, window=Window(key.window.start, at))


def revoked_key(entry: Entry, key_id: str, at: datetime) -> RegisteredKey:
    """Return a key that is called compromised: nothing that it signed is good any more.

    Raises:
        UnknownKeyError: There is none of that id.
    """
    return replace(known_key(entry, key_id), revoked=at)


def known_key(entry: Entry, key_id: str) -> RegisteredKey:
    """Return a key of the register.

    Raises:
        UnknownKeyError: There is none of that id.
    """
    try:
        return entry.keys[key_id]
    except KeyError as error:
        raise UnknownKeyError from error


def accredit(
    store: Store, accreditor: Accreditor, provider: str, *, scopes: Iterable[Scope], window: Window, registry: str
) -> None:
    """Sign and enter accreditations: one, or more where one could not tell the scopes apart.

    Args:
        store: The registry's.
        accreditor: Who vouches.
        provider: The DID vouched for.
        scopes: For what.
        window: When it holds.
        registry: The registry's public address.

    Raises:
        AlreadyRegisteredError: The provider is not registered.
    """
    store.add_accreditor(accreditor.did, accreditor.name)
    for group in apart(scopes):
        credential = build_accreditation(
            id=f"urn:uuid:{uuid4()}",
            accreditor=Profile(id=accreditor.did, name=accreditor.name),
            provider=provider,
            scopes=group,
            registry=registry,
            valid_from=stamp(window.start),
            valid_until=stamp(window.end) if window.end else None,
        )
        store.add_accreditation(provider, accreditor.did, sign(credential, accreditor.signer, Mechanism.VC_JWT))


def suspend(store: Store, provider: str, window: Window) -> None:
    """Suspend a provider: nothing that it issues within the window is accredited."""
    store.add_suspension(provider, window)


def resume(store: Store, provider: str, at: datetime) -> None:
    """End a provider's suspension."""
    store.end_suspensions(provider, at)
