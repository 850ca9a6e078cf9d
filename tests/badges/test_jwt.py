"""Compact JWS and VC-JWT: one form, one algorithm a key, and claims that say what the credential says."""

import base64
import time
from typing import Any

import jwt as pyjwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadgeError, ClaimsError, MalformedDocumentError, ProofError, UnsupportedError
from badges.proof.jwt import (
    check_registered_claims,
    decode_segment,
    peek_jws,
    sign_jws,
    verify_jws,
    with_registered_claims,
)
from keys.public_key import Algorithm
from keys.signer import LocalSigner, generate, local_signer

KEY_ID = "did:web:uni.example#k1"
SIGNERS = {algorithm: local_signer(generate(algorithm), KEY_ID) for algorithm in Algorithm}
SIGNER = SIGNERS[Algorithm.ED25519]
# RFC 8037 appendix A.4.
RFC_8037_JWS = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
RFC_8037_SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"

CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:uni.example", "type": ["Profile"]},
    "validFrom": "2026-11-23T00:00:00+09:00",
    "validUntil": "2027-11-23T00:00:00+09:00",
    "credentialSubject": {"id": "urn:uuid:11111111-2222-4333-8444-555555555555"},
    "name": "データ入門",
}
# 2026-11-23T00:00:00+09:00 and a year later, by `date -d … +%s`.
STARTS, ENDS = 1_795_359_600, 1_826_895_600


def segment(value: object) -> str:
    data = value if isinstance(value, bytes) else orjson.dumps(value)
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def with_header(header: object) -> str:
    return f"{segment(header)}.e30.AAAA"


def refusal(text: str) -> tuple[type[BadgeError], str]:
    with pytest.raises(BadgeError) as caught:
        peek_jws(text)
    return type(caught.value), caught.value.code


@pytest.mark.parametrize("algorithm", Algorithm)
def test_pyjwt_verifies_what_we_sign(algorithm: Algorithm) -> None:
    signer = SIGNERS[algorithm]

    text = sign_jws(orjson.dumps(CREDENTIAL), signer)

    name = signer.public.jws_algorithm
    token = pyjwt.PyJWS().decode_complete(text, signer.private.public_key(), algorithms=[name])
    assert token["header"] == {"alg": name, "kid": KEY_ID}
    assert orjson.loads(token["payload"]) == CREDENTIAL


@pytest.mark.parametrize("algorithm", Algorithm)
def test_we_verify_what_pyjwt_signs_and_not_what_a_stranger_signs(algorithm: Algorithm) -> None:
    signer = SIGNERS[algorithm]
    stranger = local_signer(generate(algorithm), KEY_ID)
    name = signer.public.jws_algorithm

    text = pyjwt.PyJWS().encode(b'{"a":1}', signer.private, algorithm=name, headers={"kid": KEY_ID})
    jws = peek_jws(text)

    assert (jws.payload, jws.header.key_id, jws.header.algorithm) == (b'{"a":1}', KEY_ID, name)
    verify_jws(jws, signer.public)
    with pytest.raises(ProofError) as caught:
        verify_jws(jws, stranger.public)
    assert caught.value.code == "bad-signature"


def test_the_signature_is_that_of_rfc_8037() -> None:
    private = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(RFC_8037_SEED + "="))
    signer = local_signer(private, KEY_ID)
    jws = peek_jws(RFC_8037_JWS)

    verify_jws(jws, signer.public)
    assert signer.sign(jws.signing_input) == jws.signature


def test_a_key_verifies_its_own_algorithm_alone() -> None:
    jws = peek_jws(sign_jws(b"{}", SIGNERS[Algorithm.P256]))

    for algorithm in set(Algorithm) - {Algorithm.P256}:
        with pytest.raises(ProofError) as caught:
            verify_jws(jws, SIGNERS[algorithm].public)
        assert caught.value.code == "wrong-algorithm"


def test_a_header_may_say_more_at_signing() -> None:
    jws = sign_jws(b"{}", SIGNER, header={"typ": "vc+jwt", "jwk": SIGNER.public.to_jwk()})

    assert peek_jws(jws).header.embedded_key == SIGNER.public


@pytest.mark.parametrize(
    "name", ["none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS384", "PS256", "ES256K", "dir"]
)
def test_an_algorithm_outside_the_list_is_not_supported(name: str) -> None:
    assert refusal(with_header({"alg": name})) == (UnsupportedError, "unsupported-algorithm")


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"alg": 5},
        {"alg": None},
        {"alg": ["EdDSA"]},
        {"alg": "EdDSA", "crit": []},
        {"alg": "EdDSA", "crit": ["exp"], "exp": 1},
        {"alg": "EdDSA", "crit": ["b64"], "b64": False},
        {"alg": "EdDSA", "b64": False},
        {"alg": "EdDSA", "b64": True},
        {"alg": "EdDSA", "zip": "DEF"},
        {"alg": "EdDSA", "jku": "https://169.254.169.254/"},
        {"alg": "EdDSA", "x5u": "https://a.example/"},
        {"alg": "EdDSA", "x5c": []},
        {"alg": "EdDSA", "cty": "JWT"},
        {"alg": "EdDSA", "typ": "kb+jwt"},
        {"alg": "EdDSA", "typ": "at+jwt"},
        {"alg": "EdDSA", "typ": "dpop+jwt"},
        {"alg": "EdDSA", "typ": "statuslist+jwt"},
        {"alg": "EdDSA", "typ": None},
        {"alg": "EdDSA", "typ": ["JWT"]},
        {"alg": "EdDSA", "kid": ""},
        {"alg": "EdDSA", "kid": 1},
        {"alg": "EdDSA", "kid": ["a"]},
        {"alg": "EdDSA", "kid": "k" * 513},
        {"alg": "EdDSA", "kid": "k" * 10_000},
    ],
)
def test_a_header_that_says_more_or_less_than_ours_is_refused(header: object) -> None:
    assert refusal(with_header(header)) == (MalformedDocumentError, "bad-header")


@pytest.mark.parametrize("kind", ["JWT", "vc+jwt", "vc+ld+jwt"])
def test_the_types_of_open_badges_and_of_vc_jose_are_read(kind: str) -> None:
    assert peek_jws(with_header({"alg": "EdDSA", "typ": kind, "kid": "k" * 512})).header.key_id == "k" * 512


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (b'{"alg":"none","alg":"EdDSA"}', "duplicate-member"),
        (b"\xef\xbb\xbf{}", "not-utf-8"),
        (b"[]", "not-an-object"),
        (b"[" * 1000, "too-deep"),
        (b"{}{}", "not-json"),
        (b'{"alg":"EdDSA","kid":"\\ud800"}', "lone-surrogate"),
        (b'{"alg":"EdDSA","kid":"\\u0000"}', "nul-character"),
    ],
)
def test_a_header_that_is_no_strict_json_is_refused(header: bytes, code: str) -> None:
    assert refusal(with_header(header)) == (MalformedDocumentError, code)


@pytest.mark.parametrize(
    "jwk",
    [
        {**SIGNER.public.to_jwk(), "d": "AAAA"},
        {**SIGNER.public.to_jwk(), "use": "enc"},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "OKP", "crv": "Ed25519", "x": segment(bytes(32))},
        "x",
        None,
    ],
)
def test_an_embedded_key_that_must_not_be_used_is_refused(jwk: object) -> None:
    assert refusal(with_header({"alg": "EdDSA", "jwk": jwk})) == (MalformedDocumentError, "bad-header-key")


@pytest.mark.parametrize("text", ["", "e30", "e30.e30", "e30.e30.AAAA.AAAA", "e30.e30.a.b.c", '{"payload":"e30"}'])
def test_other_than_three_segments_are_no_jws(text: str) -> None:
    assert refusal(text) == (MalformedDocumentError, "not-a-jws")


HEADER = segment({"alg": "EdDSA"})


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}.e30.AAAA==",
        f"{HEADER}.e30.AAAA\n",
        f"\n{HEADER}.e30.AAAA",
        f"{HEADER}.e30 .AAAA",
        f"{HEADER}.e30.",
        f"{HEADER}..AAAA",
        f"{HEADER}.e31.AAAA",
        f"{HEADER}.e30.AB",
        f"{HEADER}.e30.AAB",
        f"{HEADER}.e30.AAAAA",
        f"{HEADER}.e30.AA+A",
        f"{HEADER}.e30.AA/A",
        f"{HEADER}.e30.ＡＡＡＡ",
        f"{HEADER}.e30.AAA\0",
        ".e30.AAAA",
    ],
)
def test_base64url_has_one_spelling(text: str) -> None:
    assert refusal(text) == (MalformedDocumentError, "bad-base64")


@given(st.binary(min_size=1, max_size=80))
def test_a_segment_gives_its_bytes(data: bytes) -> None:
    assert decode_segment(segment(data)) == data


@given(st.text(alphabet="ABCDwxyz0189-_", min_size=1, max_size=12))
def test_a_segment_that_is_read_is_the_one_spelling(text: str) -> None:
    try:
        data = decode_segment(text)
    except MalformedDocumentError:
        return

    assert segment(data) == text


@pytest.mark.parametrize("text", ["A" * 2_000_000, f"{'A' * 50_000_000}.e30.AAAA", "." * 2_000_000])
def test_a_huge_token_is_refused_in_a_moment(text: str) -> None:
    start = time.process_time()

    refusal(text)

    assert time.process_time() - start < 0.5


def test_the_claims_repeat_what_the_credential_says() -> None:
    payload = with_registered_claims(CREDENTIAL)

    assert payload == {
        **CREDENTIAL,
        "iss": "did:web:uni.example",
        "sub": "urn:uuid:11111111-2222-4333-8444-555555555555",
        "jti": "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
        "nbf": STARTS,
        "exp": ENDS,
    }
    assert check_registered_claims({**payload, "iat": STARTS}) == (CREDENTIAL, ())


def test_a_credential_without_an_end_has_no_exp() -> None:
    endless = {name: value for name, value in CREDENTIAL.items() if name != "validUntil"}

    assert "exp" not in with_registered_claims(endless)
    assert check_registered_claims(with_registered_claims(endless)) == (endless, ())


@pytest.mark.parametrize("member", ["id", "issuer", "validFrom", "credentialSubject"])
def test_a_credential_without_what_must_be_repeated_is_not_signed(member: str) -> None:
    with pytest.raises(ClaimsError) as caught:
        with_registered_claims({name: value for name, value in CREDENTIAL.items() if name != member})

    assert caught.value.code == "missing-claim"


def claims_refusal(payload: dict[str, Any]) -> str:
    with pytest.raises(ClaimsError) as caught:
        check_registered_claims(payload)
    return caught.value.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iss": "did:web:uni.example.evil"}, "claim-mismatch"),
        ({"jti": "urn:uuid:0"}, "claim-mismatch"),
        ({"sub": "urn:uuid:0"}, "claim-mismatch"),
        ({"nbf": STARTS + 1}, "claim-mismatch"),
        ({"exp": ENDS + 1}, "claim-mismatch"),
        ({"exp": -1}, "claim-mismatch"),
        ({"exp": str(ENDS)}, "bad-claim"),
        ({"exp": True}, "bad-claim"),
        ({"exp": None}, "bad-claim"),
        ({"exp": [ENDS]}, "bad-claim"),
        ({"exp": float(ENDS)}, "bad-claim"),
        ({"iat": "1"}, "bad-claim"),
        ({"iat": False}, "bad-claim"),
        ({"iat": 2**53}, "bad-claim"),
        ({"iss": 1}, "bad-claim"),
        ({"jti": ["a"]}, "bad-claim"),
        ({"vc": {}}, "two-payloads"),
        ({"vc": CREDENTIAL}, "two-payloads"),
        ({"vc": "x"}, "two-payloads"),
    ],
)
def test_a_claim_that_says_something_else_is_refused(change: dict[str, object], code: str) -> None:
    assert claims_refusal({**with_registered_claims(CREDENTIAL), **change}) == code


def test_an_end_in_the_claims_alone_is_refused() -> None:
    endless = {name: value for name, value in CREDENTIAL.items() if name != "validUntil"}

    assert claims_refusal({**with_registered_claims(endless), "exp": ENDS}) == "claim-mismatch"


@pytest.mark.parametrize("claim", ["iss", "jti", "nbf"])
def test_a_claim_that_must_be_there_is_missed(claim: str) -> None:
    payload = with_registered_claims(CREDENTIAL)
    del payload[claim]

    assert claims_refusal(payload) == "missing-claim"


def test_a_missing_subject_claim_is_a_warning_and_a_missing_end_is_nothing() -> None:
    payload = with_registered_claims(CREDENTIAL)
    del payload["sub"], payload["exp"]

    assert check_registered_claims(payload) == (CREDENTIAL, ("subject-claim-missing",))


def test_a_credential_without_a_subject_id_needs_no_subject_claim() -> None:
    payload = with_registered_claims(CREDENTIAL)
    del payload["sub"]
    payload["credentialSubject"] = {}

    assert check_registered_claims(payload)[1] == ()


def test_a_credential_without_an_end_needs_no_exp_and_several_subjects_no_sub() -> None:
    payload = {**with_registered_claims(CREDENTIAL), "credentialSubject": [{}, {}]}
    del payload["sub"]

    assert check_registered_claims(payload)[1] == ()


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-23",
        "2026-11-23T00:00:00",
        "2026-11-23T00:00Z",
        "2026-11-23t00:00:00z",
        "2026-W47-1T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T23:59:60Z",
        "2026-11-23T00:00:00+99:00",
        "0000-01-01T00:00:00Z",
        "12026-11-23T00:00:00Z",
        "２０２６-11-23T00:00:00Z",
        "2026-11-23T00:00:00Z\n",
        20261123,
        ["2026-11-23T00:00:00Z"],
    ],
)
def test_what_is_no_moment_is_refused(moment: object) -> None:
    assert claims_refusal({**with_registered_claims(CREDENTIAL), "validFrom": moment}) == "bad-claim"


def test_a_fraction_of_a_second_is_cut_off() -> None:
    precise = {**CREDENTIAL, "validFrom": "2026-11-22T15:00:00.987654321Z"}

    assert with_registered_claims(precise)["nbf"] == STARTS


VCDM_1: dict[str, Any] = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "id": "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
    "type": ["VerifiableCredential"],
    "issuer": "did:web:uni.example",
    "issuanceDate": "2026-11-23T00:00:00+09:00",
    "expirationDate": "2027-11-23T00:00:00+09:00",
    "credentialSubject": {"id": "urn:uuid:0"},
}


def test_a_credential_of_vcdm_1_stands_under_vc() -> None:
    claims = {"iss": VCDM_1["issuer"], "sub": "urn:uuid:0", "jti": VCDM_1["id"], "nbf": STARTS, "exp": ENDS}

    assert check_registered_claims({"vc": VCDM_1, **claims}) == (VCDM_1, ())
    assert claims_refusal({**VCDM_1, **claims}) == "two-payloads"
    assert claims_refusal({"vc": VCDM_1, **claims, "@context": []}) == "two-payloads"


def test_signing_is_repeatable_for_every_signer() -> None:
    signers: list[LocalSigner] = list(SIGNERS.values())

    for signer in signers:
        assert sign_jws(b"{}", signer) == sign_jws(b"{}", signer)
