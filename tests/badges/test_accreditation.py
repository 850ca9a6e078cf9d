from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from badges.accreditation import (
    RegisteredKey,
    RegisteredProvider,
    Scope,
    Snapshot,
    Standing,
    Window,
    apart,
    build_accreditation,
    read_accreditation,
    read_snapshot,
    standing,
    write_snapshot,
)
from badges.errors import BadgeError, ClaimsError
from badges.model import Profile
from badges.proof import Mechanism, sign
from keys.public_key import Algorithm
from keys.signer import LocalSigner, did_key_signer, generate, local_signer

START = datetime(2026, 4, 1, tzinfo=UTC)
END = datetime(2027, 4, 1, tzinfo=UTC)
INSIDE = datetime(2026, 11, 1, tzinfo=UTC)
PROVIDER = "did:web:kita.example"
KEY_ID = f"{PROVIDER}#k1"
REGISTRY = "https://registry.example"


def accreditor_signer() -> LocalSigner:
    return did_key_signer(generate(Algorithm.ED25519))


def did_of(signer: LocalSigner) -> str:
    return signer.key_id.partition("#")[0]


def accredit(
    signer: LocalSigner, *scopes: Scope, provider: str = PROVIDER, until: str | None = "2027-04-01T00:00:00Z"
) -> str:
    unsigned = build_accreditation(
        id="urn:uuid:00000000-0000-4000-8000-000000000001",
        accreditor=Profile(id=did_of(signer), name="デモ認証機関"),
        provider=provider,
        scopes=scopes,
        registry=REGISTRY,
        valid_from="2026-04-01T00:00:00Z",
        valid_until=until,
    )
    return sign(unsigned, signer, Mechanism.VC_JWT)


def snapshot_of(*scopes: Scope, suspensions: tuple[Window, ...] = (), revoked: datetime | None = None) -> Snapshot:
    signer = accreditor_signer()
    given = read_accreditation(accredit(signer, *scopes), PROVIDER, [did_of(signer)], REGISTRY)
    key = RegisteredKey(KEY_ID, signer.public, Window(START, END), revoked)
    name = {"ja": "北の学校", "en": "North School"}
    provider = RegisteredProvider(
        PROVIDER, "kita", name, "https://kita.example", "kita.example", {KEY_ID: key}, (given,), suspensions
    )
    return Snapshot(3, START, REGISTRY, {PROVIDER: provider}, frozenset({did_of(signer)}))


def item(code: str, framework: str = "dss-p/2.0") -> dict[str, object]:
    url = f"{REGISTRY}/frameworks/{framework}/items/{code}"
    return {"type": ["Alignment"], "targetType": "CFItem", "targetCode": code, "targetUrl": url}


def level(code: str) -> dict[str, object]:
    framework, scheme, value = code.rsplit("/", 2)
    url = f"{REGISTRY}/frameworks/{framework}/levels/{scheme}/{value}"
    return {"type": ["Alignment"], "targetType": "CFRubricCriterionLevel", "targetCode": code, "targetUrl": url}


def judge(
    snapshot: Snapshot, *alignments: object, at: datetime = INSIDE, key_id: str | None = KEY_ID, **more: object
) -> str:
    achievement = {"alignment": list(alignments), **{name: value for name, value in more.items() if name != "result"}}
    result = more.get("result", [])
    return standing(snapshot, PROVIDER, achievement, result, key_id=key_id, at=at).reason


DATA = Scope("dss-p/2.0")
LEVELLED = Scope("itss/3", None, None, "itss", "3")


def test_an_accredited_provider_is_accredited_for_what_its_scope_covers() -> None:
    assert judge(snapshot_of(DATA), item("dssp2-2.2-01")) == "accredited"
    assert judge(snapshot_of(Scope("dss-p/2.0", frozenset({"dssp2-2.2"}), None)), item("dssp2-2.2-01")) == "accredited"
    assert (
        judge(snapshot_of(Scope("dss-p/2.0", None, frozenset({"dssp2-2.2-01"}))), item("dssp2-2.2-01")) == "accredited"
    )


@pytest.mark.parametrize(
    "alignments",
    [
        [item("dssp1-2.2-01", "dss-p/1.2")],
        [item("dssp2-2.2-01"), item("itss3-01", "itss/3")],
        [item("dssp2-9.9-99")],
        [item("dssp2-2.2-01", "dss-p/9")],
        [{"targetType": "CFItem", "targetUrl": "https://elsewhere.example/skills/1"}],
        [],
    ],
)
def test_what_the_scope_does_not_name_is_out_of_scope(alignments: list[object]) -> None:
    assert judge(snapshot_of(DATA), *alignments) == "out-of-scope"


def test_an_area_or_item_covers_nothing_beside_it() -> None:
    area = snapshot_of(Scope("dss-p/2.0", frozenset({"dssp2-2.1"}), None))

    assert judge(area, item("dssp2-2.2-01")) == "out-of-scope"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("itss/3/itss/3", "accredited"),
        ("itss/3/itss/1", "accredited"),
        ("itss/3/itss/4", "level-too-high"),
        ("itss/3/demo-itss/1", "level-too-high"),
        ("itss/3/itss/99", "out-of-scope"),
    ],
)
def test_a_level_is_covered_up_to_the_highest_of_its_own_scheme(code: str, reason: str) -> None:
    assert judge(snapshot_of(LEVELLED), item("itss3-01", "itss/3"), level(code)) == reason


def test_a_level_of_a_framework_without_one_in_scope_is_too_high() -> None:
    assert judge(snapshot_of(DATA), item("dssp2-2.2-01"), level("itss/3/itss/1")) == "level-too-high"


def test_the_level_that_was_reached_counts_and_the_ones_that_were_not_do_not() -> None:
    rubric = [
        {"id": "urn:low", "alignment": [level("itss/3/itss/2")]},
        {"id": "urn:high", "alignment": [level("itss/3/itss/5")]},
    ]
    described = {"resultDescription": [{"rubricCriterionLevel": rubric}]}
    snapshot = snapshot_of(LEVELLED)

    assert (
        judge(snapshot, item("itss3-01", "itss/3"), **described, result=[{"achievedLevel": "urn:low"}]) == "accredited"
    )
    assert (
        judge(snapshot, item("itss3-01", "itss/3"), **described, result=[{"achievedLevel": "urn:high"}])
        == "level-too-high"
    )
    aligned = [{"alignment": level("itss/3/itss/6")}]
    assert judge(snapshot, item("itss3-01", "itss/3"), result=aligned) == "level-too-high"


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (START, "accredited"),
        (START - timedelta(seconds=1), "not-accredited"),
        (END - timedelta(seconds=1), "accredited"),
        (END, "not-accredited"),
    ],
)
def test_an_accreditation_holds_from_its_first_moment_and_not_at_its_end(at: datetime, reason: str) -> None:
    assert judge(snapshot_of(DATA), item("dssp2-2.2-01"), at=at, key_id=None) == reason


UP_TO_2, UP_TO_4 = (
    Scope("itss/3", None, frozenset({code}), "itss", top) for code, top in (("itss3-01", "2"), ("itss3-02", "4"))
)


def test_a_level_of_one_item_is_not_lent_to_another() -> None:
    signer = accreditor_signer()
    given = tuple(
        read_accreditation(accredit(signer, *group), PROVIDER, [did_of(signer)], REGISTRY)
        for group in apart([UP_TO_2, UP_TO_4])
    )
    [provider] = snapshot_of(DATA).providers.values()
    both = replace(snapshot_of(DATA), providers={PROVIDER: replace(provider, accreditations=given)})

    def reached(code: str, step: str) -> str:
        return judge(both, item(code, "itss/3"), level(f"itss/3/itss/{step}"), key_id=None)

    assert [reached("itss3-01", "2"), reached("itss3-02", "4")] == ["accredited", "accredited"]
    assert reached("itss3-01", "3") == "level-too-high"
    assert judge(both, item("itss3-01", "itss/3"), item("itss3-02", "itss/3"), level("itss/3/itss/3"), key_id=None) == (
        "level-too-high"
    )


def test_scopes_that_one_list_would_mix_stand_in_credentials_of_their_own() -> None:
    whole = Scope("itss/3", None, None, "itss", "2")
    other_scheme = Scope("itss/3", None, None, "demo-itss", "4")

    assert apart([UP_TO_2, UP_TO_4, DATA]) == [[UP_TO_2, DATA], [UP_TO_4]]
    assert apart([DATA, whole, other_scheme]) == [[DATA, whole, other_scheme]]
    assert apart([whole, Scope("itss/3", None, None, "itss", "4")]) == [
        [whole],
        [Scope("itss/3", None, None, "itss", "4")],
    ]
    assert apart([whole, Scope("itss/3")]) == [[whole], [Scope("itss/3")]]
    with pytest.raises(ValueError, match="apart"):
        accredit(accreditor_signer(), UP_TO_2, UP_TO_4)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/frameworks/dss-p/2.0/items/dssp2-2.2-01",
        f"{REGISTRY}.evil.example/frameworks/dss-p/2.0/items/dssp2-2.2-01",
        f"https://evil.example/?x={REGISTRY}/frameworks/dss-p/2.0/items/dssp2-2.2-01",
        "https://evil.example/x#/frameworks/dss-p/2.0/items/dssp2-2.2-01",
        "urn:x:/frameworks/dss-p/2.0/items/dssp2-2.2-01",
        f"{REGISTRY}/frameworks/dss-p/2.0/items/dssp2-2.2-01?x",
        f"{REGISTRY}/frameworks/dss-p/2.0/items/dssp2-2.2-02",
        f"{REGISTRY}/frameworks/dss-p/2.0/../2.0/items/dssp2-2.2-01",
        None,
        ["x"],
    ],
)
def test_an_item_is_one_of_the_registrys_only_at_its_very_address(url: object) -> None:
    assert judge(snapshot_of(DATA), {**item("dssp2-2.2-01"), "targetUrl": url}) == "out-of-scope"


@pytest.mark.parametrize("change", [{"targetCode": "itss/3/itss/3"}, {"targetUrl": "https://evil.example/"}])
def test_a_level_is_one_of_the_registrys_only_where_code_and_address_agree(change: dict[str, str]) -> None:
    wrong = {**level("itss/3/itss/2"), **change}

    assert judge(snapshot_of(LEVELLED), item("itss3-01", "itss/3"), wrong) == "out-of-scope"


@pytest.mark.parametrize("achieved", ["urn:nowhere", [], {"id": "urn:low"}, None, 3, ["urn:low"]])
def test_a_result_that_points_nowhere_hides_no_level(achieved: object) -> None:
    rubric = [{"id": "urn:low", "alignment": [level("itss/3/itss/2")]}, {"id": [], "alignment": []}, {"id": {}}]
    described = {"resultDescription": [{"rubricCriterionLevel": rubric}]}

    found = judge(snapshot_of(LEVELLED), item("itss3-01", "itss/3"), **described, result=[{"achievedLevel": achieved}])

    assert found == "out-of-scope"


def test_a_suspension_ends_the_standing_for_its_time_only() -> None:
    snapshot = snapshot_of(DATA, suspensions=(Window(INSIDE, INSIDE + timedelta(days=1)),))

    assert judge(snapshot, item("dssp2-2.2-01"), at=INSIDE) == "suspended"
    assert judge(snapshot, item("dssp2-2.2-01"), at=INSIDE + timedelta(days=1)) == "accredited"


def test_the_key_must_be_registered_within_its_window_and_not_compromised() -> None:
    snapshot, compromised = snapshot_of(DATA), snapshot_of(DATA, revoked=END)

    assert judge(snapshot, item("dssp2-2.2-01"), key_id=f"{PROVIDER}#k9") == "key-not-registered"
    assert judge(snapshot, item("dssp2-2.2-01"), at=END) == "key-not-valid"
    assert judge(compromised, item("dssp2-2.2-01")) == "key-not-valid"


def test_a_stranger_is_unknown() -> None:
    found = standing(snapshot_of(DATA), "did:web:stranger.example", {}, [], key_id=None, at=INSIDE)

    assert (found.standing, found.reason) == (Standing.UNKNOWN, "not-in-register")


@pytest.mark.parametrize(
    "scope", [DATA, LEVELLED, Scope("dss-l/1", frozenset({"dssl1-ms"}), frozenset({"dssl1-why-01"}))]
)
def test_a_snapshot_reads_back_as_it_was_written(scope: Scope) -> None:
    snapshot = snapshot_of(scope, suspensions=(Window(START, END), Window(END)), revoked=END)
    registry = local_signer(generate(Algorithm.P256), f"{REGISTRY}#k1")
    jws = write_snapshot(snapshot, registry)

    assert read_snapshot(jws, registry.public) == read_snapshot(jws, None)
    [provider] = read_snapshot(jws, None).providers.values()
    [original] = snapshot.providers.values()
    assert (provider.keys, provider.suspensions) == (original.keys, original.suspensions)
    assert [one.window for one in provider.accreditations] == [Window(START, END)]
    [read] = provider.accreditations[0].scopes
    assert (read.framework, read.areas or None, read.items or None) == (scope.framework, scope.areas, scope.items)
    assert (read.scheme, read.highest) == (scope.scheme, scope.highest)


def test_a_snapshot_of_another_key_is_refused() -> None:
    registry, other = (local_signer(generate(Algorithm.ED25519), f"{REGISTRY}#k1") for _ in range(2))

    with pytest.raises(BadgeError) as refused:
        read_snapshot(write_snapshot(snapshot_of(DATA), registry), other.public)

    assert refused.value.code == "bad-signature"


@pytest.mark.parametrize(
    "payload",
    [
        b"{}",
        b'{"type":"AkashiRegistrySnapshot","accreditors":[],"providers":[{}],"number":1,"issued":"x","registry":""}',
        b'{"type":"AkashiRegistrySnapshot","accreditors":[],"providers":[],"number":true,"issued":"x","registry":""}',
        b'{"type":"AkashiRegistrySnapshot","accreditors":[5],"providers":[],"number":1,"issued":"x","registry":""}',
        b'{"type":"x","accreditors":[],"providers":[],"number":1,"issued":"2026-01-01T00:00:00Z","registry":""}',
        b'{"type":"AkashiRegistrySnapshot","accreditors":[],"providers":[],"number":1,"issued":"2026-01-01","registry":""}',
    ],
)
def test_signed_nonsense_is_no_snapshot(payload: bytes) -> None:
    from badges.proof import jwt

    registry = local_signer(generate(Algorithm.ED25519), f"{REGISTRY}#k1")

    with pytest.raises(BadgeError) as refused:
        read_snapshot(jwt.sign_jws(payload, registry), registry.public)
    with pytest.raises(BadgeError) as keyless:
        read_snapshot(jwt.sign_jws(payload, registry), None)

    assert refused.value.code == keyless.value.code == "bad-snapshot"


def test_an_accreditation_that_nobody_listed_signed_is_left_out_of_the_snapshot() -> None:
    snapshot, registry = snapshot_of(DATA), local_signer(generate(Algorithm.ED25519), f"{REGISTRY}#k1")
    unlisted = Snapshot(snapshot.number, snapshot.issued, snapshot.registry, snapshot.providers, frozenset())

    [provider] = read_snapshot(write_snapshot(unlisted, registry), registry.public).providers.values()

    assert provider.accreditations == ()


def test_an_accreditation_counts_only_for_its_own_provider() -> None:
    signer = accreditor_signer()

    with pytest.raises(ClaimsError) as refused:
        read_accreditation(accredit(signer, DATA), "did:web:other.example", [did_of(signer)], REGISTRY)

    assert refused.value.code == "not-this-accreditation"


def test_another_kind_of_badge_is_no_accreditation() -> None:
    signer = accreditor_signer()
    plain = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000002",
        "type": ["VerifiableCredential"],
        "issuer": did_of(signer),
        "validFrom": "2026-04-01T00:00:00Z",
        "credentialSubject": {"id": PROVIDER},
    }

    with pytest.raises(ClaimsError) as refused:
        read_accreditation(sign(plain, signer, Mechanism.VC_JWT), PROVIDER, [did_of(signer)], REGISTRY)

    assert refused.value.code == "not-this-accreditation"


def test_an_accreditation_that_mixes_two_levels_is_refused() -> None:
    signer = accreditor_signer()
    unsigned = build_accreditation(
        id="urn:uuid:00000000-0000-4000-8000-000000000001",
        accreditor=Profile(id=did_of(signer), name="x"),
        provider=PROVIDER,
        scopes=[UP_TO_2],
        registry=REGISTRY,
        valid_from="2026-04-01T00:00:00Z",
        valid_until=None,
    )
    listed = unsigned["credentialSubject"]["achievement"]["alignment"]
    listed += [{"targetName": "x", **item("itss3-02", "itss/3")}, {"targetName": "x", **level("itss/3/itss/4")}]

    with pytest.raises(ClaimsError) as refused:
        read_accreditation(sign(unsigned, signer, Mechanism.VC_JWT), PROVIDER, [did_of(signer)], REGISTRY)

    assert refused.value.code == "unknown-scope"


def test_an_accreditation_up_to_no_known_level_is_refused() -> None:
    signer = accreditor_signer()
    unsigned = build_accreditation(
        id="urn:uuid:00000000-0000-4000-8000-000000000001",
        accreditor=Profile(id=did_of(signer), name="x"),
        provider=PROVIDER,
        scopes=[LEVELLED],
        registry=REGISTRY,
        valid_from="2026-04-01T00:00:00Z",
        valid_until=None,
    )
    text = sign(unsigned, signer, Mechanism.VC_JWT)
    assert read_accreditation(text, PROVIDER, [did_of(signer)], REGISTRY).window == Window(START)
    unsigned["credentialSubject"]["achievement"]["alignment"][1]["targetCode"] = "itss/3/itss/77"

    with pytest.raises(ClaimsError) as refused:
        read_accreditation(sign(unsigned, signer, Mechanism.VC_JWT), PROVIDER, [did_of(signer)], REGISTRY)

    assert refused.value.code == "unknown-scope"
