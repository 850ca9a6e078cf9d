"""The routes of pages that verify by themselves: the register, issuers' keys, status lists, pinned documents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from badges import strict_json
from badges.web.documents import PublicDocument, respond
from badges.web.problems import FieldError, Problem
from schemas import bundles
from verifier import handover
from verifier.addresses import MAX_URL_CHARACTERS
from verifier.api import limiter
from verifier.cache import KEEP_FAILURE_SECONDS
from verifier.handover import JSON_LIST, JWS_LIST, HandoverError
from verifier.lists import StatusLists
from verifier.trust import SnapshotSource, Trust
from verifier.web import Recorder, Web

PRIVATE: Final = {"Cache-Control": "no-store"}
"""On whatever names an issuer or a list that somebody is looking at."""

FAILED_DEPENDENCY: Final = 424
"""RFC 4918 section 11.4: another server's fault, so none of the 5xx, which would be ours."""

UNREACHABLE: Final = {"key-unreachable", "list-unreachable"}
ASKED_WRONGLY: Final = {"bad-did", "list-url-not-allowed"}
OF_KEYS: Final = {"key-unreachable", "key-document-unreadable", "unusable-key"}
REFUSED_LISTS: Final = (
    "list-unreadable",
    "list-of-another-issuer",
    "list-not-authentic",
    "list-key-unknown",
    "list-key-not-registered",
    "list-key-not-valid",
    "list-older-than-seen",
    "wrong-list-type",
)
"""Each with a text `field.<code>`; all under the problem `list-refused`."""

RETRY: Final = {"Retry-After": f"{KEEP_FAILURE_SECONDS:.0f}"}

Did = Annotated[
    str,
    Query(
        max_length=MAX_URL_CHARACTERS,
        description="A did:web, or an https issuer whose keys stand at its /.well-known/jwks.json.",
    ),
]
Url = Annotated[str, Query(max_length=MAX_URL_CHARACTERS, description="The `statusListCredential` of a badge.")]


@dataclass(frozen=True)
class Desk:
    """What the pages' questions are answered with."""

    web: Web
    lists: StatusLists
    snapshots: SnapshotSource | None
    clock: Callable[[], datetime]

    def keys(self, did: str) -> Mapping[str, object]:
        """Return an issuer's key document; raises `HandoverError`."""
        return handover.key_document(did, Recorder(self.web))

    def status_list(self, url: str) -> handover.ListText:
        """Return a status list; raises `HandoverError`."""
        trust = Trust(self.snapshots.latest() if self.snapshots else None)
        return handover.status_list(url, now=self.clock(), web=Recorder(self.web), trust=trust, lists=self.lists)

    def snapshot(self) -> str | None:
        """Return the newest snapshot of the registry as it was signed."""
        return self.snapshots.text() if self.snapshots else None


def answers(description: str, *media_types: str) -> dict[str, object]:
    """Return the `openapi_extra` of a route that answers 200 with one of these media types."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in media_types}
    return {"responses": {"200": {"description": description, "content": content}}}


def handover_router(desk: Desk) -> APIRouter:
    """Return the routes by which a page reads what it may not fetch by itself."""
    router = APIRouter()

    @router.get(
        "/v1/registry",
        summary="Read the register",
        openapi_extra=answers("The newest signed snapshot: a compact JWS.", "application/jose"),
    )
    async def read_registry(request: Request) -> Response:
        text = await to_thread.run_sync(desk.snapshot, limiter=limiter())
        if text is None:
            raise Problem(404, "no-registry")
        return respond(request, register_of(text))

    @router.get(
        "/v1/keys",
        summary="Read an issuer's keys",
        openapi_extra=answers(
            "`document`, the DID document, or `keySet`, the JWK set: only the keys that we can use.", "application/json"
        ),
    )
    async def read_keys(did: Did) -> Response:
        try:
            found = await to_thread.run_sync(desk.keys, did, limiter=limiter())
        except HandoverError as error:
            raise problem_of(error.code) from error
        return Response(strict_json.dump(found), headers=PRIVATE, media_type="application/json")

    @router.get(
        "/v1/status-lists",
        summary="Read a status list",
        openapi_extra=answers("The list as its issuer signed it; its proof was checked.", JSON_LIST, JWS_LIST),
    )
    async def read_status_list(url: Url) -> Response:
        try:
            found = await to_thread.run_sync(desk.status_list, url, limiter=limiter())
        except HandoverError as error:
            raise problem_of(error.code) from error
        return Response(found.body, headers=PRIVATE, media_type=found.media_type)

    return router


@lru_cache(maxsize=1)
def register_of(snapshot: str) -> PublicDocument:
    """Return the register's document; it is asked for more often than it changes."""
    return PublicDocument(snapshot.encode("ascii"), "application/jose", 0, vary=(), packed=True)


def problem_of(code: str) -> Problem:
    """Return the answer to what was not handed over."""
    if code in ASKED_WRONGLY:
        return Problem(400, code)
    if code in UNREACHABLE:
        return Problem(FAILED_DEPENDENCY, code, headers=RETRY)
    if code in OF_KEYS:
        return Problem(FAILED_DEPENDENCY, code)
    return Problem(FAILED_DEPENDENCY, "list-refused", errors=[FieldError("", code)])


def data_router() -> APIRouter:
    """Return the routes of the pinned documents, read once when a service starts."""
    router = APIRouter(include_in_schema=False)
    bodies = {"contexts": bundles.contexts(), "schemas": bundles.json_schemas(), "frameworks": bundles.frameworks()}
    documents = {
        f"{name}.json": PublicDocument(body, "application/json", 0, vary=(), packed=True)
        for name, body in bodies.items()
    }

    @router.get("/data/{name}")
    def read_data(request: Request, name: str) -> Response:
        document = documents.get(name)
        if document is None:
            raise Problem(404, "not-found")
        return respond(request, document)

    return router
