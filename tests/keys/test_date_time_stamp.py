"""xsd:dateTimeStamp: one form to read, one to write."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.date_time_stamp import parse, stamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T00:00:00Z", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-23T09:00:00+09:00", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-23T00:00:00.5Z", datetime(2026, 11, 23, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22T10:00:00-14:00", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_moment_with_its_zone_is_read(text: str, expected: datetime) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T00:00:00",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T23:59:60Z",
        "2026-11-23t00:00:00z",
        "2026-11-23 00:00:00Z",
        "2026-11-23T00:00:00+99:00",
        "2026-11-23T00:00:00+14:01",
        "2026-W48-1T00:00:00Z",
        "20261123T000000Z",
        "2026-11-23T00:00Z",
        "10000-01-01T00:00:00Z",
        "-2026-11-23T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+09:00",
        "9999-12-31T23:59:59-09:00",
        "2026-11-23T00:00:00." + "0" * 30 + "Z",
        "2026-11-23T00:00:00Z\n",
        "２０２６-11-23T00:00:00Z",
        "2026-11-23T00:00:00Z" + " " * 1_000_000,
    ],
)
def test_every_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)),  # noqa: DTZ001 - the zone follows
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_what_is_written_is_read_again(moment: datetime, zone: timezone) -> None:
    whole = moment.replace(microsecond=0, tzinfo=zone)

    assert parse(stamp(whole)) == whole
