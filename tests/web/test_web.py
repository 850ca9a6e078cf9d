"""What every service answers with: bounded bodies, problems without an echo, headers, languages, documents."""

import asyncio
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import httpx
import orjson
import pytest
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from badges import json_faults, strict_json
from badges.web import catalogue as catalogues
from badges.web.app import CONTENT_SECURITY_POLICY, Guard, application, place_of
from badges.web.body import MAX_DRAINED_BYTES, json_body, read_body, read_json
from badges.web.catalogue import Catalogue, CatalogueError, MissingTextError, load
from badges.web.documents import PublicDocument, respond
from badges.web.language import accepted_language
from badges.web.policy import security_headers

SECRET = "canary-7Q@learner.example"
PINNED = PublicDocument(b"{}", "application/json", 60, immutable=True)


class Level(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    value: int = Field(ge=1, le=7)


class Award(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=10, pattern="^[a-z]+$")
    role: Literal["lead", "build"] | None = None
    levels: list[Level] = Field(default=[], max_length=2)
    either: Level | list[str] | None = None

    @field_validator("name")
    @classmethod
    def refuse(cls, name: str) -> str:
        if name == "taken":
            raise PydanticCustomError("wrong-form", "no")
        return name


def routes() -> APIRouter:
    router = APIRouter()

    @router.post("/award")
    async def award(request: Request) -> dict[str, str]:
        return {"name": (await read_json(request, Award)).name}

    @router.post("/bytes")
    async def take(request: Request) -> dict[str, int]:
        return {"bytes": len(await read_body(request, limit=8, media_types={"text/plain"}))}

    @router.get("/crash")
    def crash() -> None:
        raise ValueError(SECRET)

    @router.get("/crash-late")
    def crash_late() -> StreamingResponse:
        def body() -> Any:
            yield b"begun"
            raise ValueError(SECRET)

        return StreamingResponse(body())

    @router.get("/number/{number}")
    def number(number: int) -> int:
        return number

    @router.get("/document")
    def document(request: Request) -> Response:
        return respond(request, PINNED)

    @router.get("/fresh")
    def fresh(request: Request) -> Response:
        return respond(request, PublicDocument(b"x", "text/plain", 5))

    return router


APP = application(title="A service", routers=[routes()], catalogue=load("badges.web"))


def ask(method: str, path: str, **options: Any) -> httpx.Response:
    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(app=APP, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service.example") as client:
            return await client.request(method, path, **options)

    return asyncio.run(request())


def post(path: str, content: bytes, media_type: str, **headers: str) -> httpx.Response:
    return ask("POST", path, content=content, headers={"Content-Type": media_type, "Accept-Language": "en", **headers})


def award(content: object, **headers: str) -> httpx.Response:
    data = content if isinstance(content, bytes) else orjson.dumps(content)
    return post("/award", data, "application/json", **headers)


def test_a_good_body_is_read() -> None:
    assert award({"name": "kita", "role": "lead", "levels": [{"value": 3}]}).json() == {"name": "kita"}


@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        ({}, "/name", "missing"),
        ({"name": 7}, "/name", "wrong-type"),
        ({"name": ""}, "/name", "too-short"),
        ({"name": "a" * 11}, "/name", "too-long"),
        ({"name": "A1"}, "/name", "wrong-form"),
        ({"name": "taken"}, "/name", "wrong-form"),
        ({"name": "a", "role": "boss"}, "/role", "not-one-of"),
        ({"name": "a", "levels": [{"value": 8}]}, "/levels/0/value", "out-of-range"),
        ({"name": "a", "levels": [{"value": "3"}]}, "/levels/0/value", "wrong-type"),
        ({"name": "a", "levels": [{}] * 3}, "/levels", "too-long"),
        ({"name": "a", "extra": 1}, "/extra", "unknown-field"),
        ({"name": "a", "either": {"value": "x"}}, "/either/value", "wrong-type"),
        ({"name": "a", "either": [1]}, "/either", "wrong-type"),
        ({"name": "a", SECRET: 1}, "", "unknown-field"),
        ([], "", "wrong-type"),
        (7, "", "wrong-type"),
    ],
)
def test_a_wrong_member_is_named_and_not_echoed(content: object, pointer: str, code: str) -> None:
    answer = award(content)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert (pointer, code) in [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"name":"a","name":"b"}', "duplicate-member"),
        (b'{"name":NaN}', "not-finite"),
        (b'{"name":"\\ud800"}', "lone-surrogate"),
        (b"\xef\xbb\xbf{}", "not-utf-8"),
        (b"", "not-json"),
        (b"[" * 99, "too-deep"),
    ],
)
def test_json_that_parsers_disagree_on_is_refused(content: bytes, code: str) -> None:
    answer = award(content)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code


def test_problems_are_said_in_the_readers_language() -> None:
    english, japanese = award({}).json(), award({}, **{"Accept-Language": "ja"}).json()

    assert english["title"] != japanese["title"]
    assert english["type"] == japanese["type"] == "/problems/invalid-fields"


def test_another_media_type_or_encoding_is_refused() -> None:
    assert post("/award", b"{}", "text/plain").status_code == 415
    assert post("/bytes", b"x", "text/plain", **{"Content-Encoding": "gzip"}).status_code == 415
    assert post("/award", b"{}", "text/plain").headers["accept"] == "application/json"


def test_a_body_beyond_the_limit_is_refused_by_its_length_or_as_it_comes() -> None:
    async def chunks() -> Any:
        for _ in range(9):
            yield b"x"

    assert post("/bytes", b"12345678", "text/plain").json() == {"bytes": 8}
    assert post("/bytes", b"123456789", "text/plain").status_code == 413
    assert ask("POST", "/bytes", content=chunks(), headers={"Content-Type": "text/plain"}).status_code == 413


def test_a_body_without_end_is_read_to_the_end_of_patience() -> None:
    sent = 0

    async def chunks() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield bytes(1_048_576)

    assert ask("POST", "/bytes", content=chunks(), headers={"Content-Type": "text/plain"}).status_code == 413
    assert sent == MAX_DRAINED_BYTES // 1_048_576 + 1


def test_a_crash_tells_nothing_to_anybody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = ask("GET", "/crash")
        # The answer had begun: it ends there, and the connection with it.
        with pytest.raises(AssertionError):
            ask("GET", "/crash-late")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "ValueError" in caplog.text
    assert SECRET not in answer.text + caplog.text
    assert place_of(ValueError()) == "an unknown place"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/award", 405), ("GET", "/number/x", 422)]
)
def test_every_refusal_is_a_problem_for_programs_and_a_page_for_people(method: str, path: str, status: int) -> None:
    answer = ask(method, path, headers={"Accept": "application/json"})
    page = ask(method, path, headers={"Accept": "text/html"})

    assert (answer.status_code, page.status_code) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert page.headers["content-type"].startswith("text/html" if method == "GET" else "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/award", "/nowhere", "/crash", "/static/style.css", "/problems/not-found", "/document"]
)
def test_security_headers_stand_on_every_answer(path: str) -> None:
    headers = ask("GET", path).headers

    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_only_a_page_that_scans_may_use_the_camera() -> None:
    scans, others = security_headers(camera=True), security_headers()

    assert "camera=(self)" in scans.pop("Permissions-Policy")
    assert "camera=()" in others.pop("Permissions-Policy")
    assert scans.pop("Content-Security-Policy") == others.pop("Content-Security-Policy").replace(
        "trusted-types 'none'", "trusted-types akashi-scan"
    )
    assert scans == others


def test_what_is_no_request_passes_through() -> None:
    passed = []

    async def inner(scope: Mapping[str, Any], *_: object) -> None:
        passed.append(scope["type"])

    asyncio.run(Guard(inner, load("badges.web"))({"type": "lifespan"}, None, None))

    assert passed == ["lifespan"]


def test_a_route_says_in_its_description_what_it_reads() -> None:
    described = json_body(Award)["requestBody"]["content"]["application/json"]["schema"]

    assert described["$id"] == "urn:akashi:Award"
    assert "levels" in described["properties"]


FAULTS_OF_JSON = {
    "not-utf-8": b'{"a": "\xff\xfe\x00"}',
    "nul-character": rb'{"a": "\u0000"}',
    "too-deep": b"[" * 40 + b"]" * 40,
    "too-many-members": b"{%s}" % b", ".join(b'"%d": 1' % number for number in range(10_001)),
    "too-long-number": b'{"a": %s }' % (b"1" * 30),
    "duplicate-member": b'{"a": 1, "a": 1}',
    "not-finite": b'{"a": [1, NaN]}',
    "lone-surrogate": b'{"a": "\\ud800"}',
    "not-json": b"{",
}


@pytest.mark.parametrize("code", FAULTS_OF_JSON)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_fault_of_json_is_told_in_words(code: str, language: str) -> None:
    answer = ask(
        "POST",
        "/award",
        content=FAULTS_OF_JSON[code],
        headers={"Content-Type": "application/json", "Accept-Language": language},
    )

    assert answer.status_code == 400
    assert [(error["code"], bool(error["detail"])) for error in answer.json()["errors"]] == [(code, True)]


def test_a_fault_of_json_is_told_with_its_place_and_without_what_may_be_somebodys() -> None:
    def place(text: str) -> str:
        return award(text.encode()).json()["errors"][0]["pointer"]

    assert place('{"awards": [{"holder": "x", "holder": "y"}]}') == "/awards/0/holder"
    assert place('{"level": {"value": NaN}}') == "/level/value"
    assert place('{"name": "\\ud800"}') == "/name"
    assert place(f'{{"{SECRET}": 1, "{SECRET}": 2}}') == ""
    assert place(f'{{"a": {{"{SECRET}": NaN}}}}') == "/a"


def test_no_fault_of_json_is_left_out() -> None:
    sources = "".join(Path(module.__file__).read_text() for module in (strict_json, json_faults))
    codes = set(re.findall(r'(?:Error\(|return )"([a-z0-9-]+)"', sources))

    # A body's size is measured before it is parsed, and what is no object is told by its model.
    assert codes - {"too-large", "not-an-object"} == FAULTS_OF_JSON.keys()


def test_head_is_get_without_the_body() -> None:
    head, whole = ask("HEAD", "/document"), ask("GET", "/document")

    assert head.content == b""
    assert head.headers["etag"] == whole.headers["etag"]


def test_a_document_is_read_once_and_then_compared() -> None:
    first = ask("GET", "/document")

    assert first.headers["cache-control"] == "public, max-age=60, immutable"
    assert first.headers["access-control-allow-origin"] == "*"
    for known in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        assert ask("GET", "/document", headers={"If-None-Match": known}).status_code == 304
    assert ask("GET", "/document", headers={"If-None-Match": '"x"'}).status_code == 200
    assert ask("GET", "/fresh").headers["cache-control"] == "public, max-age=5"


def test_what_a_service_keeps_goes_over_the_wire_in_gzip() -> None:
    packed = ask("GET", "/static/style.css", headers={"Accept-Encoding": "br;q=1.0, GZIP;q=0.5"})
    plain = ask("GET", "/static/style.css", headers={"Accept-Encoding": "gzip;q=0, identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) * 2 < int(plain.headers["content-length"])
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.headers["etag"] != plain.headers["etag"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
    assert ask("GET", "/static/style.css", headers=known).status_code == 304
    assert ask("GET", "/static/style.css", headers={**known, "Accept-Encoding": ""}).status_code == 200


def test_static_files_are_served_and_nothing_beside_them() -> None:
    style = ask("GET", "/static/style.css")

    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert style.headers["cache-control"] == "public, no-cache"
    assert ask("GET", "/static/vendor/qrcode-generator.js").status_code == 200
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/vendor/SOURCES.md", "/static/"):
        assert ask("GET", path).status_code == 404


def test_a_problem_explains_itself_on_a_page_of_its_own() -> None:
    assert ask("GET", "/problems/not-found?lang=en").status_code == 200
    assert ask("GET", "/problems/no-such-problem").status_code == 404


def test_scripts_get_the_texts_of_pages_and_refusals_alone() -> None:
    texts = ask("GET", "/texts/en.json").json()

    assert texts
    assert all(key.startswith(("page.", "site.", "problem.")) for key in texts)
    assert ask("GET", "/texts/fr.json").status_code == 404


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "ja"),
        ("en", "en"),
        ("en-GB,ja;q=0.9", "en"),
        ("ja;q=0.1, en;q=0.8", "en"),
        ("fr, de", "ja"),
        ("en;q=0", "ja"),
        ("en;q=x, ja", "ja"),
        ("en;q=7", "ja"),
        ("en;level=1", "en"),
        ("," * 10_000 + "en", "ja"),
    ],
)
def test_the_language_is_the_one_that_the_reader_prefers(header: str, language: str) -> None:
    assert accepted_language(header) == language


def test_the_switch_beats_the_browsers_language() -> None:
    page = ask("GET", "/problems/not-found?lang=en", headers={"Accept-Language": "ja"})

    assert page.headers["content-language"] == "en"
    assert '<html lang="en"' in page.text


@pytest.mark.parametrize("path", ["//evil.example/", "/%5Cevil.example/", "/%09/evil.example/", "/nowhere"])
def test_no_page_leads_to_another_host(path: str) -> None:
    page = ask("GET", f"http://service.example{path}", headers={"Accept": "text/html"})

    links = re.findall(r'href="([^"]*)"', page.text)
    assert page.status_code == 404
    assert "?lang=en" in links
    assert all(re.match(r"[?#]|/(?![/\\\s])", link) for link in links)


def test_a_chosen_language_is_kept_on_the_way_home() -> None:
    assert 'href="/?lang=en"' in ask("GET", "/problems/not-found?lang=en").text
    assert 'href="/"' in ask("GET", "/problems/not-found").text


def test_a_missing_text_or_parameter_is_an_error() -> None:
    texts = Catalogue({"ja": {"a": "{b}"}, "en": {"a": "{b}"}})

    assert texts.text("ja", "a", b="c") == "c"
    assert texts.keys() == {"a"}
    with pytest.raises(MissingTextError):
        texts.text("ja", "a")
    with pytest.raises(MissingTextError):
        texts.text("en", "z")


@pytest.mark.parametrize(
    ("first", "second"),
    [({"a": "x"}, {"a": "y"}), ({"a": "x"}, {})],
)
def test_catalogues_that_disagree_are_refused(
    first: Mapping[str, str], second: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {("one", "ja"): {"a": "x"}, ("one", "en"): first, ("two", "ja"): {}, ("two", "en"): second}
    monkeypatch.setattr(catalogues, "read", lambda package, language: texts[package, language])

    if second:
        with pytest.raises(CatalogueError):
            load("one", "two")
    else:
        assert load("one", "two").keys() == {"a"}
    texts["one", "en"] = {}
    with pytest.raises(CatalogueError, match="one language only: a"):
        load("one")


def test_a_key_in_two_files_of_a_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "twice/catalogues"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    for name in ("ja.json", "en.json", "more.ja.json", "more.en.json"):
        (folder / name).write_text('{"a": "x"}')
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(CatalogueError, match=r"a \(ja\) in two files"):
        load("twice")


def test_the_catalogues_speak_both_languages() -> None:
    assert len(load("badges.web", "verifier").keys()) > 100


def test_it_says_that_it_lives() -> None:
    assert ask("GET", "/healthz").text == "ok\n"
