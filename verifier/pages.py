"""The pages on which people check, keep and show badges: what happens there happens in the browser (`browser/`)."""

from importlib.resources import files

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from badges import strict_json
from badges.web.documents import PublicDocument, respond
from badges.web.pages import Pages
from badges.web.policy import SCANNER_POLICY
from badges.web.static_files import static_router

SERVICE_WORKER = "app/service-worker.js"


def page_routers(pages: Pages, *, public_url: str) -> list[APIRouter]:
    """Return the pages, their scripts, and what makes My badges a program of its own on a phone.

    `/` checks anything, `/v` a badge link, `/h` a history link, `/s/<id>` a share; `/badges` keeps a learner's own.
    What a link carries is in its fragment, which no server ever receives.

    Args:
        pages: Made with the template package "verifier".
        public_url: Of this verifier, without a slash at its end; links made in the pages start with it.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def check_page(request: Request) -> Response:
        return pages.render(request, "check.html", mode="check", verifier=public_url, camera=True)

    @router.get("/v")
    def badge_link_page(request: Request) -> Response:
        return pages.render(request, "check.html", mode="link", verifier=public_url, camera=True)

    @router.get("/h")
    def history_page(request: Request) -> Response:
        return pages.render(request, "history.html", mode="history", verifier=public_url)

    @router.get("/s/{id}")
    def share_page(request: Request, id: str) -> Response:  # noqa: A002, ARG001 (the page's script reads it)
        return pages.render(request, "history.html", mode="share", verifier=public_url)

    @router.get("/badges")
    def badges_page(request: Request) -> Response:
        return pages.render(request, "badges.html", verifier=public_url, camera=True, offline=True)

    @router.get("/service-worker.js")
    def service_worker(request: Request) -> Response:
        # At the top, because a worker serves the pages below its own address.
        return respond(request, PublicDocument(worker(), "text/javascript; charset=utf-8", 0, vary=()))

    @router.get("/manifest.webmanifest")
    def manifest(request: Request) -> Response:
        return respond(request, PublicDocument(MANIFEST, "application/manifest+json", 3600, vary=()))

    scripts = static_router(
        "verifier", "/static/app", "static/app", policies={"scan-worker.js": SCANNER_POLICY}, digested="parts/"
    )
    return [router, scripts, static_router("verifier", "/static/verifier")]


def worker() -> bytes:
    """Return the service worker's script."""
    return files("verifier").joinpath("static", SERVICE_WORKER).read_bytes()


MANIFEST = strict_json.dump(
    {
        "id": "/badges",
        "name": "Akashi マイバッジ / My badges",
        "short_name": "Akashi",
        "start_url": "/badges",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f7f9",
        "theme_color": "#12385b",
        "icons": [{"src": "/static/icon.svg", "type": "image/svg+xml", "sizes": "any", "purpose": "any maskable"}],
    }
)
