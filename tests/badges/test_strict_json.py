"""JSON that two parsers could read differently is refused, whatever it looks like, and quickly."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import MalformedDocumentError
from badges.strict_json import MAX_MEMBERS, dump, parse, parse_object

LEAVES = st.text() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.none()
# Names that look like structure, and few of them, so that they meet in one object.
NAMES = st.sampled_from(["a", "b", "", ":", '"', "\\", '":', "{", "\\u0061", '\\"'])


class Members(list[tuple[str, object]]):
    """An object as it is written: members in order, a name perhaps twice."""


def write(value: object, space: str, *, escape: bool) -> str:
    """Write JSON by hand, so that a name may stand twice and be spelt in two ways."""
    if isinstance(value, Members):
        names = [json.dumps(name, ensure_ascii=escape) for name, _ in value]
        values = [write(one, space, escape=escape) for _, one in value]
        members = [f"{name}{space}:{space}{one}" for name, one in zip(names, values, strict=True)]
        return "{" + f",{space}".join(members) + "}"
    if isinstance(value, list):
        return "[" + f"{space},".join(write(one, space, escape=escape) for one in value) + "]"
    return json.dumps(value, ensure_ascii=escape)


JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(NAMES, inner), max_size=4).map(Members),
    max_leaves=12,
)


def has_duplicate(text: str) -> bool:
    """Ask Python's own parser, which shows every member."""
    found: list[bool] = []

    def note(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found.append(len(dict(pairs)) != len(pairs))
        return dict(pairs)

    json.loads(text, object_pairs_hook=note)  # noqa: TID251 - the oracle: its hook sees every member
    return any(found)


def code_of(data: bytes | str, **limits: int) -> str | None:
    try:
        parse(data, **limits)
    except MalformedDocumentError as error:
        return error.code
    return None


@given(value=JSON, escape=st.booleans(), space=st.sampled_from(["", " ", "\n\t"]))
def test_a_member_that_stands_twice_is_found_exactly_when_python_finds_it(
    *, value: object, escape: bool, space: str
) -> None:
    text = write(value, space, escape=escape)

    code = code_of(text)

    if code not in {"nul-character", "not-utf-8", "not-json"}:
        assert (code == "duplicate-member") is has_duplicate(text), text
        assert code in {None, "duplicate-member"}


@given(st.binary(max_size=200) | st.text(alphabet='{}[]:,"\\ua0e+-.', max_size=60).map(str.encode))
def test_what_is_accepted_python_reads_alike(data: bytes) -> None:
    try:
        value = parse(data)
    except MalformedDocumentError:
        return

    assert json.loads(data) == value  # noqa: TID251 - the oracle
    assert not has_duplicate(data.decode())


@given(JSON)
def test_our_own_text_comes_back(value: object) -> None:
    try:
        text = dump(_plain(value))
    except MalformedDocumentError:
        return

    assert code_of(text) in {None, "nul-character"}


def _plain(value: object) -> object:
    if isinstance(value, Members):
        return {name: _plain(one) for name, one in value}
    return [_plain(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":2}', "duplicate-member"),
        (b'{"a":1,"\\u0061":2}', "duplicate-member"),
        (b'{"a":{"b":":","b":1}}', "duplicate-member"),
        (b'[{"a":1,"a":1}]', "duplicate-member"),
        (b"NaN", "not-finite"),
        (b"[Infinity]", "not-finite"),
        (b"[-Infinity]", "not-finite"),
        (b"[1e999]", "not-json"),
        (b'["\\ud800"]', "lone-surrogate"),
        (b'["\\udc00\\ud800"]', "lone-surrogate"),
        (b'["\xed\xa0\x80"]', "not-json"),
        (b'["\xff"]', "not-json"),
        (b"{} {}", "not-json"),
        (b"[1,]", "not-json"),
        (b"// x\n{}", "not-json"),
        (b"", "not-json"),
        (b'["\\u0000"]', "nul-character"),
        (b'["\\\\\\u0000"]', "nul-character"),
        (b'["\0"]', "not-utf-8"),
        (b"\xef\xbb\xbf{}", "not-utf-8"),
        ("{}".encode("utf-16"), "not-utf-8"),
        ("{}".encode("utf-16-le"), "not-utf-8"),
        ("{}".encode("utf-32"), "not-utf-8"),
        (b"[" * 33 + b"]" * 33, "too-deep"),
        (b"[" * 20_000, "too-deep"),
        (b"[0.12345678901234567890123456789]", "too-long-number"),
        (b"1" * 5000, "not-json"),
    ],
)
def test_what_parsers_disagree_on_is_refused(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_a_lone_surrogate_in_a_text_is_refused() -> None:
    assert code_of('{"a":"\ud800"}') == "not-utf-8"


def test_what_only_looks_like_it_is_accepted() -> None:
    assert parse('["\\\\u0000"]') == ["\\u0000"]
    assert parse('{"a":"\\"a\\":1,{[","b":1.5}') == {"a": '"a":1,{[', "b": 1.5}
    assert parse(b"[" * 32 + b"]" * 32)
    assert parse("[" + ",".join(["[]"] * 40) + "]")
    assert parse(' {"a" : {} } ') == {"a": {}}


def test_an_object_is_asked_for() -> None:
    assert parse_object('{"a":1}') == {"a": 1}
    with pytest.raises(MalformedDocumentError) as caught:
        parse_object("[]")
    assert caught.value.code == "not-an-object"


def test_text_beyond_the_limit_is_refused_and_a_larger_limit_allows_more_members() -> None:
    many = "[" + ",".join(['{"a" : 1}'] * (MAX_MEMBERS + 1)) + "]"

    assert code_of("[]", max_bytes=1) == "too-large"
    assert code_of(many) == "too-many-members"
    assert code_of(many.replace(" ", "")) == "too-many-members"
    assert code_of(many, max_bytes=8 * 1_048_576) is None


def test_what_json_cannot_hold_is_not_written() -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        dump({"a": "\ud800"})

    assert caught.value.code == "not-json"


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":"' + b'\\"' * 500_000,
        b'"' + b'\\"' * 500_000 + b"\\",
        b"[" * 1_000_000,
        b'"' * 1_000_001,
        b'{"a":' * 200_000,
        b'["' + b"\\\\" * 500_000 + b'"]',
        b"{" + b",".join(b'"%d" :1' % number for number in range(9_000)) + b"}",
        b'"' + b"\\" * 1_000_000,
    ],
)
def test_hostile_text_is_answered_in_a_moment(data: bytes) -> None:
    start = time.process_time()

    code_of(data)

    assert time.process_time() - start < 1


@pytest.mark.vectors
def test_the_test_suite_of_parsing_json_is_read_as_it_says(shared: Path) -> None:
    files = sorted((shared / "vectors/JSONTestSuite/test_parsing").glob("*.json"))

    accepted = {file.name for file in files if code_of(file.read_bytes()) is None}
    must = {file.name for file in files if file.name.startswith("y_")}

    assert len(files) > 300
    assert not {name for name in accepted if name.startswith("n_")}
    # What we refuse more than the grammar: a name twice, the character NUL, a number of 80 digits.
    assert must - accepted == {
        "y_number_double_close_to_zero.json",
        "y_object_duplicated_key.json",
        "y_object_duplicated_key_and_value.json",
        "y_object_escaped_null_in_key.json",
        "y_string_null_escape.json",
    }


@pytest.mark.vectors
def test_the_json_attacks_are_refused_for_their_reason(shared: Path) -> None:
    folder = shared / "vectors/ob-attack"

    files = [file for file in sorted(folder.glob("js-*.json")) if "aux" not in file.name]
    codes = {file.name[:6]: code_of(file.read_bytes()) for file in files}

    assert codes == {
        "js-001": "duplicate-member",
        "js-002": "duplicate-member",
        "js-004": "not-utf-8",
        "js-005": "not-finite",
        "js-006": "not-json",
        "js-007": "lone-surrogate",
        "js-009": "too-deep",
        "js-011": "not-json",
    }
