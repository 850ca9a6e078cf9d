"""QR codes in pictures, read by a process of its own: decoders are native code, and pictures are hostile."""

import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import orjson

from verifier.qr_reader import TOO_MANY_PIXELS

READER = Path(__file__).with_name("qr_reader.py")
MAX_SECONDS = 5.0
MAX_READERS = 2
"""At the same time; each may take the memory and the seconds of a processor that `qr_reader` allows itself."""

MAX_WAIT_SECONDS = 5.0
"""For one of them; a crowd of hostile pictures must not keep everybody's threads."""

MAX_TEXTS = 20

READERS = threading.BoundedSemaphore(MAX_READERS)


class QrError(Exception):
    """The picture could not be read; `code` says why: `unreadable-picture`, `too-many-pixels` or `readers-busy`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_qr_texts(picture: bytes) -> list[str]:
    """Return the texts of the QR codes in a PNG, JPEG or WebP picture.

    Raises:
        QrError: The picture is damaged, too large, or took too long; or too many others are being read.
    """
    if not READERS.acquire(timeout=MAX_WAIT_SECONDS):
        raise QrError("readers-busy")
    with ExitStack() as stack:
        stack.callback(READERS.release)
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
