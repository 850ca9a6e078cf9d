"""What the world reads of the register: the signed snapshots, and a page that shows who may issue what."""

import re
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from badges.web.app import wants_html
from badges.web.documents import PublicDocument, respond
from badges.web.language import language_of
from badges.web.pages import Pages
from badges.web.problems import Problem
from registry import frameworks
from registry.shown import day, shown_providers
from registry.snapshot import Snapshots

SNAPSHOT = re.compile(r"/registry/(?P<number>latest|[1-9][0-9]{0,8})", re.ASCII)
NEWEST_SECONDS = 60
YEAR_SECONDS = 31_536_000


class Documents:
    """The registry's public documents by path, for whoever shares its process."""

    def __init__(self, snapshots: Snapshots, public_url: str) -> None:
        self._snapshots = snapshots
        self._public_url = public_url

    def read(self, path: str) -> PublicDocument | None:
        """Return the document at a path, or None."""
        address = SNAPSHOT.fullmatch(path)
        return self._snapshot(address["number"]) if address else frameworks.read(path, self._public_url)

    def _snapshot(self, number: str) -> PublicDocument | None:
        newest = number == "latest"
        text = self._snapshots.text(None if newest else int(number))
        if text is None:
            return None
        max_age = NEWEST_SECONDS if newest else YEAR_SECONDS
        return PublicDocument(text.encode(), "application/jose", max_age, immutable=not newest, vary=())


def register_router(
    documents: Documents, snapshots: Snapshots, pages: Pages, clock: Callable[[], datetime]
) -> APIRouter:
    """Return the routes of the snapshots, and the page of the register."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def home_page(request: Request) -> Response:
        # Where the verifier is under this address, its page stands here.
        return pages.render(request, "registry-home.html")

    @router.get("/registry")
    def read_register(request: Request) -> Response:
        snapshot = snapshots.latest()
        if not wants_html(request) or snapshot is None:
            return read_snapshot(request, "latest")
        language = language_of(request)
        return pages.render(
            request,
            "register.html",
            number=str(snapshot.number),
            issued=day(snapshot.issued, language),
            providers=shown_providers(snapshot, clock(), language),
        )

    @router.get("/registry/{number}")
    def read_snapshot(request: Request, number: str) -> Response:
        document = documents.read(f"/registry/{number}")
        if document is None:
            raise Problem(404, "not-found")
        return respond(request, document)

    return router
