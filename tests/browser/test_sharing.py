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


@pytest.mark.parametrize("picture", [SVG, *IN_DOUBT.values()], ids=["plain", *IN_DOUBT])
def test_what_was_verified_in_a_picture_is_what_is_shared(visit: Visit, address: str, picture: str) -> None:
    page = visit(f"{address}/")

    assert "有効なバッジです" in drop(page, picture.encode(), "badge.svg")
    page.get_by_role("button", name="リンクとQRコードを作る").click()
    link = page.input_value(".share textarea")

    assert qr.read_badge_link(link.partition("#")[2]) == extract(picture.encode()) == extract(SVG.encode())


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
