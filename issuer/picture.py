"""The picture of a badge: a seal with its words, into which the credential is baked."""

import math
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from io import BytesIO
from unicodedata import east_asian_width

from PIL import Image, ImageDraw

Point = tuple[float, float]

BLUE, GOLD, SHADE, WHITE = "#12385b", "#c8962b", "#9a6f14", "#ffffff"
SIZE = (320, 360)
"""Of the picture with words."""

NAME_COLUMNS, PROVIDER_COLUMNS = 26, 40
NAME_LINES, PROVIDER_LINES = 3, 2
PNG_SIDE = 512
OVERSAMPLING = 4
"""Drawn larger and scaled down: Pillow draws edges without smoothing."""

# The seal, around its middle, y downwards.
RIM, VALLEY, TEETH = 86.0, 79.0, 28
DISC, RING, RING_WIDTH = 70.0, 61.0, 3.0
TAIL: tuple[Point, ...] = ((-52, 40), (-72, 128), (-42, 116), (-20, 136), (4, 60))
TOP, BOTTOM = -RIM, 136.0
THICKNESS, SHORT_ARM, LONG_ARM = 17.0, 39.0, 78.0
PIECE = re.compile(r"[!-~]{1,20}|.[、。，．）」』】ー々]*", re.DOTALL)
"""What stays on one line: a Latin word, or a letter with what may not begin a line."""


def draw_svg(name: str, provider: str) -> str:
    """Return the seal with the achievement's and the provider's name, for people and for screen readers."""
    title = escape(f"{name} — {provider}")
    width, height = SIZE
    shapes = "".join(f'<polygon points="{points_text(points)}" fill="{fill}"/>' for points, fill in under_the_disc())
    # With a width and a height, so that every browser can draw it on a canvas.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img"><title>{title}</title>'
        f'<rect width="{width}" height="{height}" rx="16" fill="{WHITE}"/>'
        f'<g transform="translate(160 92) scale(.88)">{shapes}'
        f'<circle r="{DISC}" fill="{BLUE}"/>'
        f'<circle r="{RING}" fill="none" stroke="{WHITE}" stroke-width="{RING_WIDTH}"/>'
        f'<polygon points="{points_text(tick())}" fill="{WHITE}"/></g>'
        f'<g text-anchor="middle" fill="{BLUE}" font-family="sans-serif">{words(name, provider)}</g>'
        "</svg>\n"
    )


def words(name: str, provider: str) -> str:
    """Return the lines below the seal."""
    names = wrapped(name, NAME_COLUMNS, NAME_LINES)
    providers = wrapped(provider, PROVIDER_COLUMNS, PROVIDER_LINES)
    y, lines = 244, []
    for line in names:
        lines.append(f'<text x="160" y="{y}" font-size="20" font-weight="bold">{escape(line)}</text>')
        y += 27
    for line in providers:
        lines.append(f'<text x="160" y="{y}" font-size="14">{escape(line)}</text>')
        y += 19
    return "".join(lines)


def wrapped(text: str, columns: int, most: int) -> list[str]:
    """Return a text in lines of so many columns (a Japanese letter takes two), the last one cut with an ellipsis."""
    lines = [""]
    for piece in PIECE.findall(text):
        if width_of(lines[-1] + piece.rstrip()) > columns:
            lines[-1:] = broken(lines[-1], columns)
        lines[-1] += piece
    lines = [line.strip() for line in lines if line.strip()]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def broken(line: str, columns: int) -> list[str]:
    """Return a full line and what goes on to the next: what follows a space in its second half, if there is one."""
    kept, space, carried = line.rpartition(" ")
    return [kept, carried] if space and 2 * width_of(kept) > columns else [line, ""]


def width_of(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if east_asian_width(letter) in {"W", "F"} else 1 for letter in text)


@cache
def draw_png() -> bytes:
    """Return the seal as a PNG, without words: no font on a server can be relied on to have Japanese letters."""
    side = PNG_SIDE * OVERSAMPLING
    scale = side * 0.96 / (BOTTOM - TOP)
    middle = side / 2 - scale * (TOP + BOTTOM) / 2
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)

    def placed(points: Sequence[Point]) -> list[Point]:
        return [(side / 2 + x * scale, middle + y * scale) for x, y in points]

    for points, fill in under_the_disc():
        draw.polygon(placed(points), fill=fill)
    draw.ellipse(placed([(-DISC, -DISC), (DISC, DISC)]), fill=BLUE)
    outer = RING + RING_WIDTH / 2
    draw.ellipse(placed([(-outer, -outer), (outer, outer)]), outline=WHITE, width=round(RING_WIDTH * scale))
    draw.polygon(placed(tick()), fill=WHITE)
    out = BytesIO()
    image.resize((PNG_SIDE, PNG_SIDE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def under_the_disc() -> Iterator[tuple[Sequence[Point], str]]:
    """Yield the two tails of the ribbon and the toothed rim, with their colours."""
    yield TAIL, SHADE
    yield [(-x, y) for x, y in TAIL], SHADE
    corners = range(2 * TEETH)
    yield [polar(VALLEY if corner % 2 else RIM, math.pi * corner / TEETH) for corner in corners], GOLD


def polar(radius: float, angle: float) -> Point:
    """Return the point at an angle from the top."""
    return radius * math.sin(angle), -radius * math.cos(angle)


def tick() -> list[Point]:
    """Return a tick as one polygon: two arms at a right angle, turned by 45 degrees, its middle in the middle."""
    arms = [
        (0.0, 0.0),
        (0.0, LONG_ARM),
        (-THICKNESS, LONG_ARM),
        (-THICKNESS, THICKNESS),
        (-SHORT_ARM, THICKNESS),
        (-SHORT_ARM, 0.0),
    ]
    turned = [((down + up) * math.sqrt(0.5), (down - up) * math.sqrt(0.5)) for down, up in arms]
    middle_x, middle_y = ((min(along) + max(along)) / 2 for along in ([x for x, _ in turned], [y for _, y in turned]))
    return [(x - middle_x, y - middle_y) for x, y in turned]


def points_text(points: Sequence[Point]) -> str:
    """Return points as SVG writes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def base64_text(data: bytes) -> str:
    """Return bytes as base64, for JSON."""
    return b64encode(data).decode()
