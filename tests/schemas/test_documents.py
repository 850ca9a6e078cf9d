"""The pinned documents: complete, unchanged, and nothing beside them."""

import hashlib
from pathlib import Path

import orjson
import pytest

from schemas.documents import (
    CONTEXTS,
    DIGESTS,
    FOLDER,
    URLS,
    CorruptDocumentError,
    UnknownDocumentError,
    check_digests,
    read,
)

# SHA-256 of the published bytes, first 16 digits; W3C's Recommendation names the first one itself.
PUBLISHED = {
    "https://www.w3.org/ns/credentials/v2": "59955ced6697d61e",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "3d34f4d4ef1bce69",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "87c06c81bc231766",
}


def test_every_file_is_the_one_that_was_taken_in() -> None:
    check_digests()


def test_every_file_is_named_with_its_digest_and_origin() -> None:
    sources = (FOLDER / "SOURCES.md").read_text()
    files = {
        path.relative_to(FOLDER).as_posix()
        for kind in ("contexts", "json-schema", "frameworks")
        for path in (FOLDER / kind).glob("*.json")
    }

    assert files == set(DIGESTS)
    assert [name for name, digest in DIGESTS.items() if f"| `{name}` |" not in sources or digest not in sources] == []


@pytest.mark.parametrize(("url", "digest"), PUBLISHED.items())
def test_a_context_is_the_one_that_its_publisher_publishes(url: str, digest: str) -> None:
    assert hashlib.sha256(read(url)).hexdigest().startswith(digest)


@pytest.mark.vectors
def test_every_context_has_the_content_that_the_table_names(shared: Path) -> None:
    table = (shared / "reference/contexts.md").read_text()

    unknown = [url for url, content in CONTEXTS.items() if content_digest(content) not in table]

    assert unknown == []


def content_digest(content: object) -> str:
    import json

    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/ctx",
        "HTTPS://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2#",
        "https://www.w3.org/ns/credentials/v2/../v2",
        "file:///etc/passwd",
        "",
    ],
)
def test_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(UnknownDocumentError):
        read(url)
    assert url not in CONTEXTS


def test_an_altered_or_missing_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_bytes(b"{}")
    digest = hashlib.sha256(b"{}").hexdigest()
    check_digests(tmp_path, {"one.json": digest})

    with pytest.raises(CorruptDocumentError, match=r"one\.json"):
        check_digests(tmp_path, {"one.json": digest[::-1]})
    with pytest.raises(CorruptDocumentError, match=r"two\.json"):
        check_digests(tmp_path, {"two.json": digest})


def test_every_context_is_json_with_a_context() -> None:
    assert all("@context" in orjson.loads(read(url)) for url in URLS)
