"""W3C's known answers for eddsa-rdfc-2022: every intermediate value, proof sets and proof chains.

`employ` is left out: its context (citizenship/v4rc1) has no source in a package registry.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

import base58
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.errors import BadgeError, ProofError
from badges.proof import canonical, data_integrity
from keys.public_key import PublicKey, from_multikey
from keys.signer import local_signer
from tests.fakes.contexts import WITH_EXAMPLES

pytestmark = pytest.mark.vectors

SIGNED = [
    "eddsa-rdfc-2022/signedDataInt.json",
    *(f"proof-set-chain/signedProof{kind}{number}.json" for kind in ("Set", "Chain") for number in (1, 2)),
]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors/w3c-vc-di-eddsa"


def load(path: Path) -> Any:
    return orjson.loads(path.read_bytes())


def keys_of(document: dict[str, Any]) -> dict[str, PublicKey]:
    """The keys that the did:key verification methods name."""
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    methods = [one["verificationMethod"] for one in proofs]
    return {method: from_multikey(method.rpartition("#")[2]) for method in methods}


def test_every_intermediate_value_is_the_published_one(folder: Path) -> None:
    steps = folder / "eddsa-rdfc-2022"
    unsigned, config = load(folder / "unsigned.json"), load(steps / "proofConfigDataInt.json")
    private = Ed25519PrivateKey.from_private_bytes(
        base58.b58decode(load(folder / "keyPair.json")["privateKeyMultibase"][1:])[2:]
    )

    document_canon = canonical(unsigned, contexts=WITH_EXAMPLES)
    config_canon = canonical(config, contexts=WITH_EXAMPLES)
    hash_data = data_integrity.hash_data(unsigned, config, WITH_EXAMPLES)
    signature = local_signer(private, "urn:x:k").sign(hash_data)

    assert document_canon.decode() == (steps / "canonDocDataInt.txt").read_text()
    assert sha256(document_canon).hexdigest() == (steps / "docHashDataInt.txt").read_text().strip()
    assert config_canon.decode() == (steps / "proofCanonDataInt.txt").read_text()
    assert sha256(config_canon).hexdigest() == (steps / "proofHashDataInt.txt").read_text().strip()
    assert hash_data.hex() == (steps / "combinedHashDataInt.txt").read_text().strip()
    assert signature.hex() == (steps / "sigHexDataInt.txt").read_text().strip()
    assert f"z{base58.b58encode(signature).decode()}" == (steps / "sigBTC58DataInt.txt").read_text().strip()


@pytest.mark.parametrize("name", SIGNED)
def test_the_signed_documents_verify_and_no_longer_once_altered(name: str, folder: Path) -> None:
    document = load(folder / name)
    keys = keys_of(document)

    assert data_integrity.verify(document, keys, contexts=WITH_EXAMPLES)
    with pytest.raises(ProofError, match="bad-signature"):
        data_integrity.verify({**document, "name": "x"}, keys, contexts=WITH_EXAMPLES)


def test_a_chain_breaks_when_a_proof_that_it_builds_upon_is_exchanged(folder: Path) -> None:
    chain = load(folder / "proof-set-chain/signedProofChain2.json")
    keys = keys_of(chain)

    for index in range(len(chain["proof"])):
        fewer = {**chain, "proof": [one for place, one in enumerate(chain["proof"]) if place != index]}
        if index == len(chain["proof"]) - 1:
            assert data_integrity.verify(fewer, keys, contexts=WITH_EXAMPLES)
        else:
            with pytest.raises(BadgeError, match="unknown-previous-proof"):
                data_integrity.verify(fewer, keys, contexts=WITH_EXAMPLES)
