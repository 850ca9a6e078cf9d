"""Requirements against badges: the cases that the page's counterpart reads too."""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from badges.accreditation import Standing
from schemas.frameworks import FRAMEWORKS
from verifier.report import Verdict
from verifier.requirement_json import RequirementError, parse_requirements
from verifier.requirements import SeenBadge, check_requirement

CASES = orjson.loads((Path(__file__).parent / "requirements.json").read_bytes())
NOW = datetime.fromisoformat(CASES["now"])


def badge(name: str) -> SeenBadge:
    """Return a badge of the cases, as the report on it shows it."""
    written = CASES["badges"][name]
    shown = None if written.get("shown") is False else shown_of(written)
    held = written["holder"] == "proven"
    return SeenBadge(Verdict(written["verdict"]), Standing(written["atIssue"]), Standing(written["now"]), shown, held)


def shown_of(written: dict[str, Any]) -> dict[str, object]:
    """Return what a person is shown of it."""
    skills = [(code, True) for code in written["skills"]] + [(code, False) for code in written.get("claimed", [])]
    return {
        "achievement": {"type": written["type"]},
        "skills": [
            {"framework": code.rpartition("/")[0], "item": code.rpartition("/")[2], "known": known}
            for code, known in skills
        ],
        "levels": [{"code": code, "known": True} for code in written["levels"]],
        "validFrom": written["validFrom"],
    }


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_badges_meet_a_requirement_or_are_told_what_they_lack(case: dict[str, Any]) -> None:
    [requirement] = parse_requirements(case["requirement"])

    result = check_requirement(requirement, [badge(name) for name in case["badges"]], NOW)

    found = [
        [
            {"badges": list(line.badges)}
            if line.met
            else {"badges": [], "nearest": line.nearest.badge, "reasons": list(line.nearest.reasons)}
            if line.nearest
            else {"badges": [], "nearest": None}
            for line in lines
        ]
        for lines in result.alternatives
    ]
    assert (result.met, found) == (case["met"], case["lines"])


@pytest.mark.parametrize("fault", CASES["faults"], ids=lambda fault: f"{fault['code']} {fault['pointer']}")
def test_a_requirement_that_is_not_well_made_is_refused_with_its_place(fault: dict[str, Any]) -> None:
    with pytest.raises(RequirementError) as refused:
        parse_requirements(fault["requirement"])

    assert (refused.value.pointer, refused.value.code) == (fault["pointer"], fault["code"])


def test_no_item_and_no_area_is_in_two_standards() -> None:
    items = [item.id for standard in FRAMEWORKS.values() for item in standard.items]
    areas = [area.id for standard in FRAMEWORKS.values() for area in standard.areas]

    assert (len(items), len(areas)) == (len(set(items)), len(set(areas)))
