"""What the page cannot check alone: nobody is passed over, and no more is sent than what somebody agreed to."""

from pathlib import Path
from typing import Any

import pytest

from badges.formats import qr
from tests.browser.conftest import EXAMPLE, Visit
from tests.browser.driving import READERS, Held, drop, language, let_fall, paste, result, switch

pytestmark = pytest.mark.browser

LINK = "https://issuer.example/somewhere/badge.json"
UNKNOWN_PROOFS = ["simple-eddsa-2022.json", "simple-multiple-proofs.json"]
BY_PAGE = {"ja": "どこにも送っていません", "en": "sent to nobody"}
BY_SERVER = {"ja": "検証サーバー", "en": "On the verifier's server"}
NAME = "データ分析の基礎 修了"
"""Of the example badge."""


@pytest.fixture(params=READERS, ids="-".join)
def page(visit: Visit, address: str, request: pytest.FixtureRequest) -> Any:
    """The check page, which remembers in `page.sent` what was posted, and where."""
    spoken, size = request.param
    one = visit(f"{address}/", language=spoken, size=size)
    one.sent = []
    one.on(
        "request",
        lambda asked: one.sent.append((asked.url, asked.post_data_buffer)) if asked.method != "GET" else None,
    )
    return one


@pytest.fixture(params=UNKNOWN_PROOFS)
def unknown_proof(shared: Path, request: pytest.FixtureRequest) -> bytes:
    """A badge of 1EdTech's validator whose proof is of a kind that the page does not know."""
    return (shared / "vectors/1edtech-validator/ob30" / request.param).read_bytes()


def asked(page: Any) -> str:
    """Wait for the question, and return it."""
    page.wait_for_selector("#consent h1", state="visible")
    return page.inner_text("#consent")


def agree(page: Any) -> str:
    page.click("#consent button:not(.second)")
    return result(page)


def decline(page: Any) -> str:
    page.click("#consent button.second")
    return result(page)


def choose(page: Any, data: bytes) -> None:
    page.set_input_files("#file", {"name": "badge", "mimeType": "", "buffer": data})


def test_an_unknown_kind_of_proof_is_asked_about_and_stays_here_unless_somebody_agrees(
    page, unknown_proof: bytes
) -> None:
    choose(page, unknown_proof)

    assert {"ja": "知らない方式", "en": "does not know"}[language(page)] in asked(page)
    assert BY_PAGE[language(page)] in decline(page)
    assert page.locator(".report.tone-good").count() == 0
    assert page.sent == []


def test_an_unknown_kind_of_proof_is_sent_once_and_the_report_says_who_checked(
    page, address: str, unknown_proof: bytes
) -> None:
    choose(page, unknown_proof)
    asked(page)

    text = agree(page)

    assert page.sent == [(f"{address}/v1/verify?lang={language(page)}", unknown_proof)]
    assert BY_SERVER[language(page)] in text
    assert BY_PAGE[language(page)] not in text


def test_a_link_to_elsewhere_that_is_not_sent_has_the_pages_own_report(page) -> None:
    paste(page, LINK)

    assert {"ja": "ほかの場所にある", "en": "lies somewhere else"}[language(page)] in asked(page)
    assert {"ja": "まだ開いていません", "en": "has not opened it"}[language(page)] in decline(page)
    assert page.sent == []


def test_of_a_picture_with_a_link_only_the_link_is_sent(page, address: str) -> None:
    choose(page, qr.draw_png(LINK))
    asked(page)

    agree(page)

    assert page.sent == [(f"{address}/v1/verify?lang={language(page)}", LINK.encode())]


def test_the_question_is_asked_again_in_the_other_language(page) -> None:
    paste(page, LINK)
    before = asked(page)

    switch(page)

    assert asked(page) != before
    assert page.evaluate("document.activeElement.closest('#consent') !== null")
    agree(page)
    assert [sent for _, sent in page.sent] == [LINK.encode()]


def test_an_answer_that_comes_too_late_changes_nothing(page) -> None:
    held = Held()
    page.route("**/v1/verify*", held)
    paste(page, LINK)
    asked(page)
    page.click("#consent button:not(.second)")
    page.wait_for_selector("#progress", state="visible")

    assert let_fall(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")
    assert NAME in result(page)
    with page.expect_response("**/v1/verify*") as late:
        held.let_go()
    late.value.finished()
    page.evaluate("new Promise((done) => setTimeout(done, 100))")

    assert NAME in page.inner_text("#result")
    assert BY_PAGE[language(page)] in page.inner_text("#result")


def test_a_server_that_does_not_answer_leaves_the_way_open_to_try_again(visit: Visit, address: str) -> None:
    page = visit(f"{address}/", watched=False)
    page.route("**/v1/verify*", lambda route: route.abort())
    paste(page, LINK)
    asked(page)
    page.click("#consent button:not(.second)")
    page.wait_for_selector("#failure", state="visible")

    assert "サーバーにつながりませんでした" in page.inner_text("#failure")
    page.unroute("**/v1/verify*")
    assert NAME in drop(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")
