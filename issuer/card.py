"""The picture of an achievement for links that people pass on: what can be earned, and where. Nothing of any person."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from issuer.picture import BLUE, GOLD, PIECE, WHITE, draw_png

SIZE = (1200, 630)
"""What the sites that show such pictures ask for (ogp.me; 1.91 to 1)."""

FONT = "static/fonts/BIZUDPGothic-Regular.ttf"
GREY, INK = "#4d5660", "#1d2733"
GETA = "〓"
"""Printers' old sign for a letter that they did not have."""

MOST_KEPT = 256
FRAME, FRAME_WIDTH, INNER_FRAME, INNER_WIDTH = 24, 4, 34, 2
SEAL_SIDE, SEAL_LEFT = 330, 62
LEFT, RIGHT = 430, 1120
TOP, BOTTOM = 70, 560
NAME_SIZES, NAME_LINES = (66, 58, 52, 46, 40, 35, 30), 4
LEVEL_SIZES, LEVEL_LINES = (32, 28, 24), 2
PROVIDER_SIZES, PROVIDER_LINES = (34, 30, 26, 22), 3
LINE_HEIGHT, GAP, RULE = 1.38, 34, 120
NOT_LAST = tuple("（〔［｛〈《「『【([{")


Part = tuple[list[str], int, str]
"""Lines, their size and their colour."""


@lru_cache(MOST_KEPT)
def draw_card(name: str, provider: str, level: str, framework: str) -> bytes:
    """Return a PNG of 1200 by 630 pixels, the same for the same words.

    Args:
        name: The achievement's.
        provider: The name of who gives it.
        level: The level that it stands for, or "".
        framework: The skill standard that the level, or else the first item, is from, or "".
    """
    image = Image.new("RGB", SIZE, WHITE)
    draw = ImageDraw.Draw(image)
    for inset, colour, width in ((FRAME, BLUE, FRAME_WIDTH), (INNER_FRAME, GOLD, INNER_WIDTH)):
        draw.rectangle((inset, inset, SIZE[0] - inset - 1, SIZE[1] - inset - 1), outline=colour, width=width)
    seal = Image.open(BytesIO(draw_png())).resize((SEAL_SIDE, SEAL_SIDE), Image.Resampling.LANCZOS)
    image.paste(seal, (SEAL_LEFT, (SIZE[1] - SEAL_SIDE) // 2), seal)
    write(draw, name, provider, level_line(level, framework))
    out = BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def level_line(level: str, framework: str) -> str:
    """Return the level with its standard, whose name it may begin with."""
    return level if level.startswith(framework) else f"{framework} {level}".strip()


def write(draw: ImageDraw.ImageDraw, name: str, provider: str, level: str) -> None:
    """Write the words beside the seal, around the middle of the height."""
    parts = next((one for one in tries(name, provider, level) if height_of(one) <= BOTTOM - TOP), [])
    y = (TOP + BOTTOM - height_of(parts)) / 2
    for index, (lines, size, colour) in enumerate(parts):
        if index == len(parts) - 1:
            draw.line((LEFT, y - GAP / 2, LEFT + RULE, y - GAP / 2), fill=GOLD, width=3)
        for line in lines:
            draw.text((LEFT, y + size * LINE_HEIGHT / 2), line, font=font(size), fill=colour, anchor="lm")
            y += size * LINE_HEIGHT
        y += GAP


def tries(name: str, provider: str, level: str) -> Iterator[list[Part]]:
    """Yield the words in lines, with the achievement's name smaller each time; the last of these always fits."""
    for first in range(len(NAME_SIZES)):
        parts = [
            (*fitted(name, NAME_SIZES[first:], NAME_LINES), BLUE),
            (*fitted(level, LEVEL_SIZES, LEVEL_LINES), GREY),
            (*fitted(provider, PROVIDER_SIZES, PROVIDER_LINES), INK),
        ]
        yield [part for part in parts if part[0]]


def height_of(parts: Sequence[Part]) -> float:
    """Return how many pixels the words take."""
    return sum(len(lines) * size * LINE_HEIGHT for lines, size, _ in parts) + GAP * (len(parts) - 1)


def fitted(text: str, sizes: Sequence[int], most: int) -> tuple[list[str], int]:
    """Return a text's lines and the largest size at which they are few enough; else the last one is cut with "…"."""
    text = printable(" ".join(text.split()))
    for size in sizes:
        lines = wrapped(text, size)
        if len(lines) <= most:
            return lines, size
    return [*lines[: most - 1], lines[most - 1][:-1] + "…"], sizes[-1]


def wrapped(text: str, size: int) -> list[str]:
    """Return a text in lines as wide as there is room."""
    lines = [""]
    for piece in joined(PIECE.findall(text)):
        if lines[-1] and font(size).getlength(lines[-1] + piece.rstrip()) > RIGHT - LEFT:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.strip() for line in lines if line.strip()]


def joined(pieces: Sequence[str]) -> list[str]:
    """Return pieces with an opening bracket at the head of the next: it may not end a line."""
    kept: list[str] = []
    for piece in pieces:
        if kept and kept[-1].endswith(NOT_LAST):
            kept[-1] += piece
        else:
            kept.append(piece)
    return kept


def printable(text: str) -> str:
    """Return a text with a geta mark for each letter that the font lacks."""
    lacked = bytes(font(20).getmask("\U0010ffff"))
    return "".join(GETA if not one.isspace() and bytes(font(20).getmask(one)) == lacked else one for one in text)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return our font in a size, without what another library on the computer would add to its layout."""
    data = BytesIO(files("badges.web").joinpath(FONT).read_bytes())
    return ImageFont.truetype(data, size, layout_engine=ImageFont.Layout.BASIC)
