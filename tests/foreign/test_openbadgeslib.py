"""openbadgeslib (a test oracle only) agrees on our badges and status lists."""

import orjson
import pytest

from badges.proof import Mechanism, sign
from keys.public_key import Algorithm
from keys.signer import LocalSigner
from tests.foreign.making import badge, pem, signer_for, status_list
from tests.needs import package

pytestmark = [pytest.mark.foreign, pytest.mark.filterwarnings("ignore")]
ob3 = package("openbadgeslib.ob3")


@pytest.mark.parametrize("algorithm", [Algorithm.P256, Algorithm.ED25519])
def test_it_verifies_our_vc_jwt(algorithm: Algorithm) -> None:
    signer = signer_for(algorithm)

    credential = ob3.OB3Verifier(pem(signer)).verify(sign(badge(signer), signer, Mechanism.VC_JWT))

    assert credential is not None


def test_it_refuses_our_vc_jwt_when_another_key_signed_it() -> None:
    signer, stranger = signer_for(Algorithm.P256), signer_for(Algorithm.P256)

    with pytest.raises(ob3.OB3VerificationError):
        ob3.OB3Verifier(pem(signer)).verify(sign(badge(signer), stranger, Mechanism.VC_JWT))


def test_it_verifies_our_data_integrity_badge_and_refuses_a_changed_one() -> None:
    signer = signer_for(Algorithm.ED25519)
    document = orjson.loads(sign(badge(signer), signer, Mechanism.DATA_INTEGRITY))
    verifier = ob3.OB3LdpVerifier(pem(signer))

    assert verifier.verify(document) is not None
    document["name"] = "別の講座"
    with pytest.raises(ob3.OB3VerificationError):
        verifier.verify(document)


def ask_status(signer: LocalSigner, *revoked: int) -> None:
    verifier = ob3.OB3Verifier(pem(signer))
    credential = verifier.verify(sign(badge(signer), signer, Mechanism.VC_JWT))
    served = status_list(signer, *revoked).encode()
    verifier.check_status(credential, verify_list=True, download=lambda *_args, **_options: served)


@pytest.mark.parametrize("revoked", [(), (94_566,), (94_568, 0)])
def test_it_finds_our_badge_unrevoked_beside_revoked_ones(revoked: tuple[int, ...]) -> None:
    ask_status(signer_for(Algorithm.P256), *revoked)


def test_it_finds_our_badge_revoked() -> None:
    with pytest.raises(ob3.OB3VerificationError, match="is set at index 94567"):
        ask_status(signer_for(Algorithm.P256), 94_567)
