"""What every service's web application has: headers, problems, pages, static files."""

import logging
from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from badges import strict_json
from badges.web.catalogue import Catalogue
from badges.web.documents import PublicDocument, respond
from badges.web.language import LANGUAGES, Language, known, language_of
from badges.web.pages import Pages
from badges.web.policy import security_headers
from badges.web.problems import FieldError, Problem, problem_response
from badges.web.static_files import static_router

LOGGER = logging.getLogger("akashi.web")

SECURITY_HEADERS = security_headers()
"""On every answer, unless the answer itself says otherwise."""

CONTENT_SECURITY_POLICY = SECURITY_HEADERS["Content-Security-Policy"]

WAYS = {
    "check": ("/", "/v"),
    "badges": ("/badges", "/badges"),
    "register": ("/registry", "/registry"),
    "frameworks": ("/frameworks", "/frameworks"),
}
"""Where every page leads on to: an address, and the route that shows that this process has it."""

HTTP_CODES = {404: "not-found", 405: "method-not-allowed"}


def application(*, title: str, routers: Sequence[APIRouter], catalogue: Catalogue) -> FastAPI:
    """Return a web application with these routes, and with what all our services share.

    The catalogue must hold the texts of `badges.web` and those of every problem that the routes raise.
    """
    app = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url="/openapi.json", redirect_slashes=False)
    pages = Pages(catalogue)
    for router in (*routers, shared_routes(catalogue, pages), static_router("badges.web", "/static")):
        app.include_router(router)
    paths = {getattr(route, "path", "") for router in routers for route in router.routes}
    app.state.ways = tuple((name, address) for name, (address, route) in WAYS.items() if route in paths)
    add_handlers(app, catalogue, pages)
    app.add_middleware(Guard, catalogue=catalogue)
    return app


def shared_routes(catalogue: Catalogue, pages: Pages) -> APIRouter:
    """Return the pages that explain problems, the texts for scripts, and a sign of life."""
    router = APIRouter(include_in_schema=False)
    texts = {language: texts_of(catalogue, language) for language in LANGUAGES}

    @router.get("/healthz")
    async def say_that_we_live() -> Response:
        return Response(b"ok\n", media_type="text/plain")

    @router.get("/problems/{code}")
    def explain_problem(request: Request, code: str) -> Response:
        key = f"problem.{code}"
        if f"{key}.title" not in catalogue:
            raise Problem(404, "not-found")
        language = language_of(request)
        title, detail = (catalogue.text_in_general(language, f"{key}.{part}") for part in ("title", "detail"))
        return pages.render(request, "problem-kind.html", code=code, title=title, detail=detail)

    @router.get("/texts/{language}.json")
    def read_texts(request: Request, language: str) -> Response:
        tag = known(language)
        if tag is None:
            raise Problem(404, "not-found")
        return respond(request, texts[tag])

    return router


def texts_of(catalogue: Catalogue, language: Language) -> PublicDocument:
    """Return what scripts say in a language."""
    body = strict_json.dump(catalogue.with_prefix(language, "page.", "site.", "problem.", "finding."))
    return PublicDocument(body, "application/json", 0, vary=(), packed=True)


def add_handlers(app: FastAPI, catalogue: Catalogue, pages: Pages) -> None:
    """Answer every kind of refusal with a problem: a page for people, JSON for programs."""

    def answer(request: Request, problem: Problem) -> Response:
        if wants_html(request):
            response: Response = pages.render(request, "problem.html", status=problem.status, problem=problem)
            response.headers.update(problem.headers)
            return response
        return problem_response(request, problem, catalogue)

    @app.exception_handler(Problem)
    def on_problem(request: Request, error: Problem) -> Response:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    def on_http_exception(request: Request, error: HTTPException) -> Response:
        code = HTTP_CODES.get(error.status_code, "bad-request")
        return answer(request, Problem(error.status_code, code, headers=error.headers))

    @app.exception_handler(RequestValidationError)
    def on_invalid_parameters(request: Request, error: RequestValidationError) -> Response:
        names = sorted({str(detail["loc"][-1]) for detail in error.errors()})
        return answer(
            request, Problem(422, "invalid-fields", errors=[FieldError(f"/{name}", "invalid") for name in names])
        )


def wants_html(request: Request) -> bool:
    """Tell whether a person is looking: a browser opens a page or sends a form, and wants HTML before all else."""
    is_form = request.headers.get("content-type", "").startswith("multipart/form-data")
    looking = request.method in {"GET", "HEAD"} or is_form
    return looking and request.headers.get("accept", "").startswith("text/html")


class Guard:
    """The outermost layer: security headers on every answer, HEAD as GET, and no details of a crash.

    Not the framework's own handling of a crash, because that one logs the message of the exception, which may hold
    what somebody sent us.
    """

    def __init__(self, app: ASGIApp, catalogue: Catalogue) -> None:
        self.app = app
        self.catalogue = catalogue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = Answer(send, head=scope["method"] == "HEAD")
        if answer.head:
            scope = {**scope, "method": "GET"}
        try:
            await self.app(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001 (the last resort of a service: the answer must still be a problem)
            LOGGER.error("unexpected %s at %s", type(error).__name__, place_of(error))  # noqa: TRY400 (no message, no trace)
            if answer.started:
                return
            response = problem_response(Request(scope), Problem(500, "internal-error"), self.catalogue)
            await response(scope, receive, answer.send)


class Answer:
    """Passes an answer on with our headers, and without its body when the client asked for the head."""

    def __init__(self, send: Send, *, head: bool) -> None:
        self.pass_on = send
        self.head = head
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass one message on."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        elif self.head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.pass_on(message)


def place_of(error: BaseException) -> str:
    """Return the file and line where an exception was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
