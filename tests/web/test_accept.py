"""Content negotiation as RFC 9110 has it."""

import pytest

from badges.web.accept import preferred

JSON, JWT = "application/vc+ld+json", "application/vc+jwt"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        (JWT, JWT),
        (f"{JWT};q=0", JSON),
        (f"{JSON}, {JWT};q=0.5", JSON),
        (f"{JSON};q=0.4, {JWT};q=0.5", JWT),
        (f"{JSON}, {JWT}", JSON),
        ("text/html, image/*;q=0.8", JSON),
        (f"{JWT}, */*;q=0.1", JWT),
        (f"application/*, {JSON};q=0.1", JWT),
        ("APPLICATION/VC+JWT ; Q=1", JWT),
        (f"{JWT};q=nonsense", JSON),
        (f"{JWT};profile=x;q=0.9", JWT),
        (",;,=,/", JSON),
    ],
)
def test_the_type_that_weighs_most_is_sent(header: str, expected: str) -> None:
    assert preferred(header, (JSON, JWT)) == expected
