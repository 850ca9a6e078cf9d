"""Skill standards: nothing lost on the way in, and levels that are never bare numbers."""

from datetime import date
from pathlib import Path

import orjson
import pytest

from schemas.frameworks import (
    FRAMEWORKS,
    Crossing,
    IncomparableLevelsError,
    Level,
    UnknownAreaError,
    UnknownFrameworkError,
    UnknownItemError,
    UnknownLevelError,
    compare,
    crosswalk,
    exams,
    framework,
    level_name,
    parse_level,
)


# The counts that METI and IPA publish: 23 items of DSS-L, 49 of DSS-P 1.x, 67 of 2.0, 11 job categories of ITSS V3.
def test_the_standards_are_complete() -> None:
    assert {key: len(one.items) for key, one in FRAMEWORKS.items()} == {
        "dss-l/1": 23,
        "dss-p/1.2": 49,
        "dss-p/2.0": 67,
        "itss/3": 11,
    }


@pytest.mark.vectors
def test_every_item_came_in_with_its_names_and_how_sure_it_is(shared: Path) -> None:
    folder = shared / "skill-standards"
    literacy = orjson.loads((folder / "dss-l.json").read_bytes())
    collected = {
        item["id"]: (item["ja"], item["en"], item["verified"])
        for area in literacy["areas"]
        for group in area["groups"]
        for item in group["items"]
    }

    assert {item.id: (item.name.ja, item.name.en, item.verified) for item in framework("dss-l/1").items} == collected


@pytest.mark.vectors
def test_every_item_of_the_promotion_standard_came_in(shared: Path) -> None:
    promotion = orjson.loads((shared / "skill-standards/dss-p.json").read_bytes())

    for key, version in (("dss-p/1.2", "v1"), ("dss-p/2.0", "v2")):
        collected = {
            skill["id"]: skill["ja"]
            for category in promotion[version]["skills"]
            for sub in category["subcategories"]
            for skill in sub["skills"]
        }
        assert {item.id: item.name.ja for item in framework(key).items} == collected


def test_every_item_stands_in_an_area_of_its_framework() -> None:
    lost = [
        item.id for one in FRAMEWORKS.values() for item in one.items if item.area not in {area.id for area in one.areas}
    ]

    assert lost == []


def test_only_itss_has_a_scale_of_its_own() -> None:
    assert [key for key, one in FRAMEWORKS.items() if one.has_scale] == ["itss/3"]


def test_a_framework_is_equal_to_itself_alone() -> None:
    assert framework("dss-l/1") == FRAMEWORKS["dss-l/1"] != framework("dss-p/2.0")


def test_an_item_is_found_by_its_id() -> None:
    assert framework("dss-p/2.0").item("dssp2-2.2-01").name.ja == "数理統計・多変量解析・データ可視化"


def test_a_level_is_said_in_full_words() -> None:
    assert level_name(parse_level("itss/3/itss/3")).ja == "ITSS V3 レベル3"
    assert "デモ" in level_name(Level("itss/3", "demo-itss", "3")).ja
    assert Level("itss/3", "itss", "3").code == "itss/3/itss/3"


def test_levels_of_one_scale_are_ordered() -> None:
    low, high = parse_level("itss/3/itss/2"), parse_level("itss/3/itss/5")

    assert compare(low, high) < 0 < compare(high, low)
    assert compare(low, low) == 0


def test_levels_of_different_scales_are_never_compared() -> None:
    with pytest.raises(IncomparableLevelsError):
        compare(parse_level("itss/3/itss/2"), parse_level("itss/3/demo-itss/2"))


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownFrameworkError) as standard:
        framework("dss-p/2")
    with pytest.raises(UnknownItemError) as item:
        framework("dss-p/2.0").item("dssp2-2.2-1")
    with pytest.raises(UnknownAreaError) as area:
        framework("dss-p/2.0").area("dssp2-2.22")
    with pytest.raises(UnknownLevelError) as level:
        parse_level("itss/3/itss/8")
    with pytest.raises(UnknownFrameworkError):
        parse_level("")
    with pytest.raises(UnknownLevelError) as scaleless:
        framework("dss-l/1").level("dss-l", "1")

    assert (standard.value.nearest, item.value.nearest) == ("dss-p/2.0", "dssp2-2.2-01")
    assert area.value.nearest == framework("dss-p/2.0").area("dssp2-2.2").id
    assert level.value.nearest.startswith("itss/")
    assert scaleless.value.nearest == ""


@pytest.mark.parametrize("words", ["機械学習", "機械学習・深層学習"])
def test_an_item_is_found_by_its_name_too(words: str) -> None:
    with pytest.raises(UnknownItemError) as item:
        framework("dss-p/2.0").item(words)

    assert item.value.suggestion == "dssp2-2.2-02 (機械学習・深層学習)"


def test_thirty_items_kept_their_name_between_the_versions() -> None:
    kept = [item.id for item in framework("dss-p/1.2").items if crosswalk(item.id)[0].relation == "same"]

    assert len(kept) == 30
    assert crosswalk("dssp1-2.2-01") == (Crossing("dssp1-2.2-01", "same", "dssp2-2.2-01"),)
    assert crosswalk("dssp2-2.2-01") == (Crossing("dssp2-2.2-01", "same", "dssp1-2.2-01"),)


def test_an_item_that_nobody_has_matched_has_no_counterpart() -> None:
    assert crosswalk("dssp1-1.1-01") == (Crossing("dssp1-1.1-01", "none", ""),)
    assert crosswalk("dssl1-ms-01") == ()


def test_the_examinations_of_today_end_with_the_fiscal_year() -> None:
    today, after = exams(date(2026, 11, 24)), exams(date(2027, 4, 1))

    assert {"IP", "FE", "AP"} <= {exam.id for exam in today}
    assert {exam.id for exam in today} & {exam.id for exam in after} == set()


def test_an_advanced_examination_alone_is_not_level_4() -> None:
    levels = {
        exam.id: (exam.level.value if exam.level else None, exam.needs_practice) for exam in exams(date(2026, 11, 24))
    }

    assert levels["AP"] == ("3", False)
    assert all(needs for value, needs in levels.values() if value == "4")
