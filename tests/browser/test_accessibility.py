"""Every page and every state that a page can be in, looked through by axe-core, on a phone and on a desk."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

import issuer.app
import registry.app
from badges.formats import qr
from issuer.settings import IssuerSettings
from keys.public_key import Algorithm
from keys.signer import generate, local_signer
from registry.settings import RegistrySettings
from tests.browser.conftest import Faults, Visit, served
from tests.browser.driving import READERS, Held, drop, paste, result
from tests.browser.living import Living

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/v",
    "/h",
    "/s/AAAAAAAAAAAAAAAAAAAAAA",
    "/badges",
    "/registry",
    "/frameworks",
    "/frameworks/dss-l/1",
    "/frameworks/dss-p/2.0",
    "/frameworks/itss/3",
    "/frameworks/dss-p/1.2/items/dssp1-1.2-05",
    "/frameworks/itss/3/levels/itss/3",
    "/providers/p05",
    "/providers/p05/achievements/c014/1",
    "/problems/not-found",
    "/nowhere",
    "/c",
]
FILES = [
    "good.jwt",
    "c001.jwt",
    "revoked.jwt",
    "expired.json",
    "tampered-level.json",
    "other-issuer-key.jwt",
    "self-issued.jwt",
    "issued-while-suspended.jwt",
    "status-unreachable.jwt",
    "image-only.png",
]


@pytest.fixture(params=READERS, ids="-".join)
def reading(visit: Visit, request: pytest.FixtureRequest) -> Visit:
    """Open pages as one of the readers."""
    spoken, size = request.param
    return partial(visit, language=spoken, size=size)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_faults(path: str, akashi: Living, reading: Visit, faults: Faults) -> None:
    page = reading(f"{akashi.address}{path}", watched=False)
    page.wait_for_load_state("networkidle")

    assert faults(page) == []


@pytest.mark.parametrize("file", FILES)
def test_a_result_has_no_faults(file: str, akashi: Living, reading: Visit, faults: Faults) -> None:
    page = reading(f"{akashi.address}/")
    drop(page, (akashi.data / "demo" / file).read_bytes(), file)

    assert faults(page) == []


def shared(page: Any, akashi: Living) -> None:
    drop(page, (akashi.data / "demo" / "good.jwt").read_bytes(), "good.jwt")
    page.get_by_role("button", name="QR").click()
    page.wait_for_selector(".share .qr")


def unreadable(page: Any, _: Living) -> None:
    paste(page, '{"half": ')
    result(page)


def nothing_pasted(page: Any, _: Living) -> None:
    page.click("#paste button")
    page.wait_for_selector("#failure", state="visible")


def checking(page: Any, _: Living) -> None:
    page.route("**/v1/verify*", Held())
    paste(page, "https://issuer.example/badge.json")
    page.click("#consent button:not(.second)")
    page.wait_for_selector("#progress", state="visible")


def asking(page: Any, _: Living) -> None:
    paste(page, "https://issuer.example/badge.json")
    page.wait_for_selector("#consent h1", state="visible")


def scanning(page: Any, _: Living) -> None:
    page.click("#scan")
    page.wait_for_selector("#scanner button", state="visible")


def linked(page: Any, akashi: Living) -> None:
    page.goto(qr.badge_link((akashi.data / "demo" / "good.jwt").read_text(), akashi.address))
    result(page)


def without_texts(page: Any, _: Living) -> None:
    page.route("**/texts/*.json", lambda route: route.abort())
    page.reload()
    page.wait_for_selector("#no-texts", state="visible")


@pytest.mark.parametrize(
    "state", [shared, unreadable, nothing_pasted, asking, checking, scanning, linked, without_texts]
)
def test_the_check_page_has_no_faults_in_any_state(
    state: Callable[[Any, Living], None], akashi: Living, reading: Visit, faults: Faults
) -> None:
    page = reading(f"{akashi.address}/", watched=False)
    state(page, akashi)

    assert faults(page) == []


def test_the_claim_page_has_no_faults_in_any_state(akashi: Living, reading: Visit, faults: Faults) -> None:
    link = akashi.command("offer", "p05", "c014").strip()
    page = reading(link, watched=False)
    found: dict[str, list[str]] = {}
    page.wait_for_selector("#claim-button", state="visible")
    found["offer"] = faults(page)
    page.route("**/v1/claims?*", lambda route: route.abort())
    page.click("#claim-button")
    page.wait_for_selector("#claim-problem", state="visible")
    found["no answer"] = faults(page)
    page.unroute("**/v1/claims?*")
    held = Held()
    page.route("**/v1/claims?*", held)
    page.click("#claim-button")
    page.wait_for_selector("#progress", state="visible")
    found["working"] = faults(page)
    held.let_go()
    page.wait_for_selector("#claim-result", state="visible")
    found["badge"] = faults(page)
    page.click("#remove")
    page.wait_for_selector("#remove-ask")
    found["removing"] = faults(page)
    page.click("#remove-yes")
    page.wait_for_selector("#remove", state="detached")
    found["removed"] = faults(page)
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#offer-closed")
    found["closed"] = faults(page)
    page.goto("about:blank")
    page.goto(f"{akashi.address}/c#{'x' * 43}")
    page.wait_for_selector("#claim-problem", state="visible")
    found["unknown"] = faults(page)

    assert {state: fault for state, fault in found.items() if fault} == {}


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """An issuer and a registry, each alone."""
    pin = local_signer(generate(Algorithm.ED25519), "").public.to_multikey()

    def alone(url: str) -> Any:
        data = tmp_path_factory.mktemp("issuer")
        return issuer.app.create_app(IssuerSettings(public_url=url, data=data, registry_key=pin))

    def book(url: str) -> Any:
        return registry.app.create_app(RegistrySettings(public_url=url, data=tmp_path_factory.mktemp("registry")))

    with served(alone) as first, served(book) as second:
        yield [first, second]


def test_a_service_alone_has_a_home_without_faults(homes: list[str], reading: Visit, faults: Faults) -> None:
    assert [faults(reading(f"{home}/")) for home in homes] == [[], []]


def test_a_planted_fault_is_found(address: str, reading: Visit, faults: Faults) -> None:
    page = reading(f"{address}/")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")

    assert [fault.partition(":")[0] for fault in faults(page)] == ["button-name"]
