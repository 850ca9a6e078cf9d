"""`POST /v1/verify`: every kind of content, and every kind of bad content."""

import asyncio
from pathlib import Path

import httpx
import orjson
import pytest
from fastapi import FastAPI

from badges.web.app import application
from tests.fakes.web import FakeWeb
from tests.verifier.making import NOW, credential, pages, signed
from verifier.api import PICTURE_TYPES, TEXT_TYPES
from verifier.app import SettingsError, build, create_app
from verifier.settings import VerifierSettings

CANARY = "kanarienvogel@example.com"


class Client:
    """Speaks to an application in this process, without a socket."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def request(self, method: str, path: str, **options: object) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://verifier.example") as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    verifier = build(VerifierSettings(data=tmp_path), web=FakeWeb(pages()), clock=lambda: NOW)
    return Client(application(title="test", routers=verifier.routers, catalogue=verifier.catalogue))


def post(client: Client, body: bytes, media_type: str = "text/plain", **headers: str) -> tuple[int, dict]:
    answer = client.request("POST", "/v1/verify", content=body, headers={"Content-Type": media_type, **headers})
    return answer.status_code, orjson.loads(answer.content)


def test_a_badge_gets_its_report(client: Client) -> None:
    status, report = post(client, signed(credential()))

    assert status == 200
    assert report["verdict"] == "verified"
    assert report["standing"] == {"atIssue": "unknown", "now": "unknown"}
    assert [finding["check"] for finding in report["findings"]] == [
        "form",
        "proof",
        "binding",
        "validity",
        "status",
        "trust",
        "holder",
        "endorsement",
    ]
    assert report["credential"]["issuer"]["claimedName"] == "北の学校"
    assert report["registry"] == {"number": None, "of": None}
    assert report["fetched"] == ["https://issuer.example/providers/kita/did.json"]
    assert report["fromThisServer"] == []
    assert report["checkedAt"] == "2026-11-23T03:00:00Z"
    assert report["checkedBy"] == "server"


def test_the_sentences_follow_the_readers_language(client: Client) -> None:
    _, japanese = post(client, signed(credential()))
    _, english = post(client, signed(credential()), **{"Accept-Language": "en"})

    assert japanese["findings"][1]["text"] == "署名は正しく、発行後に変更されていません。"
    assert english["findings"][1]["text"] == "The signature is right: nothing was changed since it was signed."


BAD = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'{"a":1,"a":2}',
    b'{"a":NaN}',
    b'{"a":1e999}',
    b'{"a":"\\ud800"}',
    b'{"a":"\\u0000"}',
    b'\xef\xbb\xbf{"a":1}',
    '{"a":1}'.encode("utf-16"),
    b"\xff\xfe\x00\x01" * 100,
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"." * 1_000,
    b"a.b.c",
    b"eyJhbGciOiJub25lIn0.e30.",
    b"\x89PNG\r\n\x1a\n",
    b"\x89PNG\r\n\x1a\n" + bytes(1_000),
    b"\xff\xd8\xff" + bytes(1_000),
    b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(100),
    b"<svg>",
    b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
    b"https://" + b"a" * 70_000,
    b"http://127.0.0.1/",
    b"https://verifier.example/v#",
    b"https://verifier.example/v#123",
    b"https://verifier.example/v#" + b"9" * 30_000,
    b"javascript:alert(1)",
    orjson.dumps({"proof": {}, "name": CANARY}),
    orjson.dumps({"proof": [], "issuer": [], "credentialSubject": 1, "@context": 5, "type": {}, "name": CANARY}),
    orjson.dumps({CANARY: CANARY}),
]


@pytest.mark.parametrize("media_type", TEXT_TYPES + PICTURE_TYPES)
def test_bad_content_gets_a_report_that_says_so(client: Client, media_type: str) -> None:
    for body in BAD:
        status, report = post(client, body, media_type)

        assert status == 200, body[:60]
        assert report["verdict"] != "verified"
        assert report["credential"] is None
        assert CANARY not in str(report)


@pytest.mark.parametrize("media_type", ["", "text/html", "application/xml", "multipart/form-data", "image/gif"])
def test_another_media_type_is_refused_with_415(client: Client, media_type: str) -> None:
    status, problem = post(client, CANARY.encode(), media_type)

    assert status == 415
    assert problem["code"] == "unsupported-media-type"
    assert CANARY not in str(problem)


def test_a_compressed_body_is_refused_with_415(client: Client) -> None:
    status, _ = post(client, b"x", **{"Content-Encoding": "gzip"})

    assert status == 415


@pytest.mark.parametrize(
    ("media_type", "limit"), [("text/plain", 1_048_576), ("application/json", 1_048_576), ("image/png", 8_388_608)]
)
def test_more_than_the_limit_is_refused_with_413(client: Client, media_type: str, limit: int) -> None:
    status, problem = post(client, b" " * (limit + 1), media_type)

    assert status == 413
    assert problem["code"] == "body-too-large"


def test_a_text_sent_as_a_picture_is_held_to_the_limit_of_texts(client: Client) -> None:
    status, report = post(client, b" " * 1_048_577, "application/octet-stream")

    assert status == 200
    assert report["findings"][0]["code"] == "too-large"


def test_reading_what_is_for_posting_is_refused(client: Client) -> None:
    assert client.get("/v1/verify").status_code == 405


def test_the_interface_describes_itself(client: Client) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/v1/verify"]["post"]

    assert set(operation["requestBody"]["content"]) == set(TEXT_TYPES + PICTURE_TYPES)
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    _, report = post(client, signed(credential()))
    assert set(schema["required"]) == set(report)


def test_the_pages_are_served(client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/v").status_code == 200


def test_a_verifier_can_stand_alone(tmp_path: Path) -> None:
    app = create_app(VerifierSettings(data=tmp_path, local_hosts="localhost:1, localhost:2"))  # type: ignore[arg-type] # as the environment has it

    status, report = post(Client(app), b"{}")

    assert (status, report["verdict"]) == (200, "not-verified")


def test_a_registry_needs_the_key_that_it_is_pinned_by(tmp_path: Path) -> None:
    settings = VerifierSettings(data=tmp_path, registry_url="https://registry.example")

    with pytest.raises(SettingsError):
        build(settings)


def test_a_registry_that_does_not_answer_leaves_the_standing_unknown(tmp_path: Path) -> None:
    key = "z6MkrxqAcuPrKsezAyQT2Yp2bLhidKfos1ezAcv9vD4tP8GT"
    settings = VerifierSettings(data=tmp_path, registry_url="https://registry.example", registry_key=key)
    web = FakeWeb(pages())

    report = build(settings, web=web, clock=lambda: NOW).check(signed(credential()))

    assert report.registry == ""
    assert "https://registry.example/registry/latest" in web.asked
