"""A file checked by the server, for a browser without JavaScript."""

from pathlib import Path

import pytest

from badges.formats import qr
from badges.web.app import application
from tests.fakes.web import FakeWeb
from tests.verifier.making import NOW, credential, pages, signed
from tests.verifier.test_api import Client
from verifier.app import build
from verifier.intake import MAX_PICTURE_BYTES
from verifier.settings import VerifierSettings
from verifier.words import moment


@pytest.fixture
def client(tmp_path: Path) -> Client:
    verifier = build(VerifierSettings(data=tmp_path), web=FakeWeb(pages()), clock=lambda: NOW)
    return Client(application(title="test", routers=verifier.routers, catalogue=verifier.catalogue))


def send(client: Client, data: bytes, language: str = "en", field: str = "file"):
    files = {field: ("badge", data, "application/octet-stream")}
    return client.request("POST", "/check", files=files, headers={"Accept-Language": language, "Accept": "text/html"})


@pytest.mark.parametrize(("language", "said"), [("ja", "登録簿"), ("en", "register")])
def test_a_sent_badge_has_its_result_as_a_page(client: Client, language: str, said: str) -> None:
    answer = send(client, signed(credential()), language)

    assert answer.status_code == 200
    assert said in answer.text
    assert credential()["credentialSubject"]["achievement"]["name"] in answer.text
    assert "tone-good" not in answer.text


def test_a_changed_badge_shows_nothing_of_what_it_says(client: Client) -> None:
    header, payload, signature = signed(credential()).split(b".")
    answer = send(client, b".".join([header, payload, signature[::-1]]))

    assert "tone-bad" in answer.text or "tone-none" in answer.text
    assert credential()["credentialSubject"]["achievement"]["name"] not in answer.text


@pytest.mark.parametrize(
    ("data", "headline"),
    [
        (qr.draw_png("hello"), "No badge was found in this"),
        (b'{"shopping": ["milk"]}', "No badge was found in this"),
        (b'{"half": ', "This could not be read"),
        (b"https://elsewhere.example/v#123", "This could not be read"),
    ],
)
def test_what_is_no_badge_or_cannot_be_read_accuses_nobody(client: Client, data: bytes, headline: str) -> None:
    answer = send(client, data)

    assert headline in answer.text
    assert "tone-none" in answer.text
    assert "holder" not in answer.text


def test_a_document_that_calls_itself_a_badge_and_is_not_signed_is_told_so(client: Client) -> None:
    answer = send(client, b'{"type": ["VerifiableCredential", "OpenBadgeCredential"]}')

    assert "This badge is not signed" in answer.text
    assert "Ask for the signed original" in answer.text


def test_what_is_no_form_or_has_no_file_is_refused(client: Client) -> None:
    assert send(client, b"x", field="other").status_code == 400
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert client.request("POST", "/check", content=b"--y\r\n", headers=broken).status_code == 400
    assert client.request("POST", "/check", content=b"x", headers={"Content-Type": "text/plain"}).status_code == 415
    assert (
        client.request("POST", "/check", content=b"", headers={"Content-Type": "multipart/form-data"}).status_code
        == 400
    )


def test_a_file_beyond_the_limit_is_refused_and_a_large_one_is_not_written_to_a_disk(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("written to a disk")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", refuse)

    assert send(client, b"\x89PNG\r\n\x1a\n" + bytes(MAX_PICTURE_BYTES - 8)).status_code == 200
    assert send(client, bytes(MAX_PICTURE_BYTES + 100_000)).status_code == 413


def test_a_refusal_is_a_page_for_people(client: Client) -> None:
    answer = send(client, bytes(MAX_PICTURE_BYTES + 100_000), "ja")

    assert answer.headers["content-type"].startswith("text/html")
    assert "大きすぎます" in answer.text


def test_a_switch_of_the_language_leads_back_to_the_form(client: Client) -> None:
    answer = client.request("GET", "/check?lang=en", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/?lang=en")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2029-11-01T00:00:00+09:00", "2029-11-01 00:00 (UTC+09:00)"),
        ("2026-11-25T16:54:01.5Z", "2026-11-25 16:54 (UTC)"),
        ("soon", "soon"),
    ],
)
def test_a_time_is_said_with_its_zone(written: str, said: str) -> None:
    assert moment(written) == said
