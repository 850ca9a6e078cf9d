"""A learning history in people's hands: a learner claims, keeps and shows badges; an employer opens and checks them.

Issuer, registry and verifier stand at three origins. Whatever they receive, store and log is looked through.
"""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image

from badges.credential import Mechanism
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.driving import READERS, SIZES, make_link
from tests.browser.estate import Estate, estate
from tests.privacy.badge import secrets_of
from tests.privacy.scan import found_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COURSES = [("p05", "c014"), ("p05", "c015"), ("p08", "c025"), ("p09", "c004")]
"""Four badges of three providers: data analysis at level 2 twice, business design at level 2, literacy at level 1."""
PASSCODE = "藤色の傘 4821"
WRONG = "wrong-passcode-77"
RULES = [
    {
        "id": "met",
        "ja": "データ分析担当",
        "en": "Data analyst",
        "any_of": [{"all_of": [{"skill": "dssp2-2.2-01", "min_level": 2}]}],
        "issuer_policy": "accredited at issue time",
    },
    {
        "id": "not-met",
        "ja": "推進リーダー",
        "en": "Lead",
        "any_of": [{"all_of": [{"skill": "dssp2-1.3-05", "min_level": 4}]}],
        "issuer_policy": "accredited at issue time",
    },
]


SEES_KEYS = """() => {
  const made = crypto.subtle.generateKey.bind(crypto.subtle);
  crypto.subtle.generateKey = async (...given) => {
    const pair = await made(...given);
    if (pair.privateKey) await window.tellKey((await crypto.subtle.exportKey("jwk", pair.privateKey)).d);
    return pair;
  };
}"""
"""Tells a test which private keys a page made: nothing else can, which is the point of them."""


@dataclass
class Story:
    """The services, what they logged, and what the people of the story held: nothing of it may be with the services."""

    estate: Estate
    logged: io.StringIO
    reader: tuple[str, str]
    badges: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    presentations: list[str] = field(default_factory=list)


@pytest.fixture(params=READERS, ids="-".join)
def story(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Story]:
    """Three services at three origins; whatever they log, down to the smallest, is kept."""
    logged, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(logged), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    with estate(tmp_path / "estate") as one:
        yield Story(one, logged, request.param)
    root.setLevel(level)
    root.removeHandler(handler)


@contextmanager
def with_camera(browser: Any, picture: bytes, folder: Path) -> Iterator[Any]:
    """Run another Chromium, whose camera is held before a picture."""
    film = filmed(picture, folder / "code.mjpeg")
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    another = browser.browser_type.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *camera])
    yield another
    another.close()


def opened(browser: Any, reader: tuple[str, str]) -> Any:
    """Return a page in a browser profile of its own."""
    spoken, size = reader
    page = browser.new_context(
        viewport=SIZES[size], locale=spoken, accept_downloads=True, permissions=["camera"]
    ).new_page()
    page.set_default_timeout(20_000)
    return page


# The learner


def claim(page: Any, story: Story, provider: str, course: str) -> None:
    """Open a claim link, choose My badges, and come back with the badge."""
    page.goto(story.estate.offer(provider, course))
    page.click("#keep-button")
    page.wait_for_url(f"{story.estate.verifier}/badges*")
    page.click("#claim-go")
    page.wait_for_url(f"{story.estate.issuer}/c*")
    page.click("#claim-button")
    page.wait_for_url(f"{story.estate.verifier}/badges*")
    page.wait_for_selector("#received h2", state="visible")


def kept(page: Any) -> list[str]:
    """Return the texts of all badges that a browser keeps, in both forms."""
    return page.evaluate(
        """() => new Promise((resolve, reject) => {
          const opening = indexedDB.open("akashi-my-badges");
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const all = opening.result.transaction("badges").objectStore("badges").getAll();
            all.onsuccess = () => resolve(all.result.flatMap((one) => [one.vcJwt, one.dataIntegrity].filter(Boolean)));
          };
        })"""
    )


def choose(page: Any, *names: str) -> None:
    """Tick the badges with these names, and no others."""
    for box in page.locator("#share-form input[name=badge]").all():
        label = page.locator(f"label[for={box.get_attribute('id')}]").inner_text()
        box.set_checked(label in names)


# The employer


def filmed(picture: bytes, file: Path) -> Path:
    """Write what a camera sees that is held before a picture, as Motion JPEG."""
    with Image.open(io.BytesIO(picture)) as code:
        frame = Image.new("RGB", (1280, 720), (214, 210, 202))
        shown = code.convert("RGB").resize((430, 430)).rotate(4, expand=True, fillcolor=(214, 210, 202))
        frame.paste(shown, (425, 130))
    one = io.BytesIO()
    frame.save(one, "JPEG", quality=88)
    file.write_bytes(one.getvalue() * 20)
    return file


def scan(page: Any, story: Story) -> None:
    """Scan with the camera on the check page, until the passcode is asked for."""
    page.goto(f"{story.estate.verifier}/")
    page.click("#scan")
    page.wait_for_url("**/s/*")
    page.wait_for_selector("#unlock", state="visible")


def unlock(page: Any, passcode: str) -> None:
    """Enter a passcode."""
    page.fill("#passcode", passcode)
    page.click("#unlock button")


def check_rule(page: Any, rule: str, file: Path) -> str:
    """Check the badges against a rule of a file, and return what comes of it."""
    file.write_bytes(orjson.dumps([one for one in RULES if one["id"] == rule]))
    details = page.locator(".requirement details").first
    details.evaluate("node => { node.open = true; }")
    details.locator("input[type=file]").set_input_files(str(file))
    page.locator(".requirement form button[type=submit]").click()
    page.wait_for_selector(".requirement-result")
    return page.inner_text(".requirement-result")


SAID = {
    "ja": {
        "held": "全件、同じ提示者が鍵を所持",
        "open": "本人のものか未確認",
        "met": "条件を満たしています",
        "not-met": "条件を満たしていません",
        "dead": "開けませんでした",
    },
    "en": {
        "held": "All badges: the same presenter holds the keys",
        "open": "not proven",
        "met": "The requirement is met",
        "not-met": "The requirement is not met",
        "dead": "This cannot be opened",
    },
}
NAMES = {
    "c014": "Pythonによるデータ分析 修了",
    "c015": "SQLとデータベース 修了",
    "c025": "業務改革の進め方 修了",
    "c004": "中小企業のためのデジタル活用入門 修了",
}
SOMEBODY_ELSES = ("p06", "c021")


def test_a_learner_shows_a_history_that_no_server_can_read(story: Story, browser: Any, tmp_path: Path) -> None:
    said = SAID[story.reader[0]]
    learner = opened(browser, story.reader)
    learner.expose_function("tellKey", lambda key: story.private.append(key))  # noqa: PLW0108 (Playwright marks it)
    learner.add_init_script(f"({SEES_KEYS})()")
    for provider, course in COURSES:
        claim(learner, story, provider, course)
    learner.wait_for_selector(f"#badges .my-badge >> nth={len(COURSES) - 1}")
    story.badges += kept(learner)
    assert len(story.badges) == 2 * len(COURSES)

    choose(learner, NAMES["c014"], NAMES["c025"], NAMES["c004"])
    story.links.append(make_link(learner))
    learner.check("#share-short")
    learner.fill("#share-passcode", PASSCODE)
    story.links.append(make_link(learner))
    with learner.expect_download() as download:
        learner.locator("#share-result .share button.second").click()
    code = Path(download.value.path()).read_bytes()

    employer = opened(browser, story.reader)
    employer.goto(story.links[0])
    employer.wait_for_selector("#result h1", state="visible")
    assert said["held"] in employer.inner_text("#result")

    with with_camera(browser, code, tmp_path) as another:
        read_share(opened(another, story.reader), story, said, tmp_path)

    mix_in_somebody_elses(learner, story)
    employer.goto("about:blank")
    employer.goto(story.links[2])
    employer.wait_for_selector("#result h1", state="visible")
    assert said["held"] not in employer.inner_text("#result")
    assert said["open"] in employer.inner_text("#result")
    assert "5" in employer.inner_text("#result h2 >> nth=0")

    learner.locator("#shares button").first.click()
    learner.wait_for_function("() => document.querySelector('#shares button').hidden")
    employer.goto("about:blank")
    employer.goto(story.links[1])
    unlock(employer, PASSCODE)
    employer.wait_for_selector("#unlock-problem:not(:empty)")
    assert said["dead"] in employer.inner_text("#unlock-problem")
    nothing_stayed(story)


def read_share(page: Any, story: Story, said: dict[str, str], folder: Path) -> None:
    """Scan, try a wrong passcode, then the right one; read everything; check two rules; save the record."""
    scan(page, story)
    unlock(page, WRONG)
    page.wait_for_selector("#unlock-problem:not(:empty)")
    assert said["dead"] in page.inner_text("#unlock-problem")

    unlock(page, PASSCODE)
    page.wait_for_selector("#result h1", state="visible")
    text = page.inner_text("#result")
    assert said["held"] in text
    assert "3" in page.inner_text("#result h2 >> nth=0")
    assert all(NAMES[course] in text for course in ("c014", "c025", "c004"))
    assert NAMES["c015"] not in text
    assert page.locator("#result table").count() == 2  # a skill map for each of the two standards

    assert said["met"] in check_rule(page, "met", folder / "met.json")
    assert said["not-met"] in check_rule(page, "not-met", folder / "not-met.json")
    with page.expect_download() as download:
        page.locator(".record button.second").click()
    record = orjson.loads(Path(download.value.path()).read_bytes())
    story.presentations.append(record["presentation"])
    assert [one["verdict"] for one in record["badges"]] == ["verified"] * 3
    assert record["registry"]["number"] >= 1
    with page.expect_download() as download:
        page.locator(".record button:not(.second)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def mix_in_somebody_elses(learner: Any, story: Story) -> None:
    """Add a badge that was bound to somebody else's key, and show it together with the learner's own."""
    badge = story.estate.demonstration.claimed(*SOMEBODY_ELSES)
    text = badge.texts[Mechanism.VC_JWT]
    story.badges.append(text)
    learner.set_input_files("#file", {"name": "badge.jwt", "mimeType": "text/plain", "buffer": text.encode()})
    learner.wait_for_function("count => document.querySelectorAll('#badges .my-badge').length === count", arg=5)
    for box in learner.locator("#share-form input[name=badge]").all():
        box.check()
    learner.check("#share-link")
    story.links.append(make_link(learner))


def nothing_stayed(story: Story) -> None:
    """Look through everything that the services received, stored and logged: there is nothing of anybody in it."""
    one = story.estate
    secrets = {"passcode": PASSCODE, "wrong passcode": WRONG}
    secrets |= {f"private key {number}": key for number, key in enumerate(story.private)}
    secrets |= {f"link {number}": link.partition("#")[2].removesuffix(".p") for number, link in enumerate(story.links)}
    for number, text in enumerate(story.badges):
        secrets |= secrets_of(f"badge {number}", text)
    secrets |= {
        f"presentation {number}": orjson.loads(text)["payload"] for number, text in enumerate(story.presentations)
    }
    assert len(story.private) == len(COURSES)

    received, claims = one.folder.parent / "received", one.folder.parent / "claims"
    for folder in (received, claims):
        folder.mkdir()
    for number, request in enumerate(one.received):
        claimed = request.service == "issuer" and request.target.startswith("/v1/claims?")
        ((claims if claimed else received) / f"{number:05}").write_bytes(request.whole)
    (received / "log").write_text(story.logged.getvalue())
    assert found_in([one.folder, received], secrets) == []
    # An issuer is told the public key that it is to issue for, and forgets it with the answer.
    assert found_in([claims], {name: secret for name, secret in secrets.items() if ": subject" not in name}) == []

    posted = [
        (request.service, request.target.partition("?")[0]) for request in one.received if request.method == "POST"
    ]
    at_verifier = {target for service, target in posted if service == "verifier"}
    assert all(re.fullmatch(r"/v1/shares(/[\w-]{22}/open)?", target) for target in at_verifier)
    assert {target for service, target in posted if service == "issuer"} == {"/v1/claims", "/v1/claims/preview"}


def test_what_is_planted_among_the_requests_is_found(tmp_path: Path) -> None:
    (tmp_path / "request").write_text(f"GET /?p={PASSCODE}")

    assert found_in([tmp_path], {"passcode": PASSCODE})
