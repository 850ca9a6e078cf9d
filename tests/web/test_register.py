"""The pages of the registry: days as Japan's calendar has them, scopes in words, notes that are for the public."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest

from badges.accreditation import Accreditation, RegisteredProvider, Scope, Snapshot, Window
from badges.web.app import application
from registry import app
from registry.frameworks import source_link
from registry.settings import RegistrySettings
from registry.shown import Period, day, period, shown_providers, shown_scope
from schemas.frameworks import FRAMEWORKS

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 19, 15, tzinfo=UTC)  # the start of 20 November in Japan


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory):
    registry = app.build(RegistrySettings(data=tmp_path_factory.mktemp("registry")), clock=lambda: NOW)
    service = application(title="Registry", routers=registry.routers, catalogue=registry.catalogue)

    def read(path: str, accept: str = "text/html") -> str:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(service)
            async with httpx.AsyncClient(transport=transport, base_url="http://registry.example") as client:
                return await client.get(path, headers={"Accept": accept})

        answer = asyncio.run(ask())
        assert answer.status_code == 200
        return answer.text

    return read


def test_days_are_those_of_japan_and_the_last_is_included() -> None:
    year = Window(MIDNIGHT, MIDNIGHT + timedelta(days=365))

    assert period(year, "ja") == Period("2026年11月20日", "2027年11月19日")
    assert period(year, "en") == Period("20 November 2026", "19 November 2027")
    assert period(Window(MIDNIGHT), "ja") == Period("2026年11月20日", None)
    assert day(MIDNIGHT - timedelta(seconds=1), "ja") == "2026年11月19日"


def test_scopes_are_told_in_words() -> None:
    part = Scope("dss-p/2.0", areas=frozenset({"dssp2-2.2"}), items=frozenset({"dssp2-1.1-02", "gone"}))
    level = Scope("itss/3", scheme="itss", highest="4")
    lost = Scope("itss/3", scheme="lost", highest="9")

    assert shown_scope(part, "ja").standard == "DX推進スキル標準 2.0"
    assert shown_scope(part, "ja").parts == ["AI・データサイエンス", "事業戦略の策定とマネジメント", "gone"]
    assert shown_scope(level, "en").level == "ITSS V3 level 4"
    assert shown_scope(lost, "ja").level == "lost 9"


def provider(name: str, *accreditations: Accreditation, suspensions: tuple[Window, ...] = ()) -> RegisteredProvider:
    did = f"did:web:{name}.example"
    url = f"https://{name}.example/"
    return RegisteredProvider(
        did, name, {"ja": name, "en": name}, url, f"{name}.example", {}, accreditations, suspensions
    )


def test_a_suspension_stands_above_an_accreditation() -> None:
    given = Accreditation("did", "did", "認証機関", (Scope("dss-p/2.0"),), Window(MIDNIGHT), "")
    over = Accreditation("did", "did", "認証機関", (), Window(MIDNIGHT, MIDNIGHT + timedelta(days=1)), "")
    listed = [
        provider("c", given, suspensions=(Window(MIDNIGHT),)),
        provider("b", over),
        provider("a", given, suspensions=(Window(MIDNIGHT, NOW),)),
    ]
    snapshot = Snapshot(1, NOW, "https://registry.example", {one.did: one for one in listed})

    shown = shown_providers(snapshot, NOW, "ja")

    assert [(one.name, one.state) for one in shown] == [
        ("a", "accredited"),
        ("b", "not-accredited"),
        ("c", "suspended"),
    ]
    assert shown[0].accreditations[0].accreditor == "認証機関"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("key", FRAMEWORKS)
def test_a_standard_has_a_public_note_and_keeps_its_order(pages, key: str, language: str) -> None:
    standard = FRAMEWORKS[key]

    page = pages(f"/frameworks/{key}?lang={language}")

    items = re.findall(r'/items/([^"?]+)\?lang=', page)
    assert items == [item.id for item in standard.items]
    assert not any(word in page for word in ("OURS", "retrieved", "recalled", "as dss-p.json"))
    assert {"ja": "経済産業省" if "dss" in key else "IPA", "en": "IPA"}[language] in page
    assert orjson.loads(pages(f"/frameworks/{key}", "application/json"))["note"] == standard.note


def test_sources_are_links_that_people_understand(pages) -> None:
    transcribed = source_link(f"github:a/b@{'0' * 40}:c/d.yaml (third-party)")

    assert transcribed == {"url": f"https://github.com/a/b/blob/{'0' * 40}/c/d.yaml", "host": "github.com"}
    assert source_link("https://it.example/a (names 7)") == {"url": "https://it.example/a", "host": "it.example"}
    assert source_link("v1.x transcription") is None
    assert "出典を読む（corp.tech.hipro-job.jp）" in pages("/frameworks/itss/3/items/itss3-01")
    assert "transcription" not in pages("/frameworks/dss-p/1.2/items/dssp1-1.2-05")
    assert "マーケティング" in pages("/frameworks/dss-p/1.2/items/dssp1-1.2-05?lang=en")
    assert "third-party" not in pages("/frameworks/dss-p/2.0/items/dssp2-1.1-01")


def test_an_empty_register_says_so(pages) -> None:
    assert "まだ登録がありません" in pages("/registry")
