"""The picture of a badge: a seal with its words, into which the credential is baked."""

from base64 import b64encode
from functools import cache
from html import escape
from io import BytesIO

from PIL import Image, ImageDraw

BLUE, GOLD, WHITE = "#1f4e79", "#b8860b", "#ffffff"
LINE_LETTERS = 14
MAX_LINES = 3
PNG_SIDE = 512
OVERSAMPLING = 4
"""Drawn larger and scaled down: Pillow draws edges without smoothing."""


def draw_svg(name: str, provider: str) -> str:
    """Return the seal with the achievement's and the provider's name, for people and for screen readers."""
    lines = wrapped(name)
    words = "".join(
        f'<text x="160" y="{246 + 26 * index}" font-size="20" font-weight="bold">{escape(line)}</text>'
        for index, line in enumerate(lines)
    )
    by = f'<text x="160" y="{256 + 26 * len(lines)}" font-size="13">{escape(provider)}</text>'
    title = escape(f"{name} — {provider}")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 360" role="img">'
        f"<title>{title}</title>"
        f'<rect width="320" height="360" rx="16" fill="{WHITE}"/>'
        f'<path d="M125 150l-20 60 55-22 55 22-20-60z" fill="{GOLD}"/>'
        f'<circle cx="160" cy="100" r="80" fill="{BLUE}"/>'
        f'<circle cx="160" cy="100" r="66" fill="none" stroke="{WHITE}" stroke-width="4"/>'
        f'<text x="160" y="128" font-size="76" text-anchor="middle" fill="{WHITE}">証</text>'
        f'<g text-anchor="middle" fill="{BLUE}" font-family="sans-serif">{words}{by}</g>'
        "</svg>\n"
    )


def wrapped(name: str) -> list[str]:
    """Return a name in lines of a width that fits, the last one cut with an ellipsis."""
    lines = [name[at : at + LINE_LETTERS].strip() for at in range(0, len(name), LINE_LETTERS)]
    return lines if len(lines) <= MAX_LINES else [*lines[: MAX_LINES - 1], lines[MAX_LINES - 1][:-1] + "…"]


@cache
def draw_png() -> bytes:
    """Return the seal as a PNG, without words: no font on a server can be relied on to have Japanese letters."""
    scale = PNG_SIDE * OVERSAMPLING // 320
    image = Image.new("RGBA", (PNG_SIDE * OVERSAMPLING, PNG_SIDE * OVERSAMPLING), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    ribbon = [(118, 190), (92, 300), (160, 262), (228, 300), (202, 190)]
    draw.polygon([(x * scale, y * scale) for x, y in ribbon], fill=GOLD)
    draw.ellipse([50 * scale, 15 * scale, 270 * scale, 235 * scale], fill=BLUE)
    draw.ellipse([68 * scale, 33 * scale, 252 * scale, 217 * scale], outline=WHITE, width=6 * scale)
    draw.line([(115 * scale, 128 * scale), (148 * scale, 162 * scale), (212 * scale, 90 * scale)], WHITE, 18 * scale)
    out = BytesIO()
    image.resize((PNG_SIDE, PNG_SIDE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def base64_text(data: bytes) -> str:
    """Return bytes as base64, for JSON."""
    return b64encode(data).decode()
