"""Forms of texts that JSON Schemas name."""

import pytest

from schemas.formats import is_date, is_date_time


@pytest.mark.parametrize("text", ["2024-02-29", "0001-01-01", "9999-12-31"])
def test_a_day_of_the_calendar_is_a_date(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["", "2026-02-29", "2026-1-1", "0000-01-01", "2026-11-0.", "２026-11-01", "2026-11-01\n"]
)
def test_nothing_else_is_a_date(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01T00:00:00Z",
        "2026-11-01t00:00:00.123456789012z",
        "2026-11-01T00:00:00-23:59",
        "2026-12-31T23:59:60Z",
        "2026-11-02T00:29:60+00:30",
        "2026-11-01T22:59:60-01:00",
    ],
)
def test_a_moment_with_its_zone_is_a_date_time(text: str) -> None:
    assert is_date_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-01",
        "2026-11-01T00:00:00",
        "2026-11-01 00:00:00Z",
        "2026-11-01T24:00:00Z",
        "2026-11-01T00:00Z",
        "2026-11-01T00:00:00Z\n",
        "2026-11-01T00:0-:00Z",
        "2026-11-0.T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-01T22:59:60Z",
        "2026-11-01T23:59:60+00:30",
    ],
)
def test_nothing_else_is_a_date_time(text: str) -> None:
    assert not is_date_time(text)
