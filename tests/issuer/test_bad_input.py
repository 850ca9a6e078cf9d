"""Every route that reads a body names what is wrong, never crashes, and repeats nothing of what was sent."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.issuer.making import ACHIEVEMENT, BEARER, School, school
from tests.verifier.sharing import new_share

NOWHERE = [
    "/v1/credentials/urn:uuid:1",
    "/v1/credentials/%00",
    "/v1/credentials/urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
    "/providers/%00",
    "/providers/%F0%9F%8F%AB",
    "/providers/kita/status/revocation/999999999",
    "/providers/kita/achievements/%00/1",
    "/registry/9999999999",
    "/registry/999999999",
]
CANARY = "canary.learner01@example.com"
KEY = "k" * 43
GOOD = {
    "/v1/achievements": {**ACHIEVEMENT, "id": "other"},
    "/v1/achievements/data-basics/versions": {name: value for name, value in ACHIEVEMENT.items() if name != "id"},
    "/v1/offers": {"achievement": "data-basics", "offers": [{"key": KEY}]},
    "/v1/claims": {"token": KEY, "publicKey": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}},
    "/v1/claims/preview": {"token": KEY},
    "/v1/credentials": BEARER,
    "/v1/batches": {"awards": [{**BEARER, "key": KEY}]},
    "/v1/credentials/urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d/revoke": {"reason": "superseded"},
    "/v1/shares": new_share(),
    "/v1/shares/AAAAAAAAAAAAAAAAAAAAAA/open": {"access": "A" * 43, "open": "A" * 43},
}
PUBLIC = ("/v1/claims", "/v1/shares")
MALFORMED = {
    "not JSON": (b"{", "not-json", ""),
    "NaN": (b'{"a": [NaN]}', "not-finite", "/a/0"),
    "a member twice": (b'{"level": 1, "level": 2}', "duplicate-member", "/level"),
    "a person's address twice": (b'{"%b": 1, "%b": 2}' % (CANARY.encode(), CANARY.encode()), "duplicate-member", ""),
    "a lone surrogate": (b'{"a": "\\ud800"}', "lone-surrogate", "/a"),
    "not UTF-8": (b'{"a": "\xff"}', "not-json", ""),
    "too deep": (b"[" * 2000 + b"]" * 2000, "too-deep", ""),
}


def level(value: int, scheme: str = "itss") -> dict[str, str]:
    return {"framework": "itss/3", "scheme": scheme, "value": str(value)}


@pytest.fixture(scope="module")
def kita(tmp_path_factory: pytest.TempPathFactory) -> School:
    return school(tmp_path_factory.mktemp("kita"))


def problem(answer, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text
    return answer.json()


def send(kita: School, path: str, body: object, **headers: str):
    return kita.post(path, body, Idempotency_Key=KEY, **headers)


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("fault", MALFORMED)
def test_malformed_json_is_refused(kita: School, path: str, fault: str) -> None:
    body, code, pointer = MALFORMED[fault]

    answer = problem(send(kita, path, body), 400)

    assert answer["code"] == "malformed-json"
    assert [(one["code"], one["pointer"]) for one in answer["errors"]] == [(code, pointer)]


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("body", [[], 1, "x", None, {CANARY: 1}], ids=str)
def test_another_shape_is_refused(kita: School, path: str, body: object) -> None:
    answer = problem(send(kita, path, orjson.dumps(body)), 422)

    assert answer["code"] == "invalid-fields"
    assert answer["errors"]


def wrong(value: object) -> Iterator[object]:
    """Return values of another type than the given one."""
    for other in (None, 1.5, [CANARY], {CANARY: CANARY}, "\u0001" + CANARY, "x" * 20_000):
        if type(other) is not type(value) or isinstance(other, str):
            yield other


@pytest.mark.parametrize("path", GOOD)
def test_every_member_of_another_type_is_named(kita: School, path: str) -> None:
    for name, value in GOOD[path].items():
        for other in wrong(value):
            answer = send(kita, path, {**GOOD[path], name: other})
            if other is None and answer.status_code < 400:
                continue  # optional
            errors = problem(answer, 413 if answer.status_code == 413 else 422).get("errors", [{"pointer": f"/{name}"}])
            places = {f"/{name}", ""} if other is None else {f"/{name}"}
            assert any(one["pointer"] == "" in places or one["pointer"].startswith(f"/{name}") for one in errors), (
                name,
                other,
                errors,
            )


@pytest.mark.parametrize("path", GOOD)
def test_every_missing_and_every_unknown_member_is_named(kita: School, path: str) -> None:
    answer = problem(send(kita, path, {**GOOD[path], "surprise": CANARY}), 422)
    assert [one["pointer"] for one in answer["errors"]] == ["/surprise"]
    for name in GOOD[path]:
        rest = {one: value for one, value in GOOD[path].items() if one != name}
        missing = send(kita, path, rest)
        assert missing.status_code < 500
        if missing.status_code == 422:
            assert missing.json()["errors"]


@pytest.mark.parametrize("path", GOOD)
def test_other_media_types_and_large_bodies_are_refused(kita: School, path: str) -> None:
    assert problem(send(kita, path, b"a=1", Content_Type="application/x-www-form-urlencoded"), 415)
    assert problem(send(kita, path, b"{}", Content_Encoding="gzip"), 415)
    limit = 8 * 1_048_576 if path == "/v1/batches" else 1_048_576
    assert problem(send(kita, path, b" " * (limit + 1)), 413)["code"] == "body-too-large"


@pytest.mark.parametrize("path", [path for path in GOOD if not path.startswith(PUBLIC)])
@pytest.mark.parametrize("authorization", ["", "Bearer ak_0_0", "Basic YTpi", "Bearer ak_" + "0" * 16 + "_" + "A" * 43])
def test_without_a_good_key_nothing_is_read(kita: School, path: str, authorization: str) -> None:
    answer = problem(send(kita, path, b"{", Authorization=authorization), 401)

    assert answer["code"] == "unknown-client"


@pytest.mark.parametrize(
    "path",
    [
        *NOWHERE,
        "/providers/none",
        "/providers/none/did.json",
        "/providers/kita/achievements/none/1",
        "/providers/kita/achievements/data-basics/0",
        "/providers/kita/achievements/data-basics/99999999999999999999",
        "/providers/kita/status/revocation/0",
        "/providers/kita/status/revocation/99",
        "/registry/0",
        "/registry/99999999999",
        "/registry/%00",
        "/frameworks/none/1",
        "/frameworks/itss/3/items/none",
        "/frameworks/itss/3/levels/itss/99",
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_what_is_not_there_is_404(kita: School, path: str, accept: str) -> None:
    answer = kita.send("GET", path, None, Accept=accept)

    assert answer.status_code == 404, answer.text
    assert CANARY not in answer.text


def test_a_short_idempotency_key_is_refused(kita: School) -> None:
    for key in ("", "short", "x" * 200, "with space and more characters"):
        assert problem(kita.post("/v1/credentials", BEARER, Idempotency_Key=key), 400)["code"] == "idempotency-key"


def test_a_refused_award_of_a_batch_leaves_the_others(kita: School) -> None:
    awards = [
        {**BEARER, "key": "a" * 43},
        {"achievement": "none", "bearer": True, "key": "b" * 43},
        {"achievement": "data-basics", "key": "c" * 43},
        {"achievement": "data-basics", "holder": "did:key:z6Mk", "key": "d" * 43},
    ]

    results = kita.post("/v1/batches", {"awards": awards}).json()["results"]

    assert [one["status"] for one in results] == [201, 422, 422, 422]
    codes = [one["problem"]["errors"][0]["code"] for one in results[1:]]
    assert codes == ["unknown-achievement", "one-recipient", "bad-holder"]


def test_pages_of_the_house_open(kita: School, tmp_path: Path) -> None:
    for path in (
        "/",
        "/v",
        "/c",
        "/registry",
        "/frameworks",
        "/frameworks/itss/3",
        "/frameworks/dss-p/2.0",
        "/frameworks/dss-p/2.0/items/dssp2-2.2-01",
        "/frameworks/itss/3/levels/itss/3",
        "/providers/kita",
        "/providers/kita/achievements/data-basics/1",
    ):
        for language in ("ja", "en"):
            answer = kita.send("GET", path, None, Accept="text/html", Accept_Language=language)
            assert answer.status_code == 200, (path, answer.text)
            assert f'lang="{language}"' in answer.text


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"resultLevels": [level(2), level(2)]}, "/resultLevels/1", "not-rising"),
        ({"resultLevels": [level(3), level(2)]}, "/resultLevels/1", "not-rising"),
        ({"resultLevels": [level(2), level(3, "demo-itss")]}, "/resultLevels/1", "not-rising"),
        ({"alignment": ACHIEVEMENT["alignment"] * 2}, "/alignment/1", "named-twice"),
    ],
)
def test_levels_and_items_that_cannot_be_meant_are_named(
    kita: School, change: dict[str, object], pointer: str, code: str
) -> None:
    answer = problem(send(kita, "/v1/achievements", {**ACHIEVEMENT, "id": "odd", **change}), 422)

    assert (pointer, code) in {(one["pointer"], one["code"]) for one in answer["errors"]}


@pytest.mark.parametrize("version", [0, -1, 2**31, 2**63, 1.5, "1", True])
def test_a_version_that_no_database_has_is_refused(kita: School, version: object) -> None:
    award = {**BEARER, "version": version}

    alone = send(kita, "/v1/credentials", award)
    together = send(kita, "/v1/batches", {"awards": [{**award, "key": KEY}]})

    assert {alone.status_code, together.status_code} <= {400, 422}


@pytest.mark.parametrize("bearer", [1, 1.0, "true", False, [True]])
def test_a_bearer_is_true_or_is_left_out(kita: School, bearer: object) -> None:
    answer = problem(send(kita, "/v1/credentials", {**BEARER, "bearer": bearer}), 422)

    assert [one["pointer"] for one in answer["errors"]] == ["/bearer"]


@pytest.mark.parametrize("path", ["/providers/kita/", "/v1/verify/", "/registry/", "/frameworks/"])
def test_no_address_is_made_of_the_host_that_a_client_names(kita: School, path: str) -> None:
    answer = kita.send("GET", path, None, Host="evil.example")

    assert answer.status_code == 404
    assert "evil.example" not in answer.text + str(answer.headers)
