"""Whatever stands in an argument, a command ends as it should, or with an error, a hint and 2: in no traceback."""

import re
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest

from akashi import cli
from akashi.app import open_house
from tests.akashi.conftest import ITEM, Akashi

NO_TEXT = ["\udced\udca0\udc80", "\ud800", "\udcff\udcfe", "a\0b"]
"""What Python makes of bytes that are no UTF-8, and what no argument can hold."""

STRANGE = [
    "",
    "a" * 100_000,
    "a\nb",
    "\x1b[31m",
    "٣",
    "--",
    "-1",
    "9" * 5_000,
    "../../x",
    "/dev/zero",
    "%s",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "\ufffe",
    "😀",
    "/",
    "https://[::1",
    "did:web:%ff",
    "itss/3/x/y",
    "dss-p/2.0/x/y",
    "{}",
]
COMMANDS = [
    "provider add {minami} --name-ja {x} --name-en {x} --url {https://x.example/} --did {did:web:x.example}",
    "provider add {nishi} --name-ja x --accredit {dss-p/2.0} --public-url {http://127.0.0.1:8000}",
    "client add {kita} --scope {issue} --days {3}",
    f"achievement add {{kita}} {{a2}} --name-ja {{x}} --item {{{ITEM}}} --level {{itss/3/itss/2}} --valid-months {{3}}",
    f"achievement add kita {{a3}} --name-ja x --description {{x}} --criteria {{x}} --type {{Course}} --item {ITEM}",
    "achievement add kita {a4} --file {/dev/null}",
    f"achievement new-version {{kita}} {{data}} --name-ja {{x}} --item {{{ITEM}}}",
    "achievement retire {kita} {none}",
    "offer {kita} {data} --count {1} --level {none} --days {3}",
    "issue {kita} {data} --bearer --key {0123456789abcdefABCDEF} --level {none}",
    "issue kita data --holder {did:key:z6Mk}",
    "issue kita data --identity-hash {none} --salt {none}",
    "issue kita data --bearer --out {badge.gif}",
    "revoke {kita} {urn:uuid:none} --reason {misconduct}",
    "keys list {kita}",
    "keys export {kita}",
    "keys revoke {kita} {99}",
    "keys rotate {none}",
    "registry key {surplus}",
    "registry snapshot {surplus}",
    "serve --port {99999} --host {x}",
    "demo --port {99999} --host {x} {surplus}",
    "registry accredit {kita} --scope {dss-p/2.0} --from {2026-04-01} --key {/dev/null} --name {x}",
    "registry accredit kita --scope {itss/3/itss/4} --from {2026-04-01} --until {2027-03-31} --name {x}",
    "registry accredit kita --item {none} --area {none} --from 2026-04-01",
    "registry provider {minami} --did {did:web:x.example} --name-ja {x} --url {https://x.example} --time-zone {UTC}",
    "registry keys {kita} {none} --from {2026-04-01} --revoke {k1}",
    "registry keys kita --end {k1} --until {2026-04-01}",
    "registry suspend {kita} --from {2026-04-01} --until {2027-03-31}",
    "registry resume {kita} --from {2026-04-01}",
    "verify {none} --now {2026-04-01T00:00:00Z} --pages {none} --registry {none} --language {en}",
    "verify {none} --now {2026-04-01T00:00:00Z}",
    "{verify} {none}",
]


def two_lines(err: str) -> bool:
    lines = err.split("\n")
    return len(lines) == 3 and lines[0].startswith("error: ") and lines[1].startswith("hint: ") and not lines[2]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[:40])
def test_a_strange_argument_ends_in_two_lines_or_is_taken(command: str, school: Akashi) -> None:
    words, strange = re.findall(r"\{[^}]*\}|\S+", command), cycle(STRANGE)

    for place in [index for index, word in enumerate(words) if word.startswith("{")]:
        for value in (next(strange) for _ in range(4)):
            given = [value if index == place else word.strip("{}") for index, word in enumerate(words)]
            code, _, err = school(*given)
            assert code in {0, 1, 3, 4} or (code == 2 and two_lines(err)), (given, err[:500])


@pytest.mark.parametrize("value", NO_TEXT, ids=ascii)
def test_what_is_no_text_is_refused_before_anything_is_done(value: str, akashi: Akashi, tmp_path: Path) -> None:
    for given in (["provider", "add", "kita", "--name-ja", value], ["verify", value], [value]):
        code, _, err = akashi(*given)

        assert (code, two_lines(err)) == (2, True)
    assert not (tmp_path / "data").exists()


def test_bytes_that_are_no_utf_8_are_refused_by_the_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "akashi", "provider", "add", "kita", "--name-ja", b"\xed\xa0\x80"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, two_lines(done.stderr)) == (2, True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "registry accredit kita --scope dss-p/2.0 --from 0001-01-01",
        "registry accredit kita --scope dss-p/2.0 --from 2026-04-01 --until 9999-12-31",
        "registry suspend kita --from 0001-01-01",
        "registry suspend kita --from 9999-12-31",
        "registry resume kita --from 9999-12-31",
        "registry suspend kita --from 2026-4-1",
    ],
)
def test_a_day_that_cannot_be_meant_is_refused(command: str, school: Akashi) -> None:
    code, _, err = school(*command.split())

    assert (code, two_lines(err), "is no day" in err) == (2, True, True)


def test_a_folder_that_cannot_be_one_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("a" * 300, "/proc/nowhere", "/dev/null"):
        for command in (["keys", "list", "kita"], ["verify", "none"]):
            assert cli.main([*command, "--data", folder]) == 2
            assert two_lines(capsys.readouterr().err)


def test_a_terminal_of_another_alphabet_shows_escapes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "akashi", "verify", "日本", "--data", str(tmp_path)]

    done = subprocess.run(command, env={"PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False)

    assert (done.returncode, "\\u65e5\\u672c" in done.stderr, two_lines(done.stderr)) == (2, True, True)


def test_a_link_that_is_none_is_a_finding_beside_documents_of_our_own(school: Akashi) -> None:
    assert school("verify", "https://[::1")[0] == 1


@pytest.mark.parametrize(
    "name",
    ["", "   ", "x" * 301, "a\tb", "a\nb", "a\u0007", "a\u0085b", "a\u2028b", "\u202egnirts", "a\ufffe", "\x7f"],
    ids=ascii,
)
def test_a_name_that_no_badge_could_carry_is_refused_at_once(name: str, akashi: Akashi, tmp_path: Path) -> None:
    for given in (["--name-ja", name], ["--name-ja", "x", "--name-en", name]):
        code, _, err = akashi("provider", "add", "kita", *given)

        assert (code, two_lines(err)) == (2, True)
    assert not (tmp_path / "data").exists()


def test_a_name_is_taken_without_the_space_around_it(akashi: Akashi, tmp_path: Path) -> None:
    assert akashi("provider", "add", "kita", "--name-ja", " 北の\u3000学校 😀 ")[0] == 0

    profile = open_house(tmp_path / "data", "http://127.0.0.1:8000").issuer.issuing.store.provider("kita")
    assert profile.name_ja == "北の\u3000学校 😀"
    assert profile.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    "url",
    [
        "x.example",
        "ftp://x.example",
        "https://",
        "https://x.example/a b",
        "https://学校.example/",
        "https://x/" + "a" * 2_048,
    ],
)
def test_a_page_that_no_browser_would_open_is_refused(url: str, akashi: Akashi) -> None:
    code, _, err = akashi("provider", "add", "kita", "--name-ja", "x", "--url", url)

    assert (code, two_lines(err)) == (2, True)


def test_a_provider_s_day_begins_where_it_is(akashi: Akashi) -> None:
    code, _, err = akashi("provider", "add", "kita", "--name-ja", "x", "--time-zone", "Asia/Tokio")
    assert (code, err.splitlines()[1]) == (2, "hint: did you mean Asia/Tokyo?")

    assert akashi("provider", "add", "kita", "--name-ja", "x", "--time-zone", "America/New_York")[0] == 0

    windows = akashi("keys", "list", "kita")[1]
    assert re.search(r"T00:00:00-0[45]:00|T0[45]:00:00\+00:00", windows)


@pytest.mark.parametrize(
    ("scope", "hint"),
    [
        ("dss-p/3.0", "did you mean dss-p/2.0 ("),
        ("itss/3/itss/99", "did you mean itss/3/itss/"),
        ("dss-p/2.0/itss/3", "dss-p/2.0 has no levels: write dss-p/2.0"),
    ],
)
def test_a_scope_that_there_is_not_names_the_nearest_if_there_is_one(scope: str, hint: str, akashi: Akashi) -> None:
    code, _, err = akashi("provider", "add", "kita", "--name-ja", "x", "--accredit", scope)

    assert (code, err.splitlines()[1].startswith(f"hint: {hint}")) == (2, True), err


def test_a_reader_who_has_seen_enough_ends_the_command_in_silence(school: Akashi, tmp_path: Path) -> None:
    badge = tmp_path / "badge.jwt"
    assert school("issue", "kita", "data", "--bearer", "--out", str(badge))[0] == 0
    command = [sys.executable, "-m", "akashi", "verify", *[str(badge)] * 200, "--data", str(tmp_path / "data")]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == (b"", 141)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])

    assert ended.value.code == 0
    assert re.fullmatch(r"akashi \d+\.\d+\.\d+\n", capsys.readouterr().out)
