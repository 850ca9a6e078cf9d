"""The whole story in a real browser: a learner claims a badge, an employer checks it, and nobody is written down."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from badges import identity
from tests.browser.check_page import drop, result
from tests.browser.living import Living, living
from tests.privacy.scan import found_in

pytestmark = pytest.mark.browser

NAME = "Pythonによるデータ分析 修了"


@pytest.fixture(scope="module")
def akashi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with living(tmp_path_factory.mktemp("living")) as one:
        yield one


@pytest.fixture(scope="module")
def secrets_of_people() -> dict[str, str]:
    """What must stand nowhere; the tests of the story add what they make."""
    return {}


def phone(browser, language: str):
    return browser.new_context(viewport={"width": 360, "height": 740}, locale=language, accept_downloads=True)


def saved(page, selector: str) -> bytes:
    with page.expect_download() as download:
        page.click(selector)
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_learner_claims_a_badge_and_an_employer_reads_it(
    language: str, akashi: Living, browser, secrets_of_people: dict[str, str]
) -> None:
    link = akashi.command("offer", "p05", "c014").strip()
    context = phone(browser, language)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto(link)
    page.wait_for_selector("#claim-button", state="visible")
    assert "#" not in page.url
    assert {"ja": NAME, "en": "Data analysis with Python: completed"}[language] in page.inner_text("main")
    page.click("#claim-button")
    page.wait_for_selector("#claim-result", state="visible")
    files = {kind: saved(page, f"#download-{kind}") for kind in ("png", "svg", "json", "jwt", "key")}
    badge_link = page.input_value("#badge-link")
    secrets_of_people[f"holder's key ({language})"] = orjson.loads(files["key"])["x"]
    secrets_of_people[f"holder's private key ({language})"] = orjson.loads(files["key"])["d"]
    document = orjson.loads(files["json"])
    secrets_of_people[f"holder's DID ({language})"] = document["credentialSubject"]["id"]
    secrets_of_people[f"signature ({language})"] = document["proof"][0]["proofValue"]
    secrets_of_people[f"badge ({language})"] = files["jwt"].decode()[:200]
    secrets_of_people[f"claim token ({language})"] = link.partition("#")[2]

    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#offer-closed, #claim-button", state="visible")
    stranger = phone(browser, language)
    other = stranger.new_page()
    other.goto(link)
    other.wait_for_selector("#offer-closed", state="visible")

    employer = phone(browser, language)
    desk = employer.new_page()
    desk.goto(badge_link)
    desk.wait_for_selector("#link-check", state="visible")
    assert "#" not in desk.url
    desk.click("#link-check")
    for text in (
        result(desk),
        *(check(desk, akashi, files[kind], f"badge.{kind}") for kind in ("png", "svg", "json", "jwt")),
    ):
        assert NAME in text
        assert {"ja": "デモデータ学院", "en": "Demo Data Academy"}[language] in text
        assert {"ja": "認証", "en": "accredited"}[language] in text
    assert said == []
    for one in (context, stranger, employer):
        one.close()


def check(page, akashi: Living, content: bytes, name: str) -> str:
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


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("file", WORDS)
def test_an_employer_drops_a_file_of_the_demonstration(file: str, language: str, akashi: Living, browser) -> None:
    context = phone(browser, language)
    page = context.new_page()

    text = check(page, akashi, (akashi.data / "demo" / file).read_bytes(), file)

    assert WORDS[file][language == "en"].lower() in text.lower()
    manifest = orjson.loads((akashi.data / "demo" / "manifest.json").read_bytes())
    assert (page.locator(".report.tone-good").count() > 0) == (manifest[file] == 0)
    context.close()


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
    for person in roster:
        secrets_of_people.update({f"{value} of the roster": value for value in person.values()})
    secrets_of_people |= {
        "identity hash": hashed,
        "salt": salt,
        "idempotency key in clear": "canary-idempotency-key-0123456789"[:-1],
        "credential's text": jwt[-200:],
        "client's address": "127.0.0.77",
        "forwarded address": "203.0.113.77",
        "user agent": "CanaryAgent/7",
        "query": "CANARY-QUERY-7Q",
        "API key's secret": key[-20:],
    }


def test_nobody_is_written_down(akashi: Living, secrets_of_people: dict[str, str]) -> None:
    places = [akashi.data, akashi.log, akashi.temporary]
    tokens = {name for name in secrets_of_people if name.startswith("claim token")}
    # The digest of a claim token is what the register keeps by design; the token itself may stand nowhere.
    plain = {name: secret for name, secret in secrets_of_people.items() if name not in tokens}

    assert len(secrets_of_people) > 20
    assert found_in(places, plain, leaving_out=akashi.data / "demo") == []
    content = b"".join(file.read_bytes() for file in akashi.data.rglob("*") if file.is_file())
    assert not any(secrets_of_people[name].encode() in content for name in tokens)


def test_the_scan_finds_what_is_planted(akashi: Living, secrets_of_people: dict[str, str]) -> None:
    planted = akashi.data / "planted.bin"
    name, secret = next((name, secret) for name, secret in secrets_of_people.items() if "roster" in name)
    planted.write_bytes(b"\x00" + secret.encode() + b"\xff")
    try:
        found = found_in(
            [akashi.data, akashi.log, akashi.temporary], secrets_of_people, leaving_out=akashi.data / "demo"
        )
    finally:
        planted.unlink()

    assert f"{name} in {planted}" in found
