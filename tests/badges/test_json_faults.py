"""Where strict JSON was broken: the place is told, whatever else is wrong."""

import pytest

from badges.json_faults import find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"a":1,"a":2}', ("duplicate-member", "/a")),
        (b'{"x":[{},{"a":1,"\\u0061":2}]}', ("duplicate-member", "/x/1/a")),
        (b'{"a/b~":{"c":1,"c":1}}', ("duplicate-member", "/a~1b~0/c")),
        (b'{"deep":{"b":1,"b":1},"a":1,"a":1}', ("duplicate-member", "/a")),
        (b"[1,NaN]", ("not-finite", "/1")),
        (b'{"a":-Infinity}', ("not-finite", "/a")),
        (b'{"a":"\\ud800"}', ("lone-surrogate", "/a")),
        (b'{"a":{"\\udfff":1}}', ("lone-surrogate", "/a")),
        (b"NaN", ("not-finite", "")),
        (b'{"a":1}', ("not-json", "")),
        (b"{", ("not-json", "")),
        (b'{"a":1} x', ("not-json", "")),
        (b"\xff", ("not-json", "")),
        (b"[" * 100_000, ("not-json", "")),
        (b'{"a":' + b"1" * 10_000 + b',"a":1}', ("duplicate-member", "/a")),
        ('{"a":"\U0001f393証"}'.encode(), ("not-json", "")),
    ],
)
def test_the_first_fault_is_named_with_its_place(text: bytes, expected: tuple[str, str]) -> None:
    assert find(text) == expected
