"""`akashi verify --record`: a record repeated, then and today, and what is said of one that is none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from akashi.cli import main

EXAMPLE = Path(__file__).parents[2] / "docs/example"
PAGES = ["--pages", str(EXAMPLE / "pages.json")]
REGISTRY = ["--registry", str(EXAMPLE / "registry.jws")]
DAY = ["--now", "2026-11-24T00:00:00Z", "--language", "en"]
RULE = {
    "any_of": [{"all_of": [{"skill": "dssp2-2.2-01", "min_level": 2}]}],
    "issuer_policy": "accredited at issue time",
}

Record = Callable[..., str]


@pytest.fixture
def record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Record:
    """Write the record that a page would make of files of the example; `changed` is what is forged in it."""

    def write(*files: str, **changed: Any) -> str:
        main(["verify", *PAGES, *REGISTRY, *DAY, "--json", *(str(EXAMPLE / file) for file in files)])
        reports = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
        badges = [
            {
                "text": (EXAMPLE / file).read_text(),
                "verdict": one["verdict"],
                "standing": one["standing"],
                "holder": "bearer",
                "findings": [{"params": {}, "at": "", **finding} for finding in one["findings"]],
            }
            for file, one in zip(files, reports, strict=True)
        ]
        content = {
            "type": "AkashiVerificationRecord",
            "version": 1,
            "checkedAt": "2026-11-24T00:00:00Z",
            "checkedBy": "page",
            "verifier": "https://verify.example",
            "registry": reports[0]["registry"],
            "statusLists": reports[0]["statusLists"],
            "presentation": None,
            "share": None,
            "badges": badges,
            "requirement": {"rule": RULE, "result": {"met": True}},
        }
        path = tmp_path / "record.json"
        path.write_bytes(orjson.dumps(content | changed))
        return str(path)

    return write


def repeat(*arguments: str) -> int:
    return main(["verify", *PAGES, *REGISTRY, "--language", "en", "--record", *arguments])


def test_a_record_repeated_says_that_all_is_the_same(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    assert repeat(record("badge.jwt"), "--now", "2026-11-24T00:00:00Z") == 0

    said = capsys.readouterr().out.splitlines()
    assert said == [
        "record of 2026-11-24T00:00:00Z, made by page at https://verify.example, register 1",
        "badge 1: recorded: verified; at issue: accredited; now: accredited; holder: bearer",
        "  as of then: the same",
        "  today: the same",
        "requirement: met; today: met",
    ]


def test_the_gravest_of_todays_ends_counts(record: Record) -> None:
    assert repeat(record("badge.jwt", "revoked.jwt"), "--now", "2026-11-24T00:00:00Z") == 1


def test_what_has_changed_since_is_told_with_its_reason(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    assert repeat(record("badge.jwt"), "--now", "2026-10-01T00:00:00Z") == 1

    said = capsys.readouterr().out
    assert "  as of then: the same\n  today: changed\n    verdict     verified -> not-verified\n" in said
    assert "validity    passed (within-validity) -> failed (not-yet-valid): It is not valid yet" in said
    assert "requirement: met; today: not met" in said


def test_a_record_that_says_more_than_can_be_found_is_told(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(record("revoked.jwt"))
    content = orjson.loads(path.read_bytes())
    content["badges"][0]["verdict"] = "verified"
    path.write_bytes(orjson.dumps(content))

    assert repeat(str(path), "--now", "2026-11-24T00:00:00Z") == 1
    assert "  as of then: changed\n    verdict     verified -> not-verified\n" in capsys.readouterr().out


def test_with_another_register_the_recorded_time_is_not_repeated(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record("badge.jwt", registry={"number": 7, "of": "https://registry.example"})

    assert repeat(path, "--now", "2026-11-24T00:00:00Z") == 0
    said = capsys.readouterr().out
    assert "as of then: not repeated, because the register at hand is 1" in said
    assert "  as of then: " not in said


def test_a_presentation_that_cannot_be_read_proves_nothing(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(record("badge.jwt", presentation="{}"))
    content = orjson.loads(path.read_bytes())
    content["badges"][0]["holder"] = "proven"
    path.write_bytes(orjson.dumps(content))

    assert repeat(str(path), "--now", "2026-11-24T00:00:00Z") == 0
    assert "    holder      proven -> not-proven" in capsys.readouterr().out


def test_a_record_as_json_is_one_line_a_badge_and_one_for_the_requirement(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    assert repeat(record("badge.jwt"), "--now", "2026-11-24T00:00:00Z", "--json") == 0

    badge, requirement = map(orjson.loads, capsys.readouterr().out.splitlines())
    assert (badge["changedThen"], badge["changedToday"]) == ([], [])
    assert badge["today"]["statusLists"] == [
        {"url": "https://issuer.example/providers/kita/status/revocation/1", "validFrom": "2026-11-20T00:00:00Z"}
    ]
    assert requirement == {"requirement": {"recorded": True, "today": True}}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"type": "Other"}, "not-a-record at the top"),
        ({"version": 2}, "not-a-record at the top"),
        ({"badges": []}, "not-badges at /badges"),
        ({"badges": [1]}, "not-an-object at /badges/0"),
        ({"badges": [{"standing": {}}]}, "not-findings at /badges/0/findings"),
        ({"badges": [{"standing": {}, "findings": [], "holder": "me"}]}, "unknown-word at /badges/0/holder"),
        ({"badges": [{"standing": {}, "findings": [], "holder": "own"}]}, "not-a-text at /badges/0/text"),
        (
            {"badges": [{"standing": {}, "findings": [], "holder": "own", "text": "", "verdict": "good"}]},
            "unknown-word at /badges/0",
        ),
        ({"checkedAt": "yesterday"}, "not-a-time at /checkedAt"),
        ({"registry": {"number": "1"}}, "not-a-number at /registry/number"),
        ({"requirement": {"rule": RULE, "result": {"met": 1}}}, "unknown-word at /requirement/result/met"),
        ({"requirement": {"rule": {}, "result": {"met": True}}}, "missing at /requirement/rule/any_of"),
    ],
)
def test_a_file_that_is_no_record_is_refused_with_its_place(
    changed: dict[str, Any], error: str, record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    assert repeat(record("badge.jwt", **changed)) == 2
    assert error in capsys.readouterr().err


def test_a_file_that_is_no_json_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert repeat(str(EXAMPLE / "badge.jwt")) == 2
    assert "is no verification record: not-json at the top" in capsys.readouterr().err


def test_badges_or_a_record_but_not_both(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    assert repeat(record("badge.jwt"), str(EXAMPLE / "badge.jwt")) == 2
    assert main(["verify"]) == 2
    assert capsys.readouterr().err.count("give either badges or a record") == 2
