"""The whole story in a real browser: a learner claims a badge, an employer checks it, and nobody is written down."""

import gzip
import json
import os
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from badges import identity
from tests.browser.conftest import Visit
from tests.browser.driving import READERS, drop, result, saved
from tests.browser.living import Living
from tests.privacy.badge import secrets_of
from tests.privacy.scan import found_in

pytestmark = pytest.mark.browser

NAME = "Pythonによるデータ分析 修了"


@pytest.fixture(scope="module")
def secrets_of_people(akashi: Living) -> dict[str, str]:
    """What must stand nowhere: of the demonstration's badges; the tests of the story add what they make."""
    disks = akashi.data / "demo"
    files = [name for name in orjson.loads((disks / "manifest.json").read_bytes()) if name.endswith((".jwt", ".json"))]
    return {name: secret for file in files for name, secret in secrets_of(file, (disks / file).read_text()).items()}


@pytest.mark.parametrize("reader", READERS, ids="-".join)
def test_a_learner_claims_a_badge_and_an_employer_reads_it(
    reader: tuple[str, str], akashi: Living, visit: Visit, secrets_of_people: dict[str, str]
) -> None:
    language, size = reader
    link = akashi.command("offer", "p05", "c014").strip()
    page = visit(link, language=language, size=size)
    page.wait_for_selector("#claim-button", state="visible")
    assert "#" not in page.url
    assert {"ja": NAME, "en": "Data analysis with Python: completed"}[language] in page.inner_text("main")
    page.click("#claim-button")
    page.wait_for_selector("#claim-result", state="visible")
    files = {kind: saved(page, f"#download-{kind}") for kind in ("png", "svg", "json", "jwt", "key")}
    badge_link = page.input_value("#badge-link")
    key = orjson.loads(files["key"])
    secrets_of_people |= secrets_of(f"claimed.json ({language})", files["json"].decode())
    secrets_of_people |= secrets_of(f"claimed.jwt ({language})", files["jwt"].decode())
    secrets_of_people |= {f"holder's {member} ({language})": key[member] for member in ("x", "y", "d")}
    # Not the whole token, whose digest the register keeps by design.
    secrets_of_people[f"claim token ({language})"] = link.partition("#")[2][:-1]

    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#offer-closed, #claim-button", state="visible")
    stranger = visit(link, language=language, size=size)
    stranger.wait_for_selector("#offer-closed", state="visible")

    employer = visit(badge_link, language=language, size=size)
    result(employer)
    assert "#" not in employer.url
    for text in (
        result(employer),
        *(check(employer, akashi, files[kind], f"badge.{kind}") for kind in ("png", "svg", "json", "jwt")),
    ):
        assert NAME in text
        assert {"ja": "デモデータ学院", "en": "Demo Data Academy"}[language] in text
        assert {"ja": "認証", "en": "accredited"}[language] in text


def check(page: Any, akashi: Living, content: bytes, name: str) -> str:
    page.goto(f"{akashi.address}/")
    return drop(page, content, name)


WORDS = {
    "revoked.jwt": ("取り消", "revoked"),
    "expired.json": ("期限", "expired"),
    "tampered-level.json": ("署名", "signature"),
    "self-issued.jwt": ("登録簿", "register"),
    "lookalike-name.jwt": ("登録簿", "register"),
    "issued-while-suspended.jwt": ("停止", "suspended"),
    "image-only.png": ("バッジ", "no badge"),
    "good-qr.png": (NAME, NAME),
}


@pytest.mark.parametrize("reader", READERS, ids="-".join)
@pytest.mark.parametrize("file", WORDS)
def test_an_employer_drops_a_file_of_the_demonstration(
    file: str, reader: tuple[str, str], akashi: Living, visit: Visit
) -> None:
    language, size = reader
    page = visit(f"{akashi.address}/", language=language, size=size)

    text = drop(page, (akashi.data / "demo" / file).read_bytes(), file)

    assert WORDS[file][language == "en"].lower() in text.lower()
    manifest = orjson.loads((akashi.data / "demo" / "manifest.json").read_bytes())
    assert (page.locator(".report.tone-good").count() > 0) == (manifest[file] == 0)


def test_a_provider_issues_to_a_ready_made_hash_and_keeps_nothing_of_it(
    akashi: Living, secrets_of_people: dict[str, str], shared: Path
) -> None:
    roster = orjson.loads((shared / "skill-standards" / "demo.json").read_bytes())["provider_side_only"]["roster"]
    salt = "saltOfTheCanary-0123456789"
    key = akashi.command("client", "add", "p01").splitlines()[0]
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "User-Agent": "CanaryAgent/7",
        "X-Forwarded-For": "203.0.113.77",
    }
    hashed = identity.make(roster[0]["email"], salt)
    award = {"achievement": "c001", "identity": {"identityHash": hashed, "salt": salt}}
    idempotency = {"Idempotency-Key": "canary-idempotency-key-0123456789"}

    status, issued = akashi.ask("/v1/credentials", orjson.dumps(award), headers | idempotency)
    again = akashi.ask("/v1/credentials", orjson.dumps(award), headers | idempotency)
    jwt = issued["credentials"]["vc-jwt"]
    checked = akashi.ask("/v1/verify?who=CANARY-QUERY-7Q", jwt.encode(), headers | {"Content-Type": "text/plain"})
    wrong = orjson.dumps({**award, "name": roster[0]["name_ja"], roster[1]["email"]: 1})
    refused = akashi.ask("/v1/credentials", wrong, headers | {"Idempotency-Key": "another-idempotency-key-012345"})

    assert (status, again, checked[1]["verdict"], refused[0]) == (201, (200, issued), "verified", 422)
    assert roster[0]["name_ja"] not in orjson.dumps(refused[1]).decode()
    for number, person in enumerate(roster, 1):
        secrets_of_people |= {f"learner {number}'s {member}": value for member, value in person.items()}
    secrets_of_people |= secrets_of("issued.json", issued["credentials"]["data-integrity"])
    secrets_of_people |= secrets_of("issued.jwt", jwt)
    secrets_of_people |= {
        "identity hash": hashed,
        "salt": salt,
        # Not the whole key, whose digest the register keeps by design.
        "idempotency key": idempotency["Idempotency-Key"][:-1],
        "client's address": "127.0.0.77",
        "forwarded address": "203.0.113.77",
        "user agent": "CanaryAgent/7",
        "query": "CANARY-QUERY-7Q",
        "API key's secret": key[-20:],
    }


def test_nobody_is_written_down(akashi: Living, secrets_of_people: dict[str, str]) -> None:
    assert {"holder's d (ja)", "holder's d (en)", "salt", "someone-elses.jwt: subject"} <= secrets_of_people.keys()

    assert found(akashi, secrets_of_people) == []


def found(akashi: Living, secrets: Mapping[str, str]) -> list[str]:
    # What the demonstration writes down for its holders stands for their disks.
    return found_in([akashi.data, akashi.log, akashi.temporary], secrets, leaving_out=akashi.data / "demo")


PLANTED = {
    "learner 1's name_ja": lambda text: json.dumps(text).encode(),
    "learner 2's email": lambda text: gzip.compress(text.upper().encode()),
    "identity hash": lambda text: bytes.fromhex(text.removeprefix("sha256$")),
    "someone-elses.jwt: subject": lambda text: b64encode(b"{" + text.encode() + b"}"),
}


def test_what_is_planted_in_any_place_is_found(akashi: Living, secrets_of_people: dict[str, str]) -> None:
    files = [akashi.data / "planted", akashi.log, akashi.temporary / "planted"]
    content = b"\n".join(form(secrets_of_people[name]) for name, form in PLANTED.items())

    with ending_in(content, files):
        seen = found(akashi, secrets_of_people)

    assert seen == sorted(f"{name} in {file}" for name in PLANTED for file in files)


@contextmanager
def ending_in(content: bytes, files: list[Path]) -> Iterator[None]:
    """Write something at the end of files, and take it away again."""
    for file in files:
        with file.open("ab") as end:
            end.write(content)
    try:
        yield
    finally:
        for file in files:
            os.truncate(file, file.stat().st_size - len(content))
