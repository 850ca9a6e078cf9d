"""The installation's own accreditor: for trying things out, and for an operator who is the accrediting body, too."""

from datetime import datetime

from akashi.app import House
from keys.public_key import Algorithm
from keys.signer import PrivateKey, did_key_signer
from keys.store import KeyStore, open_key_encryption_key
from registry.providers import Accreditor

OWNER = "accreditor"
OWN_NAME = "この設置の認証 (own accreditor of this installation)"


def own_accreditor(house: House, name: str, *, at: datetime) -> Accreditor:
    """Return the accreditor whose key is in the registry's folder, made on first use."""
    settings = house.registry.settings
    folder, given = settings.data / "keys", settings.key_encryption_key.get_secret_value()
    keys = KeyStore(folder, open_key_encryption_key(given, settings.key_encryption_key_path, folder))
    records = keys.records(OWNER) or (
        keys.create(OWNER, Algorithm.ED25519, key_id=f"{settings.public_url}#accreditor", valid_from=at),
    )
    return accreditor(keys.signer(records[0]).private, name)


def accreditor(private: PrivateKey, name: str) -> Accreditor:
    """Return who vouches with a private key, known by that key.

    Raises:
        KeyFormatError: The key is weak, or RSA.
    """
    signer = did_key_signer(private)
    return Accreditor(signer.key_id.partition("#")[0], name, signer)
