"""An Akashi with one accredited provider, and a client that talks to it over HTTP without a socket."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import orjson

from akashi.accreditor import own_accreditor
from akashi.app import House, open_house
from akashi.enrolment import accredit, did_of, enrol, publish
from badges.accreditation import Scope as Covered
from badges.accreditation import Window
from issuer.access import Scope, add_client
from issuer.providers import day_start
from issuer.store import Provider

URL = "https://badges.example"
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class School:
    """The provider "kita" in a house of its own."""

    house: House
    clock: Clock
    provider: Provider
    app: Callable[..., object] = field(init=False)
    key: str = ""

    def __post_init__(self) -> None:
        self.app = self.house.application()
        self.key = self.client(*Scope)

    def client(self, *scopes: Scope, days: int = 30) -> str:
        store = self.house.issuer.issuing.store
        return add_client(store, self.provider.slug, scopes=frozenset(scopes), days=days, now=self.clock()).key

    def send(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Send JSON, or bytes as they are."""
        data = body if isinstance(body, bytes | None) else orjson.dumps(body)
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Accept-Language": "en"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}

        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
                return await client.request(method, path, content=data, headers=sent)

        return asyncio.run(exchange())

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return self.send("POST", path, body, **headers)

    def issue(self, award: dict[str, object], key: str = "") -> httpx.Response:
        return self.post("/v1/credentials", award, Idempotency_Key=key or secrets.token_urlsafe(32))

    def verify(self, text: str) -> dict[str, object]:
        return self.post("/v1/verify", text.encode(), Content_Type="text/plain").json()


ACHIEVEMENT = {
    "id": "data-basics",
    "name": {"ja": "データ分析の基礎 修了", "en": "Data basics: completed"},
    "description": {"ja": "売上の集計を自分で直せる"},
    "criteria": {"ja": "確認テスト 80点以上"},
    "achievementType": "CertificateOfCompletion",
    "alignment": [{"framework": "dss-p/2.0", "item": "dssp2-2.2-01"}],
    "level": {"framework": "itss/3", "scheme": "itss", "value": "2"},
}
BEARER = {"achievement": "data-basics", "bearer": True}


def school(folder: Path, databases: tuple[str, str] = ("", "")) -> School:
    """Return an accredited provider with one achievement."""
    clock = Clock()
    house = open_house(folder, URL, clock=clock, databases=databases)
    provider = Provider("kita", did_of(URL, "kita"), "北の学校", "North School", f"{URL}/kita", "Asia/Tokyo")
    start = day_start(provider, NOW)
    enrol(house, provider)
    scopes = [Covered("dss-p/2.0"), Covered("itss/3", scheme="itss", highest="3")]
    accreditor = own_accreditor(house, "認証機関(例)", at=start)
    window = Window(start, start + timedelta(days=2000))
    accredit(house, accreditor, provider, scopes=scopes, window=window)
    publish(house)
    made = School(house, clock, provider)
    assert made.post("/v1/achievements", ACHIEVEMENT).status_code == 201
    return made
