"""The installation's own accreditor: for trying things out, and for an operator who is the accrediting body, too."""

from datetime import datetime

from akashi.app import House
from issuer.providers import day_start
from issuer.store import Provider
from keys.did import did_key
from keys.public_key import Algorithm
from keys.signer import LocalSigner
from keys.store import KeyStore, open_key_encryption_key
from registry.providers import Accreditor

OWNER = "accreditor"


def own_accreditor(house: House, name: str, *, at: datetime) -> Accreditor:
    """Return the accreditor whose key is in the data folder, made on first use."""
    settings = house.registry.settings
    sealing = open_key_encryption_key(settings.key_encryption_key.get_secret_value(), settings.key_encryption_key_path)
    keys = KeyStore(house.data / "keys", sealing)
    records = keys.records(OWNER) or (
        keys.create(OWNER, Algorithm.ED25519, key_id=f"{house.public_url}#accreditor", valid_from=at),
    )
    private = keys.signer(records[0])
    did = did_key(private.public)
    method = f"{did}#{did.removeprefix('did:key:')}"
    return Accreditor(did, name, LocalSigner(private.private, method, private.public))


def today(house: House, provider: Provider) -> datetime:
    """Return the start of the provider's day."""
    return day_start(provider, house.clock())
