"""QR codes in pictures, read by a process of its own: decoders are native code, and pictures are hostile."""

import subprocess
import sys
import threading
from pathlib import Path

import orjson

READER = Path(__file__).with_name("qr_reader.py")
MAX_SECONDS = 10.0
MAX_READERS = 2
"""At the same time; each may take the memory and the second of a processor that `qr_reader` allows itself."""

MAX_TEXTS = 20

READERS = threading.BoundedSemaphore(MAX_READERS)


class QrError(Exception):
    """The picture could not be read; `code` says why: `unreadable-picture` or `too-many-pixels`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_qr_texts(picture: bytes) -> list[str]:
    """Return the texts of the QR codes in a PNG, JPEG or WebP picture.

    Raises:
        QrError: The picture is damaged, too large, or took too long.
    """
    with READERS:
        try:
            done = subprocess.run(  # noqa: S603 (our own interpreter and our own file)
                [sys.executable, "-I", str(READER)],
                input=picture,
                capture_output=True,
                timeout=MAX_SECONDS,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired as error:
            raise QrError("unreadable-picture") from error
    if done.returncode != 0:
        raise QrError("too-many-pixels" if done.returncode == TOO_MANY_PIXELS else "unreadable-picture")
    texts: list[str] = orjson.loads(done.stdout)
    return texts[:MAX_TEXTS]


TOO_MANY_PIXELS = 3
"""The exit code of `qr_reader` for a picture that it refuses to unpack."""
