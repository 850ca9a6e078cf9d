"""What pages that verify by themselves are handed: key documents, status lists, the register; and nothing else."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from badges import strict_json
from badges.credential import Mechanism
from badges.web.app import application
from keys import did
from schemas.documents import CONTEXTS
from tests.fakes.web import FakeWeb
from tests.verifier.making import (
    DID_URL,
    ISSUER,
    LIST_URL,
    NOW,
    SIGNER,
    STRANGER,
    credential,
    did_document,
    pages,
    signed,
    status_list,
)
from tests.verifier.test_api import Client
from verifier.app import build
from verifier.resolve import published_keys
from verifier.settings import VerifierSettings
from verifier.trust import Trust

JWKS_URL = "https://uni.example/.well-known/jwks.json"


def client_of(folder: Path, web: FakeWeb, **options: Any) -> Client:
    verifier = build(VerifierSettings(data=folder), web=web, clock=lambda: NOW, **options)
    return Client(application(title="test", routers=verifier.routers, catalogue=verifier.catalogue))


@pytest.fixture
def web() -> FakeWeb:
    return FakeWeb(pages())


@pytest.fixture
def client(tmp_path: Path, web: FakeWeb) -> Client:
    return client_of(tmp_path, web)


def ask(client: Client, path: str, **query: str) -> tuple[int, Any]:
    answer = client.request("GET", path, params=query)
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, orjson.loads(answer.content)


def refusal(client: Client, path: str, **query: str) -> str:
    status, problem = ask(client, path, **query)
    assert status in {400, 424}
    return problem["errors"][0]["code"] if problem["code"] == "list-refused" else problem["code"]


def test_a_page_is_handed_the_document_of_a_did_web(client: Client) -> None:
    status, found = ask(client, "/v1/keys", did=ISSUER)

    assert status == 200
    assert did.parse_document(found["document"], ISSUER) == did.parse_document(
        orjson.loads(did_document(SIGNER)), ISSUER
    )


def test_what_we_do_not_understand_of_a_did_document_is_not_handed_over(client: Client, web: FakeWeb) -> None:
    document = orjson.loads(did_document(SIGNER))
    document |= {"service": [{"id": "#x", "serviceEndpoint": "secret"}], "note": "secret"}
    document["verificationMethod"] += [{"id": "#k9", "controller": ISSUER, "type": "Other", "note": "secret"}]
    document["assertionMethod"] += ["secret", f"{ISSUER}#k9"]
    web.pages[DID_URL] = orjson.dumps(document)

    _, found = ask(client, "/v1/keys", did=ISSUER)

    assert "secret" not in str(found)
    assert found["document"]["assertionMethod"] == [f"{ISSUER}#k1"]


def test_a_page_is_handed_the_keys_of_an_https_issuer(client: Client, web: FakeWeb) -> None:
    jwk = SIGNER.public.to_jwk()
    web.pages[JWKS_URL] = orjson.dumps({"keys": [{**jwk, "kid": "1"}, {"kty": "other", "note": "secret"}]})

    status, found = ask(client, "/v1/keys", did="https://uni.example/issuers/1")

    assert (status, found) == (200, {"keySet": {"keys": [jwk]}})
    again = FakeWeb({JWKS_URL: strict_json.dump(found["keySet"])})
    assert [one.key for one in published_keys("https://uni.example", again, Trust())] == [SIGNER.public]


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "did:web:",
        "did:web:..",
        "did:web:UPPER.example",
        "did:key:z6Mkf",
        "did:other:x",
        "http://uni.example",
        "https://127.0.0.1/",
        "https://uni.example:8443/",
        "https://user@uni.example",
        "file:///etc/passwd",
        "a" * 2_000,
    ],
)
def test_who_has_no_keys_on_the_web_is_not_looked_up(client: Client, web: FakeWeb, issuer: str) -> None:
    assert refusal(client, "/v1/keys", did=issuer) == "bad-did"
    assert web.asked == []


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b"<html>secret</html>", "key-document-unreadable"),
        (b'{"id": "did:web:other.example", "note": "secret"}', "unusable-key"),
        (b"[]", "unusable-key"),
        (b'{"id": 1, "id": 2}', "key-document-unreadable"),
    ],
)
def test_what_is_no_document_of_the_issuer_is_not_handed_over(
    client: Client, web: FakeWeb, page: bytes, code: str
) -> None:
    web.pages[DID_URL] = page

    assert refusal(client, "/v1/keys", did=ISSUER) == code


def test_keys_that_cannot_be_read_are_nobodys_fault_of_ours(client: Client) -> None:
    answer = client.request("GET", "/v1/keys", params={"did": "did:web:silent.example"})

    assert (answer.status_code, answer.json()["code"]) == (424, "key-unreachable")
    assert answer.headers["retry-after"] == "30"


@pytest.mark.parametrize(
    ("mechanism", "media_type"),
    [(Mechanism.VC_JWT, "application/vc+jwt"), (Mechanism.DATA_INTEGRITY, "application/vc+ld+json")],
)
def test_a_page_is_handed_a_status_list_as_it_was_signed(
    client: Client, web: FakeWeb, mechanism: Mechanism, media_type: str
) -> None:
    web.pages[LIST_URL] = status_list(5, mechanism=mechanism)

    answer = client.request("GET", "/v1/status-lists", params={"url": LIST_URL})

    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content == web.pages[LIST_URL]
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b"secret", "list-unreadable"),
        (b"{}", "list-unreadable"),
        (b"\xff", "list-unreadable"),
        (status_list(signer=STRANGER), "list-not-authentic"),
        (status_list(issuer="did:web:other.example"), "list-not-authentic"),
        (status_list(issuer="did:web:other.example", signer=STRANGER), "list-not-authentic"),
        (signed(credential()), "wrong-list-type"),
        (signed(credential(), mechanism=Mechanism.DATA_INTEGRITY), "wrong-list-type"),
    ],
)
def test_what_is_no_authentic_status_list_is_not_handed_over(
    client: Client, web: FakeWeb, page: bytes, code: str
) -> None:
    web.pages[LIST_URL] = page

    assert refusal(client, "/v1/status-lists", url=LIST_URL) == code


def test_a_list_whose_key_cannot_be_looked_up_is_not_handed_over(tmp_path: Path) -> None:
    client = client_of(tmp_path, FakeWeb({LIST_URL: status_list()}))

    assert refusal(client, "/v1/status-lists", url=LIST_URL) == "list-key-unknown"


def test_a_list_of_a_key_that_had_ended_is_not_handed_over(client: Client, web: FakeWeb) -> None:
    web.pages |= {LIST_URL: status_list(), DID_URL: did_document(SIGNER, expires=NOW.replace(year=2025))}

    assert refusal(client, "/v1/status-lists", url=LIST_URL) == "list-key-not-valid"


def test_a_list_older_than_one_handed_over_is_refused(tmp_path: Path) -> None:
    newer, older = status_list(5, valid_from="2026-11-22T00:00:01Z"), status_list()

    first = client_of(tmp_path, FakeWeb(pages(**{LIST_URL: newer})))
    assert first.request("GET", "/v1/status-lists", params={"url": LIST_URL}).status_code == 200

    second = client_of(tmp_path, FakeWeb(pages(**{LIST_URL: older})))
    assert refusal(second, "/v1/status-lists", url=LIST_URL) == "list-older-than-seen"


def test_a_list_of_the_future_outdates_nothing(tmp_path: Path) -> None:
    future = status_list(valid_from="2099-01-01T00:00:00Z", valid_until="2099-02-01T00:00:00Z")

    for page in (future, status_list()):
        client = client_of(tmp_path, FakeWeb(pages(**{LIST_URL: page})))
        assert client.request("GET", "/v1/status-lists", params={"url": LIST_URL}).status_code == 200


@pytest.mark.parametrize(
    "url", ["", "http://issuer.example/", "https://127.0.0.1/", "https://a.example:22/", "file:///etc/passwd", "x"]
)
def test_no_other_address_than_a_public_one_is_read(client: Client, web: FakeWeb, url: str) -> None:
    assert refusal(client, "/v1/status-lists", url=url) == "list-url-not-allowed"
    assert web.asked == []


def test_a_list_that_cannot_be_read_is_nobodys_fault_of_ours(client: Client) -> None:
    assert refusal(client, "/v1/status-lists", url=LIST_URL) == "list-unreachable"


@pytest.mark.parametrize("path", ["/v1/keys", "/v1/status-lists"])
@pytest.mark.parametrize("query", [{}, {"did": "a" * 2_049}, {"url": "a" * 2_049}, {"other": "x"}])
def test_a_question_without_its_parameter_is_refused(client: Client, path: str, query: dict[str, str]) -> None:
    status, problem = ask(client, path, **query)

    assert (status, problem["code"]) == (422, "invalid-fields")


def test_without_a_register_a_page_is_told_so(client: Client) -> None:
    assert ask(client, "/v1/registry")[1]["code"] == "no-registry"


def test_a_page_is_handed_the_register_as_it_was_signed(tmp_path: Path) -> None:
    class Register:
        def latest(self) -> None:
            return None

        def text(self) -> str:
            return "a.b.c"

    answer = client_of(tmp_path, FakeWeb(), snapshots=Register()).get("/v1/registry")

    assert (answer.status_code, answer.headers["content-type"], answer.text) == (200, "application/jose", "a.b.c")


def test_the_pinned_documents_stand_in_one_file_each(client: Client) -> None:
    contexts, schemas, frameworks = (client.get(f"/data/{name}.json") for name in ("contexts", "schemas", "frameworks"))

    assert contexts.json() == dict(CONTEXTS)
    assert "ob_v3p0_achievementcredential" in schemas.json()
    assert {"itss-3", "dss-p-2.0", "crosswalk-dss-p-1.2-2.0"} <= set(frameworks.json())
    again = client.request("GET", "/data/contexts.json", headers={"If-None-Match": contexts.headers["etag"]})
    assert again.status_code == 304
    assert client.get("/data/other.json").status_code == 404
