"""Registry, issuer and verifier apart: from nothing to an accredited badge, with the commands of docs/operations.md."""

import re
import shlex
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI

import issuer.app
import registry.app
import verifier.app
from akashi import cli
from issuer.accreditation import RegistryElsewhere, fetch
from issuer.app import SettingsError
from issuer.settings import IssuerSettings
from keys.public_key import Algorithm, from_multikey
from keys.signer import generate, local_signer
from registry.app import utc_now
from tests.needs import package
from verifier.report import Report
from verifier.settings import VerifierSettings

yaml = package("yaml")
ROOT = Path(__file__).parents[2]
PIN = "docker compose exec registry akashi registry key"
COMMAND = re.compile(r"docker compose exec (?:-T )?(?P<service>issuer|registry) akashi (?P<rest>.*)")


@dataclass
class Apart:
    """Two services that run over folders of their own, and the commands of their operators.

    Attributes:
        settings: Of each service, as docker-compose.yml gives them, its addresses moved to this machine.
    """

    folder: Path
    settings: Mapping[str, dict[str, str]]
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    ran: list[str] = field(default_factory=list)

    @contextmanager
    def environment(self, service: str) -> Iterator[None]:
        """Be where a service is administered."""
        with self.patch.context() as changed:
            for name, value in self.settings[service].items():
                changed.setenv(name, value)
            yield

    def akashi(self, service: str, *arguments: str) -> tuple[int, str]:
        """Run a command there, and return how it ends and what it prints."""
        self.capsys.readouterr()
        with self.environment(service):
            code = cli.main(arguments)
        said = self.capsys.readouterr()
        return code, said.out or said.err

    def told(self, line: str) -> str:
        """Run a line of the documentation as its shell would; input and output are files of this folder."""
        found = COMMAND.fullmatch(line)
        assert found, line
        command, _, into = found["rest"].partition(" > ")
        command, _, source = command.partition(" < ")
        words = [source if word == "/dev/stdin" else word for word in shlex.split(self.here(command))]
        code, said = self.akashi(found["service"], *words)
        assert code == 0, (line, said)
        if into:
            (self.folder / into).write_text(said)
        self.ran.append(line)
        return said

    def here(self, text: str) -> str:
        """Return a text of the documentation with this machine's addresses and days."""
        netloc = self.settings["issuer"]["ISSUER_PUBLIC_URL"].removeprefix("http://")
        today = utc_now().date() - timedelta(days=1)  # begun wherever the provider is
        text = text.replace("issuer.example", netloc.replace(":", "%3A"))
        text = re.sub(r"--from \S+", f"--from {today}", text)
        return re.sub(r"--until \S+", f"--until {today + timedelta(days=400)}", text)


def documented() -> list[str]:
    """Return the commands of the steps, one a line."""
    text = (ROOT / "docs/operations.md").read_text()
    steps = text[text.index("## Three services") : text.index("## Keys")]
    blocks = re.findall(r"```console\n(.*?)```", steps, re.DOTALL)
    lines = [line.strip() for block in blocks for line in re.sub(r"\\\n\s*", "", block).splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def composed(service: str, moved: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that docker-compose.yml gives a service, as far as they mean something on this machine."""
    given = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][service]["environment"]
    return {name: moved[name] for name in given if name in moved}


def listen() -> tuple[socket.socket, str]:
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def served(application: FastAPI, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Apart]:
    """The services as they first start: the registry, and then, with the key that it has made, the issuer."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    (at_registry, registry_url), (at_issuer, issuer_url) = listen(), listen()
    moved = {
        "REGISTRY_PUBLIC_URL": registry_url,
        "VERIFIER_REGISTRY_URL": registry_url,
        "ISSUER_PUBLIC_URL": issuer_url,
        "ISSUER_REGISTRY_URL": registry_url,
        "ISSUER_VERIFIER_URL": "https://verifier.example",
    }
    settings = {
        name: {**composed(name, moved), f"{name.upper()}_DATA": str(tmp_path / name)}
        for name in ("registry", "issuer", "verifier")
    }
    local = [url.removeprefix("http://") for url in (registry_url, issuer_url)]
    settings["verifier"]["VERIFIER_LOCAL_HOSTS"] = ",".join(local)
    one = Apart(tmp_path / "work", settings, monkeypatch, capsys)
    with one.environment("registry"):
        book = registry.app.create_app()
    with served(book, at_registry):
        pin = one.told(PIN).strip()
        settings["issuer"]["ISSUER_REGISTRY_KEY"] = settings["verifier"]["VERIFIER_REGISTRY_KEY"] = pin
        with one.environment("issuer"):
            provider = issuer.app.create_app()
        with served(provider, at_issuer):
            yield one


def verified(one: Apart, badge: bytes) -> Report:
    """Return the report of a verifier on a third machine, which pins the registry."""
    with one.environment("verifier"):
        return verifier.app.build(VerifierSettings()).check(badge)


def outcome(report: Report) -> tuple[str, str, str]:
    return str(report.verdict), str(report.at_issue), str(report.standing_now)


def make_pem(file: Path) -> None:
    """What `openssl genpkey -algorithm ed25519` does."""
    private = Ed25519PrivateKey.generate()
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def test_a_provider_gets_from_nothing_to_an_accredited_badge(apart: Apart, tmp_path: Path) -> None:
    make_pem(apart.folder / "accreditor.pem")
    said = {line: apart.told(line) for line in documented() if COMMAND.fullmatch(line) and line != PIN}

    assert [line for line in documented() if line not in apart.ran] == [
        "docker compose up -d proxy registry",
        "openssl genpkey -algorithm ed25519 -out accreditor.pem",
    ]
    [links] = [out.split() for line, out in said.items() if " offer " in line]
    assert len(links) == 20
    assert {link.partition("/c#")[0] for link in links} == {apart.settings["issuer"]["ISSUER_PUBLIC_URL"]}
    claimed = claim(links[0])
    assert outcome(verified(apart, claimed)) == ("verified", "accredited", "accredited")

    code, out = apart.akashi(
        "issuer", "issue", "kita", "data", "--bearer", "--out", "badge.svg", "--out", "badge.qr.png"
    )
    assert code == 0
    badge = (apart.folder / "badge.svg").read_bytes()
    assert outcome(verified(apart, badge)) == ("verified", "accredited", "accredited")
    assert apart.akashi("verifier", "verify", "badge.svg", "badge.qr.png")[0] == 0
    assert apart.akashi("issuer", "revoke", "kita", out.split()[0], "--reason", "superseded")[0] == 0
    assert outcome(verified(apart, badge))[0] == "not-verified"
    assert outcome(verified(apart, claimed))[0] == "verified"
    assert {path.name for path in tmp_path.iterdir()} == {"work", "issuer", "registry", "verifier"}
    assert not list((tmp_path / "issuer").rglob("registry.sqlite3"))
    assert not list((tmp_path / "registry").rglob("issuer.sqlite3"))


def claim(link: str) -> bytes:
    """Return the badge that a learner's browser claims with a key that it has just made."""
    address, _, token = link.partition("/c#")
    key = local_signer(generate(Algorithm.P256), "").public.to_jwk()
    answer = httpx.post(f"{address}/v1/claims", json={"token": token, "publicKey": key})
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()["credentials"]["vc-jwt"].encode()


def test_keys_are_rotated_and_revoked_in_both_places(apart: Apart) -> None:
    make_pem(apart.folder / "accreditor.pem")
    for line in documented():
        if COMMAND.fullmatch(line) and line != PIN:
            apart.told(line)
    badge = claim(apart.told("docker compose exec issuer akashi offer kita data").strip())

    _, out = apart.akashi("issuer", "keys", "rotate", "kita")
    command = out.splitlines()[-1].removeprefix("tell the registry: akashi ")
    (apart.folder / "DID.json").write_text(apart.akashi("issuer", "keys", "export", "kita")[1])
    code, listed = apart.akashi("registry", *shlex.split(command))

    assert (code, listed.count("open"), listed.count("#k")) == (0, 2, 4)
    assert outcome(verified(apart, badge)) == ("verified", "accredited", "accredited")
    _, out = apart.akashi("issuer", "keys", "revoke", "kita", "2")
    assert (
        apart.akashi("registry", *shlex.split(out.splitlines()[-1].removeprefix("tell the registry: akashi ")))[0] == 0
    )
    assert outcome(verified(apart, badge))[0] == "not-verified"


def test_the_register_is_read_over_http(apart: Apart) -> None:
    url = apart.settings["registry"]["REGISTRY_PUBLIC_URL"]
    entered = "--did did:web:north.example --name-ja 北 --url https://north.example"
    assert apart.akashi("registry", "registry", "provider", "kita", *entered.split())[0] == 0

    assert httpx.get(f"{url}/registry/latest").text == httpx.get(f"{url}/registry").text
    assert httpx.get(f"{url}/registry/1").headers["cache-control"].endswith("immutable")
    page = httpx.get(f"{url}/registry", headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert "north.example" in page


def test_the_last_word_counts_while_the_registry_is_silent(apart: Apart, tmp_path: Path) -> None:
    url, file = apart.settings["registry"]["REGISTRY_PUBLIC_URL"], tmp_path / "kept.jws"
    pin = from_multikey(apart.settings["issuer"]["ISSUER_REGISTRY_KEY"])
    ticks = iter(range(0, 10_000, 100))
    known = RegistryElsewhere(f"{url}/registry/latest", file, pin, lambda: next(ticks))
    first = known.latest()
    assert first is not None

    silent = RegistryElsewhere("http://127.0.0.1:1/registry/latest", file, pin, lambda: next(ticks))
    stranger = local_signer(generate(Algorithm.ED25519), "").public
    mistrusting = RegistryElsewhere(f"{url}/registry/latest", file, stranger, lambda: next(ticks))

    assert silent.latest() == first
    assert mistrusting.latest() is None
    with pytest.raises(OSError, match="HTTP Error 404"):
        fetch(f"{url}/registry/99")


def test_an_issuer_alone_needs_the_registrys_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ISSUER_REGISTRY_KEY"):
        issuer.app.build(IssuerSettings(data=tmp_path))
    pin = local_signer(generate(Algorithm.ED25519), "").public.to_multikey()

    assert issuer.app.create_app(IssuerSettings(data=tmp_path, registry_key=pin)).title == "Akashi issuer"
