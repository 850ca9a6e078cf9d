"""A program of its own: a picture on standard input, the texts of its QR codes as a JSON list on standard output.

It limits itself before it reads a byte, and it imports nothing of ours.
"""

import io
import resource
import sys
import warnings

MAX_MEMORY_BYTES = 1_073_741_824
"""Address space, of which the libraries take most; a picture of 50 million pixels takes 200 MB."""

MAX_CPU_SECONDS = 2
MAX_INPUT_BYTES = 8_388_608
MAX_PIXELS = 50_000_000
MAX_SIDE = 2_048
"""Longer sides are scaled down: a dense code (113 modules) in half of such a picture still has nine pixels a module."""

UNREADABLE = 2
TOO_MANY_PIXELS = 3


def limit() -> None:
    """Take no more than a picture needs, and write no files."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data: bytes) -> list[str]:
    """Return the texts of the QR codes in a picture."""
    # After the limits, so that they hold for the libraries as well.
    import zxingcpp  # noqa: PLC0415 (after the limits)
    from PIL import Image  # noqa: PLC0415 (after the limits)

    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            sys.exit(TOO_MANY_PIXELS)
        # White where a picture is transparent: black modules on "transparent black" would vanish.
        flat = Image.new("RGBA", picture.size, "white")
        flat.alpha_composite(picture.convert("RGBA"))
    grey = flat.convert("L")
    grey.thumbnail((MAX_SIDE, MAX_SIDE))
    qr_codes = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(grey, formats=qr_codes, text_mode=zxingcpp.TextMode.Plain)
    return [one.text for one in found]


def main() -> int:
    """Read the picture; end with 0, 2 for what is none, 3 for one that is too large."""
    limit()
    import json  # noqa: PLC0415 (after the limits; only written with, never read with)

    try:
        texts = read(sys.stdin.buffer.read(MAX_INPUT_BYTES + 1))
    except Exception:  # noqa: BLE001 (whatever the libraries stumble over, the picture is unreadable)
        return UNREADABLE
    sys.stdout.write(json.dumps(texts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
