"""The routes of shares. Whatever is wrong with an id or a token, the answer is one and the same."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Final, TypeVar

import anyio
from anyio import to_thread
from fastapi import APIRouter
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from badges import strict_json
from badges.web.body import Body, json_body, read_json
from badges.web.problems import FieldError, Problem
from keys import base64url, date_time_stamp
from verifier.allowance import DailyAllowance
from verifier.share_store import IdTakenError
from verifier.shares import MAX_DAYS, MAX_JWE, TOKEN, Digests, NoShareError, NotAShareError, Shares, check_jwe

MAX_BODY_BYTES: Final = MAX_JWE + 4_096
MAX_OPENING_BYTES: Final = 4_096
SECONDS_OF_REFUSAL: Final = 0.1
"""How long a refusal takes at least, longer than any of its causes: else a dead share answers sooner than a living."""

BEARER: Final = "Bearer "
MANAGED: Final[dict[str, object]] = {
    "parameters": [
        {
            "name": "Authorization",
            "in": "header",
            "required": True,
            "schema": {"type": "string"},
            "description": "`Bearer` and the managing token.",
        }
    ]
}

T = TypeVar("T")


def checked(jwe: str) -> str:
    """Return a JWE of the right form."""
    try:
        check_jwe(jwe)
    except NotAShareError as error:
        raise PydanticCustomError(error.code, "not a share") from error
    return jwe


Token = Annotated[str, Field(pattern=f"^{TOKEN.pattern}$", description="Base64url of 32 bytes.")]


class ShareBody(Body):
    """A new share."""

    jwe: Annotated[str, Field(max_length=MAX_JWE), AfterValidator(checked)] = Field(
        description="Compact JWE, `dir` and `A256GCM`, its ciphertext 4, 8, 16, 32, 64, 96, 128, 160 or 191 KiB long."
    )
    expires: Annotated[int, Field(ge=1, le=MAX_DAYS)] | Annotated[str, Field(max_length=40)] = Field(
        description="Days from now, 1 to 90, or a moment (xsd:dateTimeStamp) within 90 days."
    )
    access: Token = Field(description="SHA-256 of the access token.")
    open: Token = Field(description="SHA-256 of the opening token.")
    manage: Token = Field(description="SHA-256 of the managing token.")


class OpeningBody(Body):
    """The tokens that open a share."""

    access: Token
    open: Token


def share_router(shares: Shares, allowance: DailyAllowance, clock: Callable[[], datetime]) -> APIRouter:
    """Return the routes of shares."""
    router = APIRouter(prefix="/v1/shares")

    @router.post("", summary="Keep a ciphertext", openapi_extra=json_body(ShareBody))
    async def post_share(request: Request) -> Response:
        body = await read_json(request, ShareBody, limit=MAX_BODY_BYTES)
        now = clock()
        expires = end_of(body.expires, now)
        if not allowance.take(request.client.host if request.client else "", now):
            raise Problem(429, "too-many-shares", headers={"Retry-After": str(seconds_of_day_left(now))})
        digests = Digests(*map(base64url.decode, (body.access, body.open, body.manage)))
        keep = partial(shares.create, body.jwe, digests, expires=expires, now=now)
        try:
            kept = await to_thread.run_sync(keep)
        except IdTakenError as error:
            raise Problem(409, "share-id-taken") from error
        return answer({"id": kept.id, "expires": kept.expires}, 201)

    @router.post("/{share}/open", summary="Open a share", openapi_extra=json_body(OpeningBody))
    async def open_share(request: Request, share: str) -> Response:
        body = await read_json(request, OpeningBody, limit=MAX_OPENING_BYTES)
        opened = await told(partial(shares.open, share, access=body.access, opening=body.open, now=clock()))
        return answer({"jwe": opened.jwe, "expires": opened.expires})

    @router.get("/{share}", summary="See how often a share was opened", openapi_extra=MANAGED)
    async def get_share(request: Request, share: str) -> Response:
        found = await told(partial(shares.managed, share, managing_token(request), clock()))
        return answer({"expires": found.expires, "views": found.views, "attemptsLeft": found.attempts})

    @router.delete("/{share}", summary="Revoke a share", openapi_extra=MANAGED, status_code=204)
    async def delete_share(request: Request, share: str) -> Response:
        await told(partial(shares.revoke, share, managing_token(request), clock()))
        return Response(status_code=204)

    return router


async def told(ask: Callable[[], T]) -> T:
    """Return what is asked for, or refuse it as every refusal is: after a while, and without a reason.

    Raises:
        Problem: 404, there is no such share.
    """
    begun = time.monotonic()
    try:
        return await to_thread.run_sync(ask)
    except NoShareError as error:
        await anyio.sleep(max(0.0, SECONDS_OF_REFUSAL - (time.monotonic() - begun)))
        raise Problem(404, "no-share") from error


def managing_token(request: Request) -> str:
    """Return the token of the `Authorization` header, "" if it has none."""
    header = request.headers.get("authorization", "")
    return header.removeprefix(BEARER) if header.startswith(BEARER) else ""


def end_of(expires: int | str, now: datetime) -> datetime:
    """Return when a share is to end.

    Raises:
        Problem: 422, not a moment within the days that a share may last.
    """
    try:
        end = now + timedelta(days=expires) if isinstance(expires, int) else date_time_stamp.parse(expires)
    except ValueError as error:
        raise Problem(422, "invalid-fields", errors=[FieldError("/expires", "wrong-form")]) from error
    if not now < end <= now + timedelta(days=MAX_DAYS):
        raise Problem(422, "invalid-fields", errors=[FieldError("/expires", "out-of-range")])
    return end


def seconds_of_day_left(now: datetime) -> int:
    """Return how long it is until the next day, in UTC."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((today + timedelta(days=1) - now).total_seconds()) + 1


def answer(content: dict[str, object], status: int = 200) -> Response:
    """Return JSON."""
    return Response(strict_json.dump(content), status, media_type="application/json")
