"""The verifier's one question: what is this worth?"""

from collections.abc import Callable
from typing import Final

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from badges import strict_json
from badges.web.body import read_body
from badges.web.catalogue import Catalogue
from badges.web.language import language_of
from verifier.intake import MAX_PICTURE_BYTES, MAX_TEXT_BYTES
from verifier.report import Check, Outcome, Report, Verdict

MAX_CHECKS: Final = 16
LIMITER: Final[RunVar[CapacityLimiter]] = RunVar("checks of badges")
TEXT_TYPES: Final = (
    "application/json",
    "application/vc+ld+json",
    "application/vc",
    "application/ld+json",
    "application/vc+jwt",
    "text/plain",
)
PICTURE_TYPES: Final = (
    "image/png",
    "image/svg+xml",
    "image/jpeg",
    "image/webp",
    "application/pdf",
    "application/octet-stream",
)

REPORT_SCHEMA: Final[dict[str, object]] = {
    "type": "object",
    "required": [
        "verdict",
        "standing",
        "findings",
        "credential",
        "registry",
        "fetched",
        "fromThisServer",
        "statusLists",
        "checkedAt",
        "checkedBy",
    ],
    "properties": {
        "verdict": {"enum": [str(one) for one in Verdict]},
        "standing": {
            "type": "object",
            "required": ["atIssue", "now"],
            "properties": {name: {"enum": ["accredited", "registered", "unknown"]} for name in ("atIssue", "now")},
        },
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["check", "outcome", "code", "text"],
                "properties": {
                    "check": {"enum": [str(one) for one in Check]},
                    "outcome": {"enum": [str(one) for one in Outcome]},
                    "code": {"type": "string", "description": "Stable."},
                    "text": {"type": "string", "description": "In the reader's language."},
                    "at": {"type": "string", "description": "JSON Pointer into the credential."},
                },
            },
        },
        "credential": {
            "type": ["object", "null"],
            "description": "What a person is shown, from the verified bytes; null unless the proof verified.",
        },
        "registry": {
            "type": "object",
            "properties": {"number": {"type": ["integer", "null"]}, "of": {"type": ["string", "null"]}},
        },
        "fetched": {"type": "array", "items": {"type": "string"}},
        "fromThisServer": {"type": "array", "items": {"type": "string"}},
        "statusLists": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["url", "validFrom"],
                "properties": {"url": {"type": "string"}, "validFrom": {"type": "string", "format": "date-time"}},
            },
        },
        "checkedAt": {"type": "string", "format": "date-time"},
        "checkedBy": {"enum": ["page", "server"]},
    },
}

DESCRIPTION: Final[dict[str, object]] = {
    "requestBody": {
        "required": True,
        "description": (
            "The thing itself: a credential as JSON or compact JWS, a baked PNG or SVG, a picture of a QR code, "
            "a PDF with a credential inside, "
            "a badge link, or a link to one of these. 1 MiB of text, 8 MiB of picture or PDF."
        ),
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in TEXT_TYPES + PICTURE_TYPES
        },
    },
    "responses": {
        "200": {
            "description": "The report, whatever its verdict.",
            "content": {"application/json": {"schema": REPORT_SCHEMA}},
        }
    },
}


def limiter() -> CapacityLimiter:
    """Return what bounds the checks at one time: in threads of their own, slow badges keep nothing else waiting."""
    try:
        return LIMITER.get()
    except LookupError:
        made = CapacityLimiter(MAX_CHECKS)
        LIMITER.set(made)
        return made


def verify_router(check: Callable[[bytes], Report], catalogue: Catalogue) -> APIRouter:
    """Return the route that verifies; `check` makes a report of what was sent."""
    router = APIRouter()

    @router.post("/v1/verify", summary="Verify a badge", openapi_extra=DESCRIPTION)
    async def verify_badge(request: Request) -> Response:
        picture = request.headers.get("content-type", "").partition(";")[0].strip().lower() in PICTURE_TYPES
        limit = MAX_PICTURE_BYTES if picture else MAX_TEXT_BYTES
        data = await read_body(request, limit=limit, media_types=TEXT_TYPES + PICTURE_TYPES)
        report = await to_thread.run_sync(check, data, limiter=limiter())
        language = language_of(request)
        return Response(
            strict_json.dump(report.to_json(language, catalogue)),
            headers={"Content-Language": language, "Vary": "Accept-Language"},
            media_type="application/json",
        )

    return router
