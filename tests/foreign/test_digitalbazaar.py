"""Our Data Integrity badges and npm's @digitalbazaar/vc agree, both ways."""

import shutil
from collections.abc import Iterator

import orjson
import pytest

from badges.errors import BadgeError, UnsafeTextError
from badges.proof import Mechanism, peek, sign, verify
from keys import did
from keys.public_key import Algorithm
from tests.foreign.digitalbazaar import FOLDER, DigitalBazaar
from tests.foreign.making import badge, signer_for
from tests.needs import missing

pytestmark = pytest.mark.foreign


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DigitalBazaar]:
    if shutil.which("node") is None or not (FOLDER / "node_modules").is_dir():
        missing("Node.js and the packages of tests/foreign/js (make test installs them)")
    with DigitalBazaar(tmp_path_factory.mktemp("peer")) as process:
        yield process


@pytest.fixture(scope="module")
def ours() -> dict:
    signer = signer_for(Algorithm.ED25519)
    return orjson.loads(sign(badge(signer), signer, Mechanism.DATA_INTEGRITY))


def test_it_verifies_our_badge(peer: DigitalBazaar, ours: dict) -> None:
    # The badge's status is not asked for: this peer wants a function for that, and has its own tests of it.
    signer = signer_for(Algorithm.ED25519)
    plain = orjson.loads(sign(badge(signer, status=False), signer, Mechanism.DATA_INTEGRITY))

    assert peer.ask("verify", credential=plain) == {"verified": True, "error": None}


@pytest.mark.parametrize("member", ["name", "validUntil"])
def test_it_refuses_our_badge_when_it_was_changed(peer: DigitalBazaar, member: str) -> None:
    signer = signer_for(Algorithm.ED25519)
    plain = orjson.loads(sign(badge(signer, status=False), signer, Mechanism.DATA_INTEGRITY))
    changed = {"name": "別の講座", "validUntil": "2039-11-01T00:00:00+09:00"}[member]

    assert not peer.verifies({**plain, member: changed})


def theirs(peer: DigitalBazaar) -> dict:
    pair = peer.ask("keyPair")["keyPair"]
    unsigned = badge(signer_for(Algorithm.ED25519), status=False)
    unsigned["issuer"]["id"] = pair["controller"]
    return peer.ask("issue", credential=unsigned, keyPair=pair)["credential"]


def check(document: dict) -> None:
    unverified = peek(orjson.dumps(document).decode())
    [reference] = unverified.proofs
    method = reference.verification_method
    verify(unverified, {method: did.find_assertion_key(did.expand(method.partition("#")[0]), method).key})


def test_we_verify_its_badge(peer: DigitalBazaar) -> None:
    check(theirs(peer))


def test_we_refuse_its_badge_when_it_was_changed(peer: DigitalBazaar) -> None:
    document = theirs(peer)
    document["credentialSubject"]["achievement"]["name"] = "別の講座"

    with pytest.raises(BadgeError) as refused:
        check(document)

    assert refused.value.code == "bad-signature"


# Texts whose canonical form engines get wrong: escapes, characters beyond the BMP, right-to-left, look-alike spaces.
TEXTS = [
    "𠮷野家",
    "ﾊﾝｶｸ",
    "\u2028行",
    '"quoted" \\ back',
    "שלום",
    "a\u0301",
    "🏳️‍🌈",
    "\u00a0",
    "tab\there",
    "line\nbreak\r\n",
    "\u0085",
]


@pytest.mark.parametrize("text", TEXTS)
def test_we_sign_the_same_bytes_as_it_whatever_the_text(peer: DigitalBazaar, text: str) -> None:
    signer = signer_for(Algorithm.ED25519)
    unsigned = badge(signer, status=False, name=text, description=text)

    assert peer.verifies(orjson.loads(sign(unsigned, signer, Mechanism.DATA_INTEGRITY)))


@pytest.mark.parametrize("text", ["bell\u0007", "\ufffe"])
def test_a_text_that_engines_disagree_on_is_refused_at_issue(text: str) -> None:
    signer = signer_for(Algorithm.ED25519)

    with pytest.raises(UnsafeTextError):
        sign(badge(signer, name=text), signer, Mechanism.DATA_INTEGRITY)
