"""Several reports together, as employers see them: the views of verifier/browser/src/view in a real page."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tests.browser import several
from tests.browser.conftest import Faults, Visit
from tests.browser.driving import READERS, saved
from verifier.record import parse_record

pytestmark = pytest.mark.browser

RULE = {
    "ja": "採用条件の例: データ分析担当",
    "en": "Hiring rule: data analyst",
    "any_of": [
        {
            "all_of": [
                {"skill": "dssp2-2.2-01", "min_level": 2},
                {"skill": "dssp2-2.2-02", "min_level": 4},
                {"skill": "dssp2-3.1-01", "newer_than": {"days": 730}},
                {"layer": 2},
            ]
        }
    ],
}
SHOW = """async ([badges, files, name, rule]) => {
  const views = await import("/static/app/views.js");
  await views.loadTexts();
  const sheet = document.createElement("link");
  Object.assign(sheet, { rel: "stylesheet", href: "/static/verifier/views.css" });
  await new Promise((done) => { sheet.onload = done; document.head.append(sheet); });
  const seen = badges.map(({ text, holder, report }) => (
    { text, holder, report: { ...report, credential: (language) => report.credential[language] } }
  ));
  const [frameworks, now] = [views.frameworksIn(files), new Date("2026-11-25T00:00:00Z")];
  const made = {
    summary: () => views.renderSummary(seen),
    map: () => views.renderSkillMaps(seen, frameworks),
    list: () => views.renderBadges(seen, { verifier: "https://verify.example", frameworks }),
    timeline: () => views.renderTimeline(seen, now),
    requirement: () => views.renderRequirementCheck({
      badges: seen, frameworks, now: () => now, requirement: views.parseRequirements(rule, frameworks)[0],
    }),
    record: () => {
      const [asked] = views.parseRequirements(rule, frameworks);
      const requirement = { asked, result: views.checkRequirement(asked, seen, frameworks, now) };
      const occasion = () => ({
        badges: seen, checkedAt: now, verifier: "https://verify.example", presentation: null, share: null, requirement,
      });
      // The blocks themselves, in place of a PDF.
      const makePdf = async (blocks) => new TextEncoder().encode(JSON.stringify(blocks));
      return views.renderRecord(occasion, { frameworks, makePdf });
    },
  };
  const title = document.createElement("h1");
  title.textContent = document.title;
  document.querySelector("main").replaceChildren(title, made[name]());
}"""

OPENING = "main details > summary, main .cell button, main .card-of-badge button, main form button[type=submit]"
Show = Callable[..., Any]


@pytest.fixture
def show(address: str, visit: Visit) -> Show:
    """Show a view of badges: `show("summary", [several.PYTHON], language="en", size="desk")`."""

    def open_view(name: str, badges: list[dict[str, Any]], *, language: str = "en", size: str = "desk") -> Any:
        page = visit(f"{address}/", language=language, size=size)
        page.evaluate(SHOW, [badges, several.FILES, name, RULE])
        return page

    return open_view


@pytest.mark.parametrize("reader", READERS, ids="-".join)
@pytest.mark.parametrize("name", ["summary", "map", "list", "timeline", "requirement", "record"])
def test_a_view_has_no_faults_and_fits_its_screen(
    name: str, reader: tuple[str, str], show: Show, faults: Faults
) -> None:
    page = show(name, several.MANY, language=reader[0], size=reader[1])
    for one in page.query_selector_all(OPENING):
        one.click()

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_the_summary_counts_and_names_what_is_not_proven(show: Show) -> None:
    page = show("summary", several.MANY)

    line = page.inner_text(".summary-line")
    assert line == (
        "verified, provider accredited: 4; verified, provider accredited, not proven whose it is: 1; "
        "verified, provider not accredited: 1; revoked: 1; could not be checked: 1"
    )
    said = page.inner_text(".possession")
    assert "Not proven whose they are: 1" in said
    assert "The same presenter holds the keys of the others: 7." in said
    assert "Machine learning engineering: completed: not proven whose it is" in said


def test_badges_that_are_all_the_presenters_are_said_to_be(show: Show) -> None:
    page = show("summary", [several.PYTHON, several.LITERACY], language="ja")

    assert "全件、同じ提示者が鍵を所持しています" in page.inner_text(".possession.tone-good")


def test_a_cell_of_the_skill_map_opens_the_badges_behind_it(show: Show) -> None:
    page = show("map", several.MANY)
    cell = page.get_by_role("button", name="Machine learning and deep learning, ITSS V3 level 4")

    cell.focus()
    page.keyboard.press("Enter")

    assert cell.get_attribute("aria-expanded") == "true"
    opened = page.inner_text(f"#{cell.get_attribute('aria-controls')}")
    assert "Machine learning engineering: completed, North School (example), not proven whose it is" in opened
    page.keyboard.press("Enter")
    assert not page.locator(f"#{cell.get_attribute('aria-controls')}").is_visible()


def test_the_whole_standard_is_shown_on_demand(show: Show) -> None:
    page = show("map", [several.PYTHON])

    assert not page.get_by_role("rowheader", name="Threat intelligence").is_visible()
    before = page.locator("tr:visible").count()
    page.get_by_role("button", name="Show every item of the standard").click()

    assert page.locator("tr:visible").count() > before + 60


def test_a_card_says_what_a_badge_is_worth_and_opens_its_report(show: Show) -> None:
    page = show("list", several.MANY)
    groups = page.locator(".badges-list > h2").all_inner_texts()
    card = page.locator(".card-of-badge", has_text="Basics of statistics")

    assert groups == [
        "Badges: DX Literacy Standard 1.x",
        "Badges: DX Promotion Skill Standard 2.0",
        "Badges that are not proven to be the presenter’s",
    ]
    said = card.inner_text()
    assert "Aomine Demo University Extension Centre" in said
    assert "No (in the register, but not accredited for this)" in said
    assert "20 December 2024" in said
    card.get_by_role("button", name="Show the full result: Basics of statistics: completed").press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H4"
    assert "Whoever shows this badge holds its key." in card.inner_text()
    assert "was not checked" not in card.inner_text()


def test_the_report_on_somebody_elses_badge_says_that_its_holder_was_not_checked(show: Show) -> None:
    page = show("list", [several.PYTHON, several.STRANGERS])
    page.locator(".card-of-badge button").last.click()

    assert "Whether the person who shows it is its holder was not checked." in page.inner_text(".in-place:visible")


def test_the_timeline_tells_the_end_and_the_revocation_in_words(show: Show) -> None:
    page = show("timeline", several.MANY)

    entries = [entry.inner_text().splitlines() for entry in page.query_selector_all(".timeline li")]
    assert [entry[0] for entry in entries][:2] == ["30 September 2026", "1 August 2026"]
    told = {entry[1]: entry[2:] for entry in entries}
    assert told["DX literacy for beginners: completed"] == [
        "valid, provider accredited",
        "good until 14 June 2028 (Japan time)",
    ]
    assert "revoked" in told["Introduction to cloud: completed"]


def test_a_requirement_is_told_line_by_line(show: Show) -> None:
    page = show("requirement", several.MANY)
    page.get_by_role("button", name="Check", exact=True).click()

    lines = [line.inner_text().splitlines() for line in page.query_selector_all(".lines-checked li")]
    assert page.evaluate("document.activeElement.textContent") == "The requirement is not met"
    assert [line[0] for line in lines] == ["Met", "Met (not proven whose it is)", "Not met", "Not met"]
    assert "“Data analysis with Python: completed” (the presenter holds its key)" in lines[0][2]
    assert lines[2][2] == "Nearest badge: “Introduction to cloud: completed”. What it lacks: it is not a valid badge"
    assert lines[3][2] == "There is no badge for this."


def test_a_requirement_is_made_with_the_keyboard_alone(show: Show) -> None:
    page = show("requirement", [several.FIELDWORK])
    for _ in range(4):
        page.get_by_role("button", name="Remove line 1").press("Enter")
    page.get_by_role("button", name="Check", exact=True).press("Enter")
    assert "A line asks nothing" in page.inner_text("[role=alert]")
    assert page.evaluate("document.activeElement.closest('label').innerText").startswith("Skill standard")

    page.get_by_label("Layer").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Check", exact=True).press("Enter")

    assert page.inner_text(".requirement-result h3") == "The requirement is met"


def rules(*layers: int) -> dict[str, Any]:
    """Return a file of rules, each asking for a layer."""
    content = [{"en": f"Rule {layer}", "any_of": [{"all_of": [{"layer": layer}]}]} for layer in layers]
    return {"name": "rules.json", "mimeType": "application/json", "buffer": orjson.dumps(content)}


def test_a_requirement_is_read_from_a_file_and_a_faulty_one_refused_with_its_place(show: Show) -> None:
    page = show("requirement", [several.FIELDWORK])
    page.click("summary")
    chosen = page.locator(".requirement input[type=file]")

    chosen.set_input_files(rules(1, 9))
    page.wait_for_selector("[role=alert] p")
    assert page.inner_text("[role=alert]") == "A layer is 1, 2 or 3. (at /1/any_of/0/all_of/0/layer)"

    chosen.set_input_files(rules(1, 3))
    page.get_by_label("Requirement in the file").select_option(label="Rule 3")
    page.get_by_role("button", name="Check", exact=True).click()
    assert page.inner_text(".requirement-result h3") == "The requirement is met"


def test_the_record_is_a_file_that_the_program_reads(show: Show) -> None:
    page = show("record", several.MANY)

    record = parse_record(saved(page, "text=Save as a file (JSON)"))

    assert (record.verifier, record.registry_number, len(record.badges)) == ("https://verify.example", 12, 8)
    assert [badge.holder for badge in record.badges].count("proven") == 7
    assert record.requirement is not None
    assert record.requirement[1] is False


def test_the_record_on_paper_says_everything_in_words(show: Show) -> None:
    page = show("record", several.MANY)

    blocks = orjson.loads(saved(page, "text=Save as PDF"))

    said = orjson.dumps(blocks).decode()
    assert blocks[0] == {"kind": "title", "text": "Verification record"}
    assert "2026-11-25T00:00:00Z (UTC)" in said
    assert "Not proven whose they are: Machine learning engineering: completed" in said
    assert "Revocation: Failed. The issuer has revoked it." in said
    assert "https://kita.example/status/revocation/1 (24 November 2026" in said
    assert "Met (not proven whose it is): Machine learning and deep learning, ITSS V3 level 4" in said
    assert "akashi verify --record verification-20261125t000000z.json" in said
