"""The font: the one that its SOURCES.md describes, with every letter that a Japanese name may have in print."""

import re
from hashlib import sha256
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).parents[2] / "badges/web/static/fonts"
FONT = FOLDER / "BIZUDPGothic-Regular.ttf"


def jis(encoding: str) -> set[str]:
    """Return the letters of a double-byte encoding."""
    found = set()
    for lead in range(0xA1, 0xFF):
        for trail in range(0xA1, 0xFF):
            found.update(bytes([lead, trail]).decode(encoding, "ignore"))
    return found


def test_the_font_is_the_one_that_its_sources_describe() -> None:
    digests = re.findall(r"`([0-9a-f]{64})`", (FOLDER / "SOURCES.md").read_text())

    assert digests[-1] == sha256(FONT.read_bytes()).hexdigest()


def test_no_letter_of_the_japanese_standards_is_lacking() -> None:
    font = ImageFont.truetype(str(FONT), 16, layout_engine=ImageFont.Layout.BASIC)
    lacked = bytes(font.getmask("\U0010ffff"))

    lacking = {one for one in jis("euc_jp") | jis("euc_jisx0213") if one.strip() and bytes(font.getmask(one)) == lacked}

    assert lacking <= {"⦅", "⦆"}
