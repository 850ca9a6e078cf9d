"""A file checked by the server, for a browser without JavaScript: a form, and a page with the report."""

from collections.abc import AsyncGenerator, Callable
from typing import Final

from anyio import to_thread
from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from badges.web.body import read_body
from badges.web.language import language_of
from badges.web.pages import Pages
from badges.web.problems import Problem
from keys.date_time_stamp import stamp
from verifier.api import limiter
from verifier.intake import MAX_PICTURE_BYTES
from verifier.report import Report
from verifier.words import ADVISED, is_badge, moment, says_badge, tone_of, word_of

FORM: Final = "multipart/form-data"
MAX_FORM_BYTES: Final = MAX_PICTURE_BYTES + 65_536
"""A file and what a form writes around it."""


def upload_router(check: Callable[[bytes], Report], pages: Pages) -> APIRouter:
    """Return the form's route; `check` makes a report of what was sent.

    Args:
        check: Makes a report of a file's bytes.
        pages: Made with the template package "verifier".
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/check")
    def form(request: Request) -> Response:
        # Where a switch of the language leads, or a bookmark: the result is kept nowhere.
        return RedirectResponse(f"/?lang={language_of(request)}", 303)

    @router.post("/check")
    async def check_upload(request: Request) -> Response:
        data = await uploaded(request)
        report = await to_thread.run_sync(check, data, limiter=limiter())
        language = language_of(request)
        said = report.to_json(language, pages.catalogue)
        word = word_of(report, says_badge=says_badge(data))
        return pages.render(
            request,
            "checked.html",
            report=said,
            time=moment(stamp(report.checked_at)),
            moment=moment,
            word=word,
            tone=tone_of(word),
            badge=is_badge(word),
            advised=word in ADVISED,
        )

    return router


async def uploaded(request: Request) -> bytes:
    """Return the bytes of the form's one file, which are never written to a disk.

    Raises:
        Problem: 415, 413; 400 `bad-request` for a form that is none, or has no file.
    """
    body = await read_body(request, limit=MAX_FORM_BYTES, media_types={FORM})

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(request.headers, stream(), max_files=1, max_fields=4, max_part_size=MAX_FORM_BYTES)
    # Else what is larger than a megabyte is rolled over into a temporary file.
    parser.spool_max_size = MAX_FORM_BYTES
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Problem(400, "bad-request") from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Problem(400, "bad-request")
        return await file.read()
    finally:
        await form.close()
