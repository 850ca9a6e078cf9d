"""`akashi verify`: what it prints, how it ends, and what it says of mistakes."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

import verifier.web
from akashi.cli import main
from badges.formats import qr
from badges.proof import jwt

EXAMPLE = Path(__file__).parents[2] / "docs/example"
OFFLINE = ["--pages", str(EXAMPLE / "pages.json"), "--now", "2026-11-24T00:00:00Z", "--language", "en"]
REGISTRY = ["--registry", str(EXAMPLE / "registry.jws")]


def verify(*arguments: str) -> int:
    return main(["verify", *arguments])


@pytest.mark.parametrize("name", ["badge.json", "badge.jwt", "badge.svg", "badge.pdf", "badge-qr.png"])
def test_the_example_is_verified_in_every_form(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(*OFFLINE, *REGISTRY, str(EXAMPLE / name)) == 0
    assert "verified; at issue: accredited" in capsys.readouterr().out


def test_a_badge_link_is_verified_and_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    link = qr.badge_link((EXAMPLE / "badge.jwt").read_text(), "https://verifier.example")

    assert verify(*OFFLINE, *REGISTRY, link) == 0
    assert capsys.readouterr().out.startswith("https://verifier.example/v#…: verified")


def test_without_the_registry_the_badge_is_of_lower_standing() -> None:
    assert verify(*OFFLINE, str(EXAMPLE / "badge.jwt")) == 4


def test_a_revoked_badge_is_not_verified_and_the_gravest_end_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(*OFFLINE, *REGISTRY, str(EXAMPLE / "badge.jwt"), str(EXAMPLE / "revoked.jwt")) == 1
    assert "failed  status      The issuer has revoked it." in capsys.readouterr().out


def test_without_the_status_list_nothing_is_decided(tmp_path: Path) -> None:
    (tmp_path / "pages.json").write_text("{}")

    assert verify("--pages", str(tmp_path / "pages.json"), *REGISTRY, str(EXAMPLE / "badge.jwt")) == 3


def test_the_report_as_json_is_one_line_a_badge(capsys: pytest.CaptureFixture[str]) -> None:
    verify(*OFFLINE, *REGISTRY, "--json", str(EXAMPLE / "badge.jwt"), str(EXAMPLE / "revoked.jwt"))

    reports = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [report["verdict"] for report in reports] == ["verified", "not-verified"]
    assert reports[0]["registry"] == {"number": 1, "of": "https://registry.example"}


def test_the_words_are_japanese_where_the_environment_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")

    verify(*OFFLINE[:-2], *REGISTRY, str(EXAMPLE / "badge.jwt"))

    assert "署名" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["missing.json"], "missing.json cannot be read"),
        (["--now", "yesterday", "x"], "yesterday is no time"),
        (["--now", "2026-11-24", "x"], "has no time zone"),
        (["--pages", "README.md", "x"], "is not a JSON object"),
        (["--registry", "README.md", "x"], "is no registry snapshot"),
        (["--pages", "missing.json", "x"], "missing.json cannot be read"),
        ([], "give either badges or a record"),
        (["--colour", "x"], "unrecognized arguments"),
    ],
)
def test_a_mistake_ends_with_an_error_and_a_hint(
    arguments: list[str], error: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLE.parents[1])

    try:
        code = verify(*arguments)
    except SystemExit as end:
        code = end.code

    said = capsys.readouterr().err
    assert code == 2
    assert error in said.splitlines()[0]
    assert said.splitlines()[1].startswith("hint: ")


def test_pages_that_are_no_files_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pages.json").write_text('{"https://a.example/": 7}')

    assert verify("--pages", str(tmp_path / "pages.json"), "x") == 2
    assert "something else than files" in capsys.readouterr().err


def test_a_file_that_is_no_badge_by_its_size_is_refused(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(bytes(8 * 1_048_576 + 1))

    assert verify(*OFFLINE, str(tmp_path / "film.mp4")) == 2


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A host that is not public, with the example's badge and registry on it, which the settings name."""
    folder = tmp_path / "served"
    (folder / "registry").mkdir(parents=True)
    (folder / "registry" / "latest").write_bytes((EXAMPLE / "registry.jws").read_bytes())
    (folder / "badge.jwt").write_bytes((EXAMPLE / "badge.jwt").read_bytes())
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        key = jwt.peek_jws((EXAMPLE / "registry.jws").read_text().strip()).header.embedded_key
        assert key is not None
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(verifier.web, "resolve_host", only_here)
        monkeypatch.setenv("VERIFIER_LOCAL_HOSTS", f"127.0.0.1:{server.server_port}")
        monkeypatch.setenv("VERIFIER_REGISTRY_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("VERIFIER_REGISTRY_KEY", key.to_multikey())
        monkeypatch.setenv("VERIFIER_DATA", str(tmp_path / "verifier"))
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server without a log."""

    def log_message(self, *_: object) -> None:
        return


def only_here(host: str, _port: int) -> list[str]:
    if host != "127.0.0.1":
        raise OSError("no such host")
    return [host]


NOW = ["--now", "2026-11-24T00:00:00Z", "--json"]


def test_the_settings_name_a_registry_and_hosts_that_are_not_public(
    local: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = verify(*NOW, f"{local}/badge.jwt")

    report = orjson.loads(capsys.readouterr().out)
    assert code == 3  # the status list is on a host that there is not
    assert report["standing"] == {"atIssue": "accredited", "now": "accredited"}
    assert (tmp_path / "verifier" / "registry.jws").is_file()


def test_options_go_before_the_settings(
    local: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VERIFIER_REGISTRY_KEY")
    (tmp_path / "pages.json").write_text("{}")

    assert verify(*NOW, *REGISTRY, f"{local}/badge.jwt") == 3
    assert verify(*NOW, "--pages", str(tmp_path / "pages.json"), str(EXAMPLE / "badge.jwt")) == 3
    assert verify(*NOW, "--pages", str(tmp_path / "pages.json"), f"{local}/badge.jwt") == 1

    standings = [orjson.loads(line)["standing"]["atIssue"] for line in capsys.readouterr().out.splitlines()]
    assert standings == ["accredited", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("VERIFIER_REGISTRY_KEY", "", "VERIFIER_REGISTRY_KEY"),
        ("VERIFIER_REGISTRY_KEY", "z6Mk", "Multikey"),
        ("VERIFIER_LOCAL_HOSTS", "a b", "VERIFIER_LOCAL_HOSTS"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(  # noqa: PLR0917 - fixtures
    setting: str,
    value: str,
    named: str,
    local: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(setting, value)

    assert verify(*NOW, f"{local}/badge.jwt") == 2
    said = capsys.readouterr().err.splitlines()
    assert (len(said), named in said[0]) == (2, True)
