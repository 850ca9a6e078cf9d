"""openbadgeslib (a test oracle only) agrees on what the issuer itself hands out: badges, revocation, status lists."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keys.did import parse_document
from keys.public_key import Algorithm
from tests.issuer.making import BEARER, School, school
from tests.needs import package

pytestmark = [pytest.mark.foreign, pytest.mark.filterwarnings("ignore")]
ob3 = package("openbadgeslib.ob3")


@pytest.fixture
def kita(tmp_path: Path) -> School:
    made = school(tmp_path)
    made.clock.now = datetime.now(UTC)  # noqa: TID251 - the peer reads the computer's clock, and lists end after a month
    return made


def published_key(kita: School, algorithm: Algorithm) -> bytes:
    """Return the provider's key as its own DID document has it."""
    document = kita.send("GET", "/providers/kita/did.json", None).json()
    methods = parse_document(document, kita.provider.did).methods.values()
    key = next(method.key for method in methods if method.key.algorithm is algorithm)
    return key.raw.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_it_verifies_what_the_issuer_signed_in_both_formats(kita: School) -> None:
    issued = kita.issue(BEARER).json()["credentials"]
    document = orjson.loads(issued["data-integrity"])
    embedded = ob3.OB3LdpVerifier(published_key(kita, Algorithm.ED25519))

    assert ob3.OB3Verifier(published_key(kita, Algorithm.P256)).verify(issued["vc-jwt"]) is not None
    assert embedded.verify(document) is not None
    with pytest.raises(ob3.OB3VerificationError):
        embedded.verify({**document, "name": "別の講座"})


def test_it_reads_the_issuers_status_list(kita: School) -> None:
    good, bad = kita.issue(BEARER).json(), kita.issue(BEARER).json()
    kita.post(f"/v1/credentials/{bad['id']}/revoke", {"reason": "issued-in-error"})
    served = kita.send("GET", "/providers/kita/status/revocation/1", None, Accept="application/vc+jwt").content
    verifier = ob3.OB3Verifier(published_key(kita, Algorithm.P256))

    def ask(badge: dict) -> None:
        credential = verifier.verify(badge["credentials"]["vc-jwt"])
        verifier.check_status(credential, verify_list=True, download=lambda *_args, **_options: served)

    ask(good)
    with pytest.raises(ob3.OB3VerificationError):
        ask(bad)
