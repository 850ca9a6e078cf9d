"""Camera clips: QR codes on paper and on phones, as a camera in somebody's hand sees them.

A clip is the same in every run, the grain of its noise included.
"""

import io
import math
import random  # noqa: TID251 - a clip must be the same in every run
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from badges.formats import qr

FRAMES = 8
SIZES = {480: (640, 480), 720: (1280, 720), 1080: (1920, 1080)}
JPEG_QUALITY = 80
GRAIN_SIDE = 251
GRAIN_SEED = 1
SAMPLES = 2
"""Pixels of the drawn sheet for each pixel of the picture, so that it is sampled like by a lens."""

Point = tuple[float, float]
Effect = Callable[[Image.Image, int], Image.Image]


@dataclass(frozen=True)
class Clip:
    """What a camera sees.

    `share` is the side of the code, quiet zone included, of the picture's height; `turn` in degrees; `tilt` is how much
    shorter the far edge looks than the near one, from top to bottom and from left to right; `at` is where the code's
    middle is in the picture; `shake` is in pixels from frame to frame.
    """

    text: str
    height: int
    share: float
    on: str = "paper"
    turn: float = 0.0
    tilt: Point = (0.0, 0.0)
    at: Point = (0.5, 0.5)
    shake: float = 2.0
    effects: tuple[Effect, ...] = ()

    def frames(self) -> Iterator[Image.Image]:
        """Draw every frame."""
        width, height = SIZES[self.height]
        side = self.share * height
        sheet = sheet_with(self.text, round(side * SAMPLES), self.on)
        table = desk((width, height))
        for number in range(FRAMES):
            quad = self.corners(side * sheet.width / (side * SAMPLES), number)
            frame = laid(sheet, quad, table)
            for effect in self.effects:
                frame = effect(frame, number)
            yield frame

    def corners(self, side: float, number: int) -> list[Point]:
        """Return where the sheet's corners are in one frame, clockwise from the upper left."""
        width, height = SIZES[self.height]
        shaken = [self.shake * wave(number, seed) for seed in (1, 2, 3)]
        middle = (self.at[0] * width + shaken[0], self.at[1] * height + shaken[1])
        angle = math.radians(self.turn + shaken[2] * 0.1)
        down, across = self.tilt
        half = side / 2
        found = []
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            near = 1 + (down * y + across * x) / 2
            px, py = x * half * near, y * half * near
            found.append(
                (
                    middle[0] + px * math.cos(angle) - py * math.sin(angle),
                    middle[1] + px * math.sin(angle) + py * math.cos(angle),
                )
            )
        return found

    def mjpeg(self) -> bytes:
        """Return the clip as Motion JPEG: JPEG pictures one after the other."""
        return b"".join(jpeg(frame) for frame in self.frames())


def jpeg(picture: Image.Image, quality: int = JPEG_QUALITY) -> bytes:
    """Return a picture as JPEG, with a camera's colour subsampling."""
    data = io.BytesIO()
    picture.convert("RGB").save(data, "JPEG", quality=quality, subsampling="4:2:0")
    return data.getvalue()


def wave(number: int, seed: int) -> float:
    """Return where a shaking hand is in a frame, -1 to 1."""
    return math.sin(number * 1.7 * seed + seed * seed)


@cache
def code(text: str) -> Image.Image:
    """Return the QR code with its quiet zone, four pixels a module."""
    return Image.open(io.BytesIO(qr.draw_png(text, module_pixels=4))).convert("L")


@cache
def sheet_with(text: str, side: int, on: str) -> Image.Image:
    """Return a sheet of paper or a phone with the code of this side in its middle, and what else stands there."""
    whole = round(side * 1.6)
    phone = on == "phone"
    sheet = Image.new("L", (whole, whole), 0 if phone else 238)
    draw = ImageDraw.Draw(sheet)
    edge = (whole - side) // 2
    if phone:
        # A bezel, a lit screen, and a desk's reflection in the glass is for the effects.
        draw.rounded_rectangle((edge * 0.6, 0, whole - edge * 0.6, whole), radius=side // 12, fill=24)
        draw.rectangle((edge * 0.75, side * 0.06, whole - edge * 0.75, whole - side * 0.06), fill=246)
    for line in range(4):
        y = round(edge * (0.3 + 0.16 * line))
        draw.rectangle((edge, y, whole - edge * (1.2 + line % 2), y + max(2, side // 60)), fill=70)
        low = whole - y
        draw.rectangle((edge, low, whole - edge * (1.4 + line % 3), low + max(2, side // 60)), fill=90)
    drawn = code(text).resize(
        (side, side), Image.Resampling.BOX if side > code(text).width else Image.Resampling.LANCZOS
    )
    # Ink is not black and paper not white; a screen's black shines a little.
    low, high = (30, 250) if phone else (45, 238)
    sheet.paste(drawn.point(lambda value: low + value * (high - low) // 255), (edge, edge))
    # Smoothed: every pixel of the picture stands for several of the sheet, as on a sensor.
    return (grid(sheet) if phone else sheet).filter(ImageFilter.BoxBlur((SAMPLES - 1) / 2))


def grid(screen: Image.Image) -> Image.Image:
    """Lay a screen's own lines over it, which beat with the camera's pixels."""
    lines = Image.new("L", (1, 5), 255)
    lines.putpixel((0, 0), 215)
    pattern = Image.new("L", screen.size)
    strip = Image.new("L", (1, screen.height))
    for y in range(0, screen.height, 5):
        strip.paste(lines, (0, y))
    pattern.paste(strip.resize(screen.size))
    return ImageChops.multiply(screen, pattern)


@cache
def desk(size: tuple[int, int]) -> Image.Image:
    """Return a desk with a grain and a few dark things on it, which a decoder could take for a code's corners."""
    width, height = size
    wood = grain_of((width // 8, height // 2), 60).resize(size).point(lambda value: 90 + value // 5)
    draw = ImageDraw.Draw(wood)
    draw.ellipse((width * 0.02, height * 0.05, width * 0.14, height * 0.3), fill=40, outline=200, width=height // 60)
    draw.rectangle((width * 0.86, height * 0.6, width * 0.98, height * 0.98), fill=60)
    draw.rectangle((width * 0.88, height * 0.64, width * 0.96, height * 0.8), fill=210)
    return wood


def laid(sheet: Image.Image, quad: list[Point], table: Image.Image) -> Image.Image:
    """Lay the sheet on the table so that its corners are at these points."""
    size = sheet.width
    coefficients = perspective(quad, [(0, 0), (size, 0), (size, size), (0, size)])
    seen = sheet.transform(table.size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR)
    mask = Image.new("L", table.size, 0)
    ImageDraw.Draw(mask).polygon(quad, fill=255)
    return Image.composite(seen, table, mask)


def perspective(source: list[Point], target: list[Point]) -> list[float]:
    """Return the eight coefficients that lead from points of the picture to points of the sheet."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return solved(rows)


def solved(rows: list[list[float]]) -> list[float]:
    """Solve linear equations, each with its right side last (Gauss and Jordan)."""
    count = len(rows)
    for column in range(count):
        pivot = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(count):
            if row != column:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[-1] for row in rows]


# What lens, light and sensor do.


def out_of_focus(pixels: float) -> Effect:
    """Blur as a lens that has not found its distance; `pixels` is the standard deviation."""
    return lambda frame, _: frame.filter(ImageFilter.GaussianBlur(pixels))


def moved(pixels: int, *, every: int = 1) -> Effect:
    """Smear as a hand that moves while the picture is taken; of `every` so many frames one is spared."""

    def smear(frame: Image.Image, number: int) -> Image.Image:
        if every > 1 and number % every == 0:
            return frame
        smeared = frame
        for step in range(1, pixels):
            smeared = Image.blend(smeared, ImageChops.offset(frame, step, step // 2), 1 / (step + 1))
        return smeared

    return smear


def noise(sigma: float) -> Effect:
    """Add a sensor's noise."""

    def add(frame: Image.Image, number: int) -> Image.Image:
        grain = ImageChops.offset(grain_of(frame.size, sigma), 37 * number, 91 * number)
        return ImageChops.add(frame, grain, scale=1, offset=-128)

    return add


@cache
def grain_of(size: tuple[int, int], sigma: float) -> Image.Image:
    """Return grey noise around 128: one tile of it beside the other."""
    draws = random.Random(GRAIN_SEED)
    values = (round(draws.gauss(128, sigma)) for _ in range(GRAIN_SIDE * GRAIN_SIDE))
    tile = Image.frombytes("L", (GRAIN_SIDE, GRAIN_SIDE), bytes(min(255, max(0, value)) for value in values))
    grain = Image.new("L", size)
    for x in range(0, size[0], GRAIN_SIDE):
        for y in range(0, size[1], GRAIN_SIDE):
            grain.paste(tile, (x, y))
    return grain


def dim(brightness: float, contrast: float) -> Effect:
    """Take light and contrast away."""
    return lambda frame, _: ImageEnhance.Brightness(ImageEnhance.Contrast(frame).enhance(contrast)).enhance(brightness)


def uneven(darkest: int) -> Effect:
    """Let the light fall off from the upper left to the lower right, with the shadow of a hand."""
    return lambda frame, _: ImageChops.multiply(frame, shadow(darkest).resize(frame.size))


@cache
def shadow(darkest: int) -> Image.Image:
    """Return how light falls, small and therefore soft."""
    light = Image.linear_gradient("L").rotate(-35).crop((40, 40, 216, 216)).resize((160, 90))
    light = ImageChops.invert(light).point(lambda value: darkest + value * (255 - darkest) // 255)
    ImageDraw.Draw(light).polygon([(88, 0), (160, 0), (160, 40), (96, 27)], fill=darkest)
    return light.filter(ImageFilter.GaussianBlur(1))


def glare(at: Point, radius: float, strength: int) -> Effect:
    """Let a lamp shine in the glass; `radius` of the picture's height; it wanders with the hand."""

    def shine(frame: Image.Image, number: int) -> Image.Image:
        width, height = frame.width // 8, frame.height // 8
        size = radius * height
        x, y = at[0] * width + wave(number, 2) * size, at[1] * height + wave(number, 3) * size / 2
        spot = Image.new("L", (width, height), 0)
        ImageDraw.Draw(spot).ellipse((x - size, y - size * 0.6, x + size, y + size * 0.6), fill=strength)
        soft = spot.filter(ImageFilter.GaussianBlur(size / 4)).resize(frame.size, Image.Resampling.BILINEAR)
        return ImageChops.screen(frame, soft)

    return shine
