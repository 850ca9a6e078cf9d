"""Single fields of a credential, whatever its signer wrote there."""

from datetime import UTC, datetime

import pytest

from verifier import reading


@pytest.mark.parametrize("value", [None, 1, True, [], "", "2026-11-23", "2026-11-23T24:00:00Z"])
def test_what_is_no_date_is_none(value: object) -> None:
    assert reading.moment(value) is None


def test_a_date_with_its_zone_is_a_moment() -> None:
    assert reading.moment("2026-11-23T09:00:00+09:00") == datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("odd", [None, 1, True, "x", [], {}, [[]], [{}], [None, 1]])
def test_no_field_trips_over_what_it_does_not_expect(odd: object) -> None:
    for claims in ({"issuer": odd}, {"credentialSubject": odd}, {"credentialSubject": {"achievement": odd}}):
        assert reading.issuer_id(claims) in {"", "x"}
        assert reading.achievement(claims) == {}
        assert reading.results(claims) == []
        assert reading.types(odd) == []


def test_the_older_data_model_has_its_own_dates() -> None:
    claims = {"issuanceDate": "2026-11-23T00:00:00Z", "expirationDate": "2027-01-01T00:00:00Z"}

    assert reading.valid_from(claims) == datetime(2026, 11, 23, tzinfo=UTC)
    assert reading.valid_until_text(claims) == "2027-01-01T00:00:00Z"
