"""What is made of a result to pass on: what was verified, and nothing else."""

import pytest

from badges.formats import extract, qr
from tests.browser.conftest import EXAMPLE, Visit
from tests.browser.driving import drop, result, saved

pytestmark = pytest.mark.browser

SVG = (EXAMPLE / "badge.svg").read_text()
CLOSING = "</openbadges:credential>"
ELEMENT = SVG[SVG.index("<openbadges:credential") : SVG.index(CLOSING) + len(CLOSING)]
REVOKED = (EXAMPLE / "revoked.jwt").read_text().strip()
ANOTHER = f'<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" verify="{REVOKED}"/>'
STRANGE = SVG.replace("xmlns:openbadges", "xmlns:b·").replace("openbadges:", "b·:")
IN_DOUBT = {
    "another in a comment": SVG.replace(ELEMENT, f"<!-- {ANOTHER} -->{ELEMENT}"),
    "another in an instruction": SVG.replace(ELEMENT, f"<?old {ANOTHER}?>{ELEMENT}"),
    "another in a section": SVG.replace(ELEMENT, f"<style><![CDATA[{ANOTHER}]]></style>{ELEMENT}"),
    "another under a strange prefix": STRANGE.replace("<b·:", f"<style><![CDATA[{ANOTHER}]]></style><b·:"),
    "two sections": SVG.replace("]]>", "]]><![CDATA[ ]]>"),
}
READ = "async text => (await import('/static/baked.js')).badgeText(new TextEncoder().encode(text))"


def test_the_badge_of_a_picture_is_read_as_the_verifier_reads_it(visit: Visit, address: str) -> None:
    page = visit(f"{address}/")

    assert page.evaluate(READ, SVG) == extract(SVG.encode())


@pytest.mark.parametrize("doubt", IN_DOUBT)
def test_of_a_picture_in_doubt_no_link_is_made(visit: Visit, address: str, doubt: str) -> None:
    picture = IN_DOUBT[doubt]
    assert extract(picture.encode()) == extract(SVG.encode())
    page = visit(f"{address}/")

    text = drop(page, picture.encode(), "badge.svg")

    assert page.evaluate(READ, picture) is None
    assert "有効なバッジです" in text
    assert page.get_by_role("button", name="リンクとQRコードを作る").count() == 0


def test_only_the_badge_that_is_shown_is_shared(visit: Visit, address: str) -> None:
    page = visit(f"{address}/")
    same = "async ([text, id]) => (await import('/static/baked.js')).isTheOneShown(text, { id })"
    jwt, own = (EXAMPLE / "badge.jwt").read_text().strip(), "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c31"

    assert page.evaluate(same, [jwt, own])
    assert page.evaluate(same, [extract(SVG.encode()), own])
    assert not page.evaluate(same, [jwt, "urn:uuid:00000000-0000-4000-8000-000000000000"])
    assert not page.evaluate(same, ["{", own])


def test_every_file_that_is_offered_can_be_checked_again(visit: Visit, address: str) -> None:
    page = visit(f"{address}/", size="desk", language="en")
    drop(page, SVG.encode(), "badge.svg")
    page.get_by_role("button", name="Make a link and QR code").click()
    link = page.input_value(".share textarea")
    offered = page.locator(".share button").all_inner_texts()

    code = saved(page, ".share button:has-text('PNG')")

    assert qr.read_badge_link(link.partition("#")[2]) == extract(SVG.encode())
    assert offered == ["Copy the link", "Save the QR code (PNG)"]
    page.get_by_role("button", name="Check another badge").first.click()
    assert "Valid badge" in drop(page, code, "badge-qr.png")
    assert result(page)
