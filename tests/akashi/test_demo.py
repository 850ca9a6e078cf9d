"""The demonstration ends as its data says, and each file of it again offline."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from akashi import cli
from akashi.app import open_house
from akashi.commands.demo import as_expected, checked
from akashi.demo import Demonstration, RefusalMissingError

WANTED = {
    "tampered_level": (1, "bad-signature"),
    "image_only": (1, "no-credential"),
    "other_issuer_key": (1, "key-not-listed"),
    "lookalike_name": (4, "not-in-register"),
    "self_issued": (4, "not-in-register"),
    "revoked": (1, "revoked"),
    "expired": (1, "expired"),
    "issued_while_suspended": (4, "suspended"),
    "out_of_scope": (4, "out-of-scope"),
    "someone_elses": (0, "holder-not-checked"),
    "old_key": (0, "accredited"),
    "old_framework": (0, "older-framework"),
    "status_unreachable": (3, "list-unreachable"),
}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demonstration")
    assert cli.main(["demo", "--data", str(data)]) == 0
    return data / "demo"


def verified(folder: Path, file: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    options = ["--pages", str(folder / "pages.json"), "--registry", str(folder / "registry.jws"), "--json"]
    code = cli.main(["verify", *options, str(folder / file)])
    return code, orjson.loads(capsys.readouterr().out)


@pytest.mark.parametrize("case", WANTED)
def test_every_case_ends_as_its_data_says(case: str, demonstration: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stem = case.replace("_", "-")
    [file] = [name for name in orjson.loads((demonstration / "manifest.json").read_bytes()) if name.startswith(stem)]

    code, report = verified(demonstration, file, capsys)

    wanted, reason = WANTED[case]
    assert code == wanted
    assert reason in {finding["code"] for finding in report["findings"]}


def test_the_cases_are_all_of_the_shared_data(shared: Path) -> None:
    data = orjson.loads((shared / "skill-standards" / "demo.json").read_bytes())

    assert {case["id"] for case in data["verification_cases"]} == set(WANTED)


def test_every_file_of_the_manifest_ends_with_its_exit_code(
    demonstration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = orjson.loads((demonstration / "manifest.json").read_bytes())

    ended = {file: verified(demonstration, file, capsys)[0] for file in manifest}

    assert ended == manifest
    assert len(manifest) > 60


def test_it_plays_again_over_the_same_folder(demonstration: Path) -> None:
    assert cli.main(["demo", "--data", str(demonstration.parent)]) == 0


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def test_it_plays_on_any_later_day_over_the_same_folder(tmp_path: Path) -> None:
    first = datetime(2026, 11, 24, 3, tzinfo=UTC)
    for days in (0, 1, 125, 128, 129, 200, 400):  # the accreditations of the data are due after 128 days
        house = open_house(tmp_path, "http://127.0.0.1:8000", clock=at(first + timedelta(days)))
        cases = Demonstration(house).play()

        reports = checked(house, cases)

        wrong = [case.name for case, report in zip(cases, reports, strict=True) if not as_expected(case, report)]
        assert (days, wrong) == (days, [])
        assert {case.name for case in cases} == {*WANTED, "good", "course"}


def test_a_verdict_that_is_not_the_expected_one_ends_it_with_1(
    demonstration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    genuine = Demonstration.built

    def without_tampering(self: Demonstration, provider: str, achievement: str, **options: object) -> object:
        credential, batch = genuine(self, provider, achievement, **options)
        return {**credential, "validUntil": "2001-01-01T00:00:00Z"}, batch

    monkeypatch.setattr(Demonstration, "built", without_tampering)

    assert cli.main(["demo", "--data", str(demonstration.parent)]) == 1
    assert "NOT AS EXPECTED" in capsys.readouterr().out


def test_it_fails_when_the_issuer_does_not_refuse(demonstration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("akashi.demo.issue", lambda *_: [object()])

    with pytest.raises(RefusalMissingError):
        Demonstration.refused(FakeDemonstration(), "p07", "c010", at=None)  # type: ignore[arg-type]  # the fake has what is used of it


class FakeDemonstration:
    issuing = None

    def provider(self, _slug: str) -> None:
        return None


def test_a_demonstration_that_was_broken_off_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    broken = Demonstration(open_house(data, "http://127.0.0.1:8000"))
    broken.enter(broken.content["providers"][0])

    assert cli.main(["demo", "--data", str(data), "--public-url", "http://127.0.0.1:8000"]) == 2
    assert "broken off" in capsys.readouterr().err
