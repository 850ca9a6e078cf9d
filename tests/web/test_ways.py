"""Ways from page to page: to what the process has, whether it runs one service or all."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

import issuer.app
import registry.app
import verifier.app
from akashi.app import open_house
from issuer.settings import IssuerSettings
from keys.public_key import Algorithm
from keys.signer import generate, local_signer
from registry.settings import RegistrySettings
from verifier.settings import VerifierSettings

PIN = local_signer(generate(Algorithm.ED25519), "").public.to_multikey()
ELSEWHERE = "https://verifier.example"


def made(name: str, folder: Path) -> FastAPI:
    match name:
        case "issuer":
            return issuer.app.create_app(IssuerSettings(data=folder, registry_key=PIN, verifier_url=ELSEWHERE))
        case "registry":
            return registry.app.create_app(RegistrySettings(data=folder))
        case "verifier":
            return verifier.app.create_app(VerifierSettings(data=folder))
    return open_house(folder, "http://127.0.0.1:8000").application()


def page(app: FastAPI, path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://one.example") as client:
            return await client.get(path, headers={"Accept": "text/html"})

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("name", "heading", "ways"),
    [
        ("verifier", "バッジを確かめる", ["/", "/badges"]),
        ("issuer", "学習バッジの発行", []),
        ("registry", "学習バッジの登録簿", ["/registry", "/frameworks"]),
        ("house", "バッジを確かめる", ["/", "/badges", "/registry", "/frameworks"]),
    ],
)
def test_a_process_leads_to_what_it_has(name: str, heading: str, ways: list[str], tmp_path: Path) -> None:
    app = made(name, tmp_path)

    home = page(app, "/")
    found = re.search(r'<nav class="ways".*?</nav>', home.text, re.DOTALL)
    links = [link for link in re.findall(r'<a [^>]*href="([^"]*)"', home.text) if link.startswith("/")]

    assert home.status_code == 200
    assert re.findall(r"<h1[^>]*>([^<]*)<", home.text)[0] == heading
    assert re.findall(r'href="([^"]*)"', found[0] if found else "") == ways
    assert all(page(app, link).status_code == 200 for link in links)
    assert page(app, "/nowhere").text.count("<nav") == 1 + bool(ways)


def test_an_issuer_alone_leads_to_its_verifier(tmp_path: Path) -> None:
    assert f'href="{ELSEWHERE}/?lang=en"' in page(made("issuer", tmp_path), "/?lang=en").text


def test_the_page_where_one_is_says_so(tmp_path: Path) -> None:
    [current] = re.findall(
        r'<a [^>]*aria-current="page">([^<]*)<', page(made("registry", tmp_path), "/frameworks").text
    )

    assert current == "スキル標準"
