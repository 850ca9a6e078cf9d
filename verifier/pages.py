"""The pages on which people check badges: everything else happens in the page's script and `POST /v1/verify`."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from badges.web.pages import Pages
from badges.web.policy import SCANNER_POLICY
from badges.web.static_files import static_router


def page_routers(pages: Pages, *, public_url: str) -> list[APIRouter]:
    """Return the check page (`/`), the page of a badge link (`/v`), and their scripts.

    Args:
        pages: Made with the template package "verifier".
        public_url: Of this verifier, without a slash at its end; badge links made in the page start with it.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def check_page(request: Request) -> Response:
        return pages.render(request, "check.html", mode="check", verifier=public_url)

    @router.get("/v")
    def badge_link_page(request: Request) -> Response:
        # The badge is in the fragment, which no server ever receives.
        return pages.render(request, "check.html", mode="link", verifier=public_url)

    scripts = static_router("verifier", "/static/app", "static/app", policies={"scan-worker.js": SCANNER_POLICY})
    return [router, scripts, static_router("verifier", "/static/verifier")]
