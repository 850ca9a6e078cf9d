"""Services apart: each command touches its own service alone, configured as the running one is."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest

from akashi import cli
from keys.public_key import Algorithm
from keys.signer import generate, local_signer
from tests.akashi.conftest import ITEM

Run = Callable[..., tuple[int, str, str]]
PIN = local_signer(generate(Algorithm.ED25519), "").public.to_multikey()
ISSUER = "https://issuer.example"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder, in an environment."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, **environment: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with monkeypatch.context() as changed:
            for name, value in environment.items():
                changed.setenv(name, value)
            code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def at_issuer(run: Run, tmp_path: Path) -> Run:
    settings = {
        "ISSUER_PUBLIC_URL": ISSUER,
        "ISSUER_DATA": str(tmp_path / "issuer"),
        "ISSUER_REGISTRY_URL": "http://127.0.0.1:1",
        "ISSUER_REGISTRY_KEY": PIN,
        "ISSUER_VERIFIER_URL": "https://verifier.example",
    }
    return lambda *arguments, **others: run(*arguments, **{**settings, **others})


def test_the_issuer_s_commands_touch_the_issuer_alone(at_issuer: Run, tmp_path: Path) -> None:
    code, out, _ = at_issuer("provider", "add", "kita", "--name-ja", "北の学校")
    assert (code, "did:web:issuer.example:providers:kita" in out, "akashi keys export kita" in out) == (0, True, True)
    assert at_issuer("client", "add", "kita")[0] == 0
    _, out, _ = at_issuer("achievement", "add", "kita", "data", "--name-ja", "x", "--item", ITEM)
    assert out == f"{ISSUER}/providers/kita/achievements/data/1\n"
    assert orjson.loads(at_issuer("keys", "export", "kita")[1])["id"] == "did:web:issuer.example:providers:kita"

    for command in (["offer", "kita", "data"], ["issue", "kita", "data", "--bearer"]):
        code, _, err = at_issuer(*command)
        assert (code, "(reason: no-register)" in err) == (2, True)  # the registry does not answer

    first, last = told_days(at_issuer("keys", "rotate", "kita")[1], "--end k1 --end k2 ")
    assert first == last + timedelta(days=1)
    assert at_issuer("keys", "revoke", "kita", "1")[1].endswith("akashi registry keys kita --revoke k1\n")
    first, last = told_days(at_issuer("keys", "rotate", "kita")[1], "--end k2 ")
    assert first == last  # one of today's keys is gone: new ones begin at once, and the other one's badges stay good
    assert {path.name for path in tmp_path.iterdir()} == {"issuer"}
    assert not list(tmp_path.rglob("registry.sqlite3"))


def told_days(out: str, ends: str) -> list[date]:
    """Return the first day of the new keys and the last one of the old, as the registry is to be told."""
    found = re.search(rf"akashi registry keys kita DID\.json --from (\S+) {ends}--until (\S+)\n", out)
    assert found, out
    return [date.fromisoformat(text) for text in found.groups()]


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("registry snapshot", "the registry's settings are not in this environment"),
        ("keys list kita --data elsewhere", "the environment says where things are"),
        ("keys list kita --public-url https://other.example", "the environment says where things are"),
        ("provider add kita --name-ja x --accredit dss-p/2.0", "the registry is elsewhere"),
        ("serve", "the environment sets services apart"),
        ("demo", "the environment sets services apart"),
    ],
)
def test_what_belongs_to_another_service_or_place_is_refused(
    command: str, error: str, at_issuer: Run, tmp_path: Path
) -> None:
    code, _, err = at_issuer(*command.split())

    assert (code, err.startswith(f"error: {error}"), err.count("\n")) == (2, True, 2), err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"ISSUER_PUBLIC_URL": "issuer.example"}, "ISSUER_PUBLIC_URL"),
        ({"ISSUER_PUBLIC_URL": ISSUER, "ISSUER_REGISTRY_KEY": ""}, "ISSUER_REGISTRY_KEY"),
        ({"ISSUER_REGISTRY_KEY": "z6Mk"}, "Multikey"),
        ({"REGISTRY_PUBLIC_URL": "ftp://registry.example"}, "REGISTRY_PUBLIC_URL"),
        ({"ISSUER_DATABASE": "mysql://issuer:secret@db.example/issuer"}, "neither SQLite nor PostgreSQL"),
        ({"ISSUER_KEY_ENCRYPTION_KEY": "secret"}, "key-encryption key"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(settings: dict[str, str], named: str, at_issuer: Run) -> None:
    code, _, err = at_issuer("keys", "list", "kita", **settings)

    assert (code, named in err, err.count("\n"), "secret" in err) == (2, True, 2, False), err


def test_the_registry_s_commands_touch_the_registry_alone(run: Run, tmp_path: Path) -> None:
    settings = {"REGISTRY_PUBLIC_URL": "https://registry.example", "REGISTRY_DATA": str(tmp_path / "registry")}

    assert run("registry", "snapshot", **settings)[0] == 0

    assert "issuer's settings are not" in run("provider", "add", "kita", "--name-ja", "x", **settings)[2]
    assert {path.name for path in tmp_path.iterdir()} == {"registry"}
    assert not list(tmp_path.rglob("issuer.sqlite3"))


def test_one_house_takes_its_databases_from_the_environment(run: Run, tmp_path: Path) -> None:
    databases = {
        "ISSUER_DATABASE": f"sqlite:///{tmp_path}/first.sqlite3",
        "REGISTRY_DATABASE": f"sqlite:///{tmp_path}/second.sqlite3",
    }

    assert run("provider", "add", "kita", "--name-ja", "x", "--accredit", "dss-p/2.0", **databases)[0] == 0

    assert {path.name for path in tmp_path.iterdir()} == {"first.sqlite3", "second.sqlite3", "data"}
    assert not list((tmp_path / "data").glob("*.sqlite3"))
