"""The same promises on PostgreSQL, where several replicas write at once."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from akashi.app import open_house
from tests.fakes.postgresql import postgresql
from tests.issuer.making import ACHIEVEMENT, BEARER, URL, School, school
from tests.issuer.test_bad_input import NOWHERE
from tests.needs import package

pytestmark = pytest.mark.postgresql
psycopg = package("psycopg")


@pytest.fixture(scope="module")
def databases() -> Iterator[tuple[str, str]]:
    with postgresql() as socket:
        for name in ("registry", "issuer"):
            with psycopg.connect(f"host={socket} user=akashi dbname=postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
        yield (f"postgresql://akashi@/registry?host={socket}", f"postgresql://akashi@/issuer?host={socket}")


@pytest.fixture(scope="module")
def kita(databases: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    made = school(tmp_path_factory.mktemp("kita"), databases)
    yield made
    for store in (made.house.issuer.issuing.store, made.house.registry.store):
        store._engine.dispose()


def test_badges_are_issued_repeated_and_revoked(kita: School) -> None:
    key = secrets.token_urlsafe(32)
    first, again = kita.issue(BEARER, key), kita.issue(BEARER, key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()

    kita.post(f"/v1/credentials/{first.json()['id']}/revoke", {"reason": "superseded"})

    assert kita.verify(first.json()["credentials"]["vc-jwt"])["verdict"] == "not-verified"
    assert kita.post("/v1/achievements", ACHIEVEMENT).status_code == 409


def test_replicas_never_deal_a_slot_twice_nor_make_two_badges_of_one_key(
    kita: School, databases: tuple[str, str], tmp_path: Path
) -> None:
    shared_key = secrets.token_urlsafe(32)
    batches = [
        {"awards": [{**BEARER, "key": key} for key in (shared_key, *(secrets.token_urlsafe(32) for _ in range(40)))]}
        for _ in range(12)
    ]

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda body: kita.post("/v1/batches", body).json()["results"], batches))

    badges = {one["id"]: one["credentials"]["data-integrity"] for results in answers for one in results}
    slots = [orjson.loads(text)["credentialStatus"]["statusListIndex"] for text in badges.values()]
    assert len(badges) == 12 * 40 + 1
    assert len(set(slots)) == len(slots)


def test_it_opens_again_over_what_is_there(kita: School, databases: tuple[str, str]) -> None:
    again = open_house(kita.house.data, URL, clock=kita.clock, databases=databases)

    assert again.issuer.issuing.store.provider("kita") == kita.provider
    for store in (again.issuer.issuing.store, again.registry.store):
        store._engine.dispose()


@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_what_is_not_there_is_404_here_too(kita: School, path: str, accept: str) -> None:
    assert kita.send("GET", path, None, Accept=accept).status_code == 404


@pytest.mark.parametrize(
    "path", ["/v1/credentials/%00/revoke", "/v1/credentials/urn:uuid:1/revoke", "/v1/achievements/%00/versions"]
)
def test_a_name_that_nothing_can_have_is_404(kita: School, path: str) -> None:
    body = {"reason": "superseded"} if "revoke" in path else {k: v for k, v in ACHIEVEMENT.items() if k != "id"}

    assert kita.post(path, body).status_code == 404


def test_a_version_beyond_an_integer_is_refused(kita: School) -> None:
    assert kita.issue({**BEARER, "version": 2**31}).status_code == 422
