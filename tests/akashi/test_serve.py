"""`akashi serve`: the arguments become an application, and mistakes become two lines."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import httpx
import pytest
import uvicorn

from akashi import cli
from akashi.commands import serve


def app(*arguments: str, data: Path):
    return serve.app_of(cli.parser().parse_args(["serve", "--data", str(data), *arguments]))


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[uvicorn.Config, object]]:
    """What would have been served, and where."""
    seen: list[tuple[uvicorn.Config, object]] = []

    def run(self: uvicorn.Server, sockets: list[socket.socket]) -> None:
        seen.append((self.config, sockets[0].getsockname()))

    monkeypatch.setattr(uvicorn.Server, "run", run)
    return seen


def test_it_serves_the_check_page_under_its_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    transport = httpx.ASGITransport(app("--port", "8123", data=tmp_path))

    async def open_page() -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8123") as client:
            return (await client.get("/")).status_code

    assert asyncio.run(open_page()) == 200
    assert "http://127.0.0.1:8123/" in capsys.readouterr().out


def test_it_listens_where_it_is_told_and_logs_no_access(tmp_path: Path, free_port: int, served: list) -> None:
    assert cli.main(["serve", "--data", str(tmp_path), "--host", "127.0.0.2", "--port", str(free_port)]) == 0

    [(config, place)] = served
    assert (place, config.access_log) == (("127.0.0.2", free_port), False)


def test_it_answers_until_it_is_stopped(tmp_path: Path, free_port: int) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COV")}  # noqa: TID251 - a test
    command = [sys.executable, "-m", "akashi", "serve", "--data", str(tmp_path), "--port", str(free_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(f"Akashi serves http://127.0.0.1:{free_port}/")
            with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/healthz", timeout=20) as answered:
                assert answered.status == 200
        finally:
            process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--public-url", "ftp://x"],
        ["--public-url", "http://x.example:99999"],
        ["--host", "no-such-host.invalid"],
        ["--host", "203.0.113.9"],
        ["--host", "a" * 70],
        ["--host", ""],
        ["--host", "::1"],
        ["--port", "99999"],
        ["--port", "0"],
        ["--port", "٣"],
    ],
)
def test_an_address_that_cannot_be_meant_is_named(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], served: list
) -> None:
    assert cli.main(["serve", "--data", str(tmp_path / "data"), *arguments]) == 2

    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert arguments[0] in said[0] or arguments[1] in said[0]
    assert said[1].startswith("hint: ")
    assert served == []
    assert not (tmp_path / "data" / "public-url").exists()


@pytest.mark.parametrize("command", [["serve"], ["demo", "--serve"]], ids=" ".join)
def test_a_port_in_use_is_told_before_anything_is_made(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        assert cli.main([*command, "--data", str(tmp_path / "data"), "--port", taken]) == 2

    said = capsys.readouterr().err.splitlines()
    assert said == [
        f"error: cannot listen at 127.0.0.1, port {taken}: Address already in use",
        "hint: choose another --port or --host",
    ]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "0", "::"])
def test_a_folder_that_is_served_everywhere_belongs_to_this_computer(  # noqa: PLR0917 - fixtures
    host: str, tmp_path: Path, free_port: int, served: list, capsys: pytest.CaptureFixture[str]
) -> None:
    if host == "::" and not socket.has_dualstack_ipv6():
        pytest.skip("needs IPv6")

    assert cli.main(["serve", "--data", str(tmp_path), "--host", host, "--port", str(free_port)]) == 0

    assert (tmp_path / "public-url").read_text() == f"http://127.0.0.1:{free_port}"
    assert "--public-url" in capsys.readouterr().out
    assert served[0][1][0] in {"0.0.0.0", "::"}


def test_a_folder_keeps_its_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app("--public-url", "https://badges.example", data=tmp_path)

    assert cli.main(["serve", "--data", str(tmp_path), "--public-url", "https://other.example"]) == 2
    assert "https://badges.example" in capsys.readouterr().err
