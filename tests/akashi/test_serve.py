"""`akashi serve`: the arguments become an application, and mistakes become two lines."""

import asyncio
from pathlib import Path

import httpx
import pytest

from akashi import cli
from akashi.commands import serve


def app(*arguments: str, data: Path):
    return serve.app_of(cli.parser().parse_args(["serve", "--data", str(data), *arguments]))


def test_it_serves_the_check_page_under_its_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    transport = httpx.ASGITransport(app("--port", "8123", data=tmp_path))

    async def open_page() -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8123") as client:
            return (await client.get("/")).status_code

    assert asyncio.run(open_page()) == 200
    assert "http://127.0.0.1:8123/" in capsys.readouterr().out


def test_it_listens_where_it_is_told_and_logs_no_access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {}
    monkeypatch.setattr(serve.uvicorn, "run", lambda _app, **options: told.update(options))

    assert cli.main(["serve", "--data", str(tmp_path), "--host", "127.0.0.2", "--port", "8124"]) == 0
    assert (told["host"], told["port"], told["access_log"]) == ("127.0.0.2", 8124, False)


def test_an_address_that_cannot_be_meant_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--data", str(tmp_path), "--public-url", "ftp://x"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert "--public-url" in said[0]
    assert said[1].startswith("hint: ")


def test_a_folder_keeps_its_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app("--public-url", "https://badges.example", data=tmp_path)

    assert cli.main(["serve", "--data", str(tmp_path), "--public-url", "https://other.example"]) == 2
    assert "https://badges.example" in capsys.readouterr().err
