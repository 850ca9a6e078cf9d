"""PDF: an embedded file carries the credential. It is read by a process of its own, and pages are never drawn."""

import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import orjson

from badges.errors import MalformedDocumentError, NoCredentialError
from badges.formats.pdf_reader import MAX_BYTES

SIGNATURE = b"%PDF-"
READER = Path(__file__).with_name("pdf_reader.py")
MAX_SECONDS = 8.0
MAX_READERS = 2
"""At the same time; each may take the memory and the seconds of a processor that `pdf_reader` allows itself."""

MAX_WAIT_SECONDS = 8.0
"""For one of them; a crowd of hostile documents must not keep everybody's threads."""

READERS = threading.BoundedSemaphore(MAX_READERS)


class ReadersBusyError(Exception):
    """Too many other documents are being read: try again."""


def is_pdf(data: bytes) -> bool:
    """Return whether these are the first bytes of a PDF."""
    return data.startswith(SIGNATURE)


def extract(document: bytes) -> str:
    """Return the text of the one credential among the files inside a PDF.

    Raises:
        NoCredentialError: "no-credential".
        MalformedDocumentError: "bad-pdf" (damage, or it takes too much to read), "encrypted-pdf", "active-pdf" (it
            would run programs or open other files), "several-credentials", "too-large", "not-utf-8".
        ReadersBusyError: Nobody was free to read it.
    """
    if not is_pdf(document):
        raise MalformedDocumentError("bad-pdf")
    if len(document) > MAX_BYTES:
        raise MalformedDocumentError("too-large", limit=str(MAX_BYTES))
    answer: dict[str, str] = orjson.loads(_read(document))
    if "text" in answer:
        return answer["text"]
    code = answer["code"]
    if code == "no-credential":
        raise NoCredentialError(code)
    raise MalformedDocumentError(code, **({"limit": str(MAX_BYTES)} if code == "too-large" else {}))


def _read(document: bytes) -> bytes:
    """Return what the reader says."""
    if not READERS.acquire(timeout=MAX_WAIT_SECONDS):
        raise ReadersBusyError
    with ExitStack() as stack:
        stack.callback(READERS.release)
        try:
            done = subprocess.run(  # noqa: S603 (our own interpreter and our own file)
                [sys.executable, "-I", str(READER)],
                input=document,
                capture_output=True,
                timeout=MAX_SECONDS,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired as error:
            raise MalformedDocumentError("bad-pdf") from error
    if done.returncode != 0:
        raise MalformedDocumentError("bad-pdf")
    return done.stdout
