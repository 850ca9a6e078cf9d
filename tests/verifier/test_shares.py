"""Shares: kept until they end, opened by two tokens, ended by a third; and no word on why one does not open."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import Engine

from badges.web.app import application
from keys import base64url
from tests.fakes.postgresql import postgresql
from tests.fakes.web import FakeWeb
from tests.issuer.making import Clock
from tests.needs import package
from tests.verifier.making import NOW
from tests.verifier.sharing import ACCESS, HEADER, MANAGING, OPENING, WRONG, digest, id_of, jwe_of, new_id, new_share
from tests.verifier.test_api import Client
from verifier.allowance import DailyAllowance
from verifier.app import MIGRATIONS, build, clean_forever
from verifier.database import open_database
from verifier.settings import VerifierSettings
from verifier.share_store import ShareStore
from verifier.shares import BUCKETS, Digests, NoShareError, Shares

DAY = timedelta(days=1)


class Service:
    """A verifier that keeps shares, with a clock that a test sets."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.clock = Clock(NOW)
        self.tokens: dict[str, str] = {}
        self.file = folder / "shares.sqlite3"
        made = build(VerifierSettings(data=folder, **settings), web=FakeWeb(), clock=self.clock)
        self.shares = made.shares
        self.app = application(title="test", routers=made.routers, catalogue=made.catalogue)
        self.client = Client(self.app)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        sent = {"Content-Type": "application/json", **headers}
        return self.client.request("POST", path, content=orjson.dumps(body), headers=sent)

    def share(self, **changes: Any) -> str:
        token = base64url.encode(os.urandom(32))
        answer = self.post("/v1/shares", new_share(manage=digest(token), **changes))
        assert answer.status_code == 201, answer.text
        self.tokens[answer.json()["id"]] = token
        return answer.json()["id"]

    def open(self, share: str, access: str = ACCESS, opening: str = OPENING) -> httpx.Response:
        return self.post(f"/v1/shares/{share}/open", {"access": access, "open": opening})

    def manage(self, method: str, share: str, token: str | None = None) -> httpx.Response:
        bearer = self.tokens.get(share, MANAGING) if token is None else token
        return self.client.request(method, f"/v1/shares/{share}", headers={"Authorization": f"Bearer {bearer}"})

    def rows(self) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.file)
        try:
            return connection.execute("SELECT * FROM share").fetchall()
        finally:
            connection.close()


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


def test_a_share_is_opened_with_both_tokens_and_every_view_is_counted(service: Service) -> None:
    body = new_share(jwe=jwe_of(b"x" * 8_192))
    made = service.post("/v1/shares", body)
    share = id_of(MANAGING)
    assert (made.status_code, made.json()) == (201, {"id": share, "expires": "2026-12-23T03:00:00Z"})

    for _ in range(3):
        opened = service.open(share)
        assert (opened.status_code, opened.json()) == (200, {"jwe": body["jwe"], "expires": "2026-12-23T03:00:00Z"})
        assert opened.headers["cache-control"] == "no-store"

    assert service.manage("GET", share).json() == {
        "expires": "2026-12-23T03:00:00Z",
        "views": 3,
        "attemptsLeft": 10,
    }


def test_ten_wrong_passcodes_end_a_share_and_delete_its_text(service: Service) -> None:
    share = service.share()

    for left in range(9, -1, -1):
        assert service.open(share, opening=WRONG).status_code == 404
        assert service.manage("GET", share).json()["attemptsLeft"] == left

    assert service.open(share).status_code == 404
    assert [row[1] for row in service.rows()] == [""]


def test_a_right_passcode_after_wrong_ones_gives_no_attempt_back(service: Service) -> None:
    share = service.share()

    for _ in range(9):
        service.open(share, opening=WRONG)
    assert service.open(share).status_code == 200

    assert service.manage("GET", share).json() == {"expires": "2026-12-23T03:00:00Z", "views": 1, "attemptsLeft": 1}


def test_without_the_link_nobody_uses_up_an_attempt(service: Service) -> None:
    share = service.share()

    for _ in range(12):
        assert service.open(share, access=WRONG, opening=WRONG).status_code == 404
        assert service.open(share, access=WRONG).status_code == 404

    assert service.manage("GET", share).json()["attemptsLeft"] == 10


def test_whatever_is_wrong_the_answer_is_the_same_to_the_byte(service: Service) -> None:
    living, exhausted, revoked, expiring = (service.share(expires=days) for days in (30, 30, 30, 1))
    for _ in range(10):
        service.open(exhausted, opening=WRONG)
    service.manage("DELETE", revoked)
    service.clock.now += 2 * DAY

    answers = [
        service.open(new_id()),
        service.open(living, access=WRONG),
        service.open(living, opening=WRONG),
        service.open(living, access=WRONG, opening=WRONG),
        service.open(exhausted),
        service.open(exhausted, opening=WRONG),
        service.open(revoked),
        service.open(expiring),
        service.open("no-id"),
        service.open("A" * 300),
        service.manage("GET", living, WRONG),
        service.manage("GET", living, ""),
        service.manage("GET", new_id()),
        service.manage("GET", expiring),
        service.manage("DELETE", living, WRONG),
        service.manage("DELETE", revoked),
    ]

    assert {(one.status_code, one.content, tuple(sorted(one.headers.items()))) for one in answers} == {
        (404, answers[0].content, tuple(sorted(answers[0].headers.items())))
    }
    assert answers[0].json()["code"] == "no-share"


def test_a_refusal_takes_its_time_whatever_is_wrong(service: Service) -> None:
    share = service.share()

    for refused in (lambda: service.open(new_id()), lambda: service.open(share, opening=WRONG)):
        begun = time.monotonic()
        assert refused().status_code == 404
        assert time.monotonic() - begun >= 0.1


def test_a_refusal_that_took_longer_than_it_should_is_the_same(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier.share_api.SECONDS_OF_REFUSAL", 0.0)

    assert service.open(new_id()).json()["code"] == "no-share"


def test_whoever_made_a_share_ends_it_for_good(service: Service) -> None:
    share = service.share()

    assert service.manage("DELETE", share).status_code == 204

    assert service.open(share).status_code == 404
    assert service.manage("GET", share).status_code == 404
    assert service.manage("DELETE", share).status_code == 404
    assert service.rows() == []


def test_who_has_the_link_alone_puts_no_other_share_in_its_place(service: Service) -> None:
    """The link tells the id, and makes the access and the opening token; the managing token it does not tell."""
    living, revoked = service.share(), service.share()
    service.manage("DELETE", revoked)
    theirs = new_share(jwe=jwe_of(b"y" * 4_096), access=digest(ACCESS), open=digest(OPENING))

    made = service.post("/v1/shares", theirs).json()["id"]
    named = service.post("/v1/shares", {**theirs, "id": revoked, "manage": digest(WRONG)})

    assert made not in {living, revoked}
    assert named.status_code == 422
    assert service.open(living).json()["jwe"] == jwe_of()
    assert service.open(revoked).status_code == 404


def test_of_one_managing_token_there_is_one_share(service: Service) -> None:
    share = service.share()
    again = new_share(jwe=jwe_of(b"y" * 4_096), manage=digest(service.tokens[share]))

    answer = service.post("/v1/shares", again)

    assert (answer.status_code, answer.json()["code"]) == (409, "share-id-taken")
    assert service.open(share).json()["jwe"] == jwe_of()


def test_a_row_holds_no_moment_but_its_end_and_no_token(service: Service) -> None:
    share = service.share()
    service.open(share)

    [row] = service.rows()

    raw = [base64url.decode(digest(token)) for token in (ACCESS, OPENING, service.tokens[share])]
    assert row == (share, jwe_of(), "2026-12-23T03:00:00Z", *raw, 10, 1)


def test_a_share_ends_on_the_second_and_is_deleted_when_somebody_asks_for_another(service: Service) -> None:
    share = service.share(expires=1)
    service.clock.now += DAY - timedelta(seconds=1)
    assert service.open(share).status_code == 200

    service.clock.now += timedelta(seconds=1)
    assert service.open(share).status_code == 404
    service.share()

    assert share not in {row[0] for row in service.rows()}
    assert jwe_of(b"x" * 4_096)[60:90].encode() not in service.file.read_bytes()


def test_nothing_of_a_share_is_left_in_the_file(service: Service) -> None:
    jwe = jwe_of(bytes(range(256)) * 16)
    share = service.share(jwe=jwe)
    middle = jwe[100:200].encode()
    assert middle in service.file.read_bytes()

    service.manage("DELETE", share)

    assert middle not in service.file.read_bytes()
    assert share.encode() not in service.file.read_bytes()


def test_expired_shares_are_deleted_while_nobody_asks(service: Service) -> None:
    service.share(expires=1)
    service.clock.now += DAY

    async def serve() -> None:
        async with service.app.router.lifespan_context(service.app):
            for _ in range(100):
                await asyncio.sleep(0.02)
                if not service.rows():
                    return

    asyncio.run(serve())

    assert service.rows() == []


def test_a_database_that_is_away_does_not_end_the_cleaning(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    share = service.share(expires=1)
    service.clock.now += DAY
    away = service.file.rename(tmp_path / "away")
    connection = sqlite3.connect(service.file)
    connection.close()
    service.shares.store.close()

    async def clean() -> None:
        task = asyncio.create_task(clean_forever(service.shares, service.clock, 0.01))
        await asyncio.sleep(0.1)
        service.shares.store.close()
        away.rename(service.file)
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(clean())

    assert "expired shares could not be deleted" in caplog.text
    assert share not in caplog.text
    assert service.rows() == []


def test_a_share_ends_at_a_moment_too(service: Service) -> None:
    answer = service.post("/v1/shares", new_share(expires="2026-12-01T09:00:00+09:00"))

    assert answer.json()["expires"] == "2026-12-01T00:00:00Z"


@pytest.mark.parametrize(
    ("expires", "code"),
    [
        (0, "out-of-range"),
        (91, "out-of-range"),
        (-1, "out-of-range"),
        ("2026-11-23T03:00:00Z", "out-of-range"),
        ("2027-02-21T03:00:01Z", "out-of-range"),
        ("9999-12-31T23:59:59-14:00", "wrong-form"),
        ("2026-12-01", "wrong-form"),
        ("", "wrong-form"),
        ("x" * 41, "too-long"),
        (True, "wrong-type"),
        (1.5, "wrong-type"),
        (None, "wrong-type"),
    ],
)
def test_an_end_that_is_none_within_ninety_days_is_refused(service: Service, expires: object, code: str) -> None:
    answer = service.post("/v1/shares", new_share(expires=expires))

    assert answer.status_code == 422
    assert ("/expires", code) in {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


@pytest.mark.parametrize("size", BUCKETS)
def test_every_padded_length_is_kept(service: Service, size: int) -> None:
    jwe = jwe_of(bytes(size))

    assert service.open(service.share(jwe=jwe)).json()["jwe"] == jwe


@pytest.mark.parametrize(
    ("jwe", "code"),
    [
        ("", "bad-jwe"),
        ("hello", "bad-jwe"),
        ('{"name": "北 花子"}', "bad-jwe"),
        ("a.b.c", "bad-jwe"),
        (jwe_of() + ".", "bad-jwe"),
        (jwe_of() + "=", "bad-jwe"),
        (jwe_of()[:-1] + "B", "bad-jwe"),
        (jwe_of().replace("..", ".AA."), "bad-jwe"),
        (jwe_of(nonce=16), "bad-jwe"),
        (jwe_of(tag=12), "bad-jwe"),
        (jwe_of(header=base64url.encode(b'{"alg":"A256KW","enc":"A256GCM"}')), "bad-jwe"),
        (jwe_of(header=base64url.encode(b'{"alg":"dir","enc":"A256GCM","kid":"somebody"}')), "bad-jwe"),
        (jwe_of(bytes(4_095)), "bad-jwe-size"),
        (jwe_of(bytes(4_097)), "bad-jwe-size"),
        (jwe_of(bytes(12_288)), "bad-jwe-size"),
        (jwe_of(bytes(192 * 1_024)), "too-long"),
    ],
)
def test_what_is_no_padded_ciphertext_is_not_kept(service: Service, jwe: str, code: str) -> None:
    answer = service.post("/v1/shares", new_share(jwe=jwe))

    assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (422, [code])
    assert service.rows() == []


def test_the_header_is_the_one_that_rfc_7516_writes_for_these_algorithms() -> None:
    assert base64url.decode(HEADER) == b'{"alg":"dir","enc":"A256GCM"}'


@pytest.mark.parametrize("name", ["access", "open", "manage"])
@pytest.mark.parametrize("value", ["", "A" * 21, "A" * 44, "!" * 43, "A" * 42 + "B", "A" * 21 + "B", "A" * 43 + "\n"])
def test_digests_have_one_form(service: Service, name: str, value: str) -> None:
    answer = service.post("/v1/shares", new_share(**{name: value}))

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [f"/{name}"])


def test_a_body_that_is_too_long_is_refused(service: Service) -> None:
    assert service.post("/v1/shares", new_share(jwe="x" * 400_000)).status_code == 413
    assert service.post(f"/v1/shares/{new_id()}/open", {"access": "x" * 5_000}).status_code == 413


def test_only_so_much_is_shared_on_one_day(tmp_path: Path) -> None:
    service = Service(tmp_path, shares_per_day=2)
    service.share()
    service.share()

    refused = service.post("/v1/shares", new_share())

    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-shares")
    assert refused.headers["retry-after"] == "75601"
    service.clock.now += DAY
    service.share()


def test_an_allowance_is_for_a_day_for_an_address_and_for_all() -> None:
    take = DailyAllowance(5, 2).take

    assert [take("9.9.9.9", NOW) for _ in range(3)] == [True, True, False]
    # Of one network, so of one client.
    assert [take(f"2620:fe::{n}", NOW) for n in range(3)] == [True, True, False]
    assert [take("9.9.9.10", NOW) for _ in range(2)] == [True, False]
    assert take("9.9.9.9", NOW + DAY)
    assert all(DailyAllowance(0, 0).take("9.9.9.9", NOW) for _ in range(3))


@pytest.mark.parametrize("address", ["", "127.0.0.1", "10.0.0.1", "172.18.0.2", "::1", "fd00::1", "testclient"])
def test_everybody_behind_a_proxy_is_not_one_client(address: str) -> None:
    take = DailyAllowance(4, 1).take

    assert [take(address, NOW) for _ in range(5)] == [True, True, True, True, False]


def test_an_allowance_remembers_no_address() -> None:
    allowance = DailyAllowance(10, 10)
    allowance.take("9.9.9.9", NOW)
    first, key = set(allowance.counts), allowance.key

    allowance.take("9.9.9.9", NOW + DAY)

    assert len(first) == 1
    assert first.isdisjoint(allowance.counts)
    assert key != allowance.key
    assert "9.9.9.9" not in str(vars(allowance))


def kept_by(engine: Engine) -> Shares:
    return Shares(ShareStore(engine))


def try_at_once(shares: Shares, tokens: list[str]) -> list[str]:
    """Make a share, open it with all tokens at once, and return what came of each."""
    managing = base64url.encode(os.urandom(32))
    raw = [base64url.decode(digest(token)) for token in (ACCESS, OPENING, managing)]
    share = shares.create(jwe_of(), Digests(*raw), expires=NOW + DAY, now=NOW).id

    def attempt(token: str) -> str:
        try:
            return shares.open(share, access=ACCESS, opening=token, now=NOW).jwe
        except NoShareError:
            return "refused"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(attempt, tokens))
    left = shares.managed(share, managing, NOW)
    return [*found, str(left.attempts), str(left.views)]


def require_ten_attempts(shares: Shares) -> None:
    *refused, left, views = try_at_once(shares, [WRONG] * 40)
    assert (set(refused), left, views) == ({"refused"}, "0", "0")

    *found, left, views = try_at_once(shares, [OPENING] * 30 + [WRONG] * 4)
    assert (found.count(jwe_of()), left, views) == (30, "6", "30")


def test_forty_at_once_have_ten_attempts_between_them(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'shares.sqlite3'}", migrations=MIGRATIONS)

    require_ten_attempts(kept_by(engine))

    engine.dispose()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    psycopg = package("psycopg")
    with postgresql() as socket:
        with psycopg.connect(f"host={socket} user=akashi dbname=postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE verifier")
        yield f"postgresql://akashi@/verifier?host={socket}"


@pytest.mark.postgresql
def test_forty_at_once_have_ten_attempts_on_postgresql(server: str) -> None:
    engine = open_database(server, migrations=MIGRATIONS)

    require_ten_attempts(kept_by(engine))

    engine.dispose()


@pytest.mark.postgresql
def test_shares_are_kept_opened_ended_and_cleaned_on_postgresql(server: str, tmp_path: Path) -> None:
    service = Service(tmp_path, database=server)
    share, other = service.share(), service.share(expires=1)

    assert service.open(share).json()["jwe"] == jwe_of()
    assert service.post("/v1/shares", new_share(manage=digest(service.tokens[share]))).status_code == 409
    assert service.manage("DELETE", share).status_code == 204
    assert service.open(share).status_code == 404
    service.clock.now += DAY
    service.shares.clean(service.clock())
    service.clock.now -= DAY
    assert service.manage("GET", other).status_code == 404

    service.shares.store.close()


def test_an_end_beyond_ninety_days_is_refused_by_the_use_case_too(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'shares.sqlite3'}", migrations=MIGRATIONS)

    for end in (NOW, NOW + 91 * DAY):
        with pytest.raises(ValueError, match="90 days"):
            kept_by(engine).create(jwe_of(), Digests(b"", b"", b""), expires=end, now=NOW)

    engine.dispose()
