"""JSON routes for providers' programs: achievements, offers, credentials, batches, revocation."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from badges import strict_json
from badges.credential import Mechanism
from badges.formats.qr import badge_link
from badges.model import IDENTITY_TYPES, IdentityObject
from badges.web.body import json_body, read_json
from badges.web.catalogue import Catalogue
from badges.web.language import language_of
from badges.web.problems import FieldError, Problem
from issuer.access import ForbiddenError, Scope, UnknownClientError, authenticate, require_scope
from issuer.achievements import (
    SLUG,
    Body,
    Code,
    Definition,
    InvalidAchievementError,
    create_achievement,
    create_version,
    definition_of,
)
from issuer.issuing import AwardRequest, Issued, Issuing, RefusedError, issue
from issuer.offers import NewOffer, create_offers, expiry
from issuer.providers import KeyEndedError
from issuer.status_lists import Reason, revoke
from issuer.store import (
    DuplicateError,
    Provider,
    StoredAchievement,
    UnknownAchievementError,
    UnknownCredentialError,
)
from keys.did import DidError, expand
from keys.public_key import KeyFormatError

M = TypeVar("M", bound=BaseModel)

MAX_AWARDS = 1_000
BATCH_BYTES = 8 * 1_048_576
MAX_OFFER_DAYS = 366
REFUSAL_STATUS = {"signing-key-retired": 409, "not-accredited": 403}
"""Every other refusal is 422: the request is at fault."""

IdempotencyKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,128}$")]


class AchievementBody(Definition):
    """A new achievement and its id, which stands in its address."""

    id: str = Field(pattern=SLUG)


class IdentityBody(Body):
    """A salted hash, ready-made by the provider: `sha256$` and the hex digest of identifier and salt."""

    identity_type: str = Field(default="emailAddress", max_length=40)
    identity_hash: str = Field(pattern=r"^sha256\$[0-9a-f]{64}$")
    salt: str = Field(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")


class AwardBody(Body):
    """To whom, and how well: exactly one of `holder`, `identity` and `bearer`."""

    achievement: str = Field(pattern=SLUG)
    version: Annotated[int, Field(ge=1)] | None = None
    holder: str | None = Field(default=None, max_length=2048, pattern=r"^did:(key|jwk):")
    identity: IdentityBody | None = None
    bearer: Literal[True] | None = None
    level: Code | None = None


class KeyedAwardBody(AwardBody):
    """An award of a batch, with its idempotency key."""

    key: IdempotencyKey


class BatchBody(Body):
    """Up to 1,000 awards."""

    awards: tuple[KeyedAwardBody, ...] = Field(min_length=1, max_length=MAX_AWARDS)


class OfferBody(Body):
    """One offer: a key of the provider's own ledger, and the level reached, where the achievement asks for it."""

    key: IdempotencyKey
    level: Code | None = None


class OffersBody(Body):
    """Up to 1,000 offers of one achievement."""

    achievement: str = Field(pattern=SLUG)
    offers: tuple[OfferBody, ...] = Field(min_length=1, max_length=MAX_AWARDS)
    expires_days: int = Field(default=90, ge=1, le=MAX_OFFER_DAYS)


class RevocationBody(Body):
    """Why: a code from a closed list."""

    reason: Reason


def achievement_router(issuing: Issuing, clock: Callable[[], datetime]) -> APIRouter:
    """Return the routes of achievements and offers."""
    router = APIRouter(prefix="/v1")

    async def acting(request: Request, scope: Scope) -> Provider:
        return await run_in_threadpool(provider_of, request, scope, issuing, clock())

    @router.post("/achievements", openapi_extra=json_body(AchievementBody))
    async def post_achievement(request: Request) -> Response:
        provider = await acting(request, Scope.ACHIEVEMENTS)
        body = await read_json(request, AchievementBody)
        definition = Definition(**{name: getattr(body, name) for name in Definition.model_fields})
        stored = await run_in_threadpool(
            entered,
            lambda: create_achievement(
                issuing.store, issuing.addresses, provider, achievement_id=body.id, definition=definition
            ),
        )
        return answer(achievement_json(stored, issuing), 201)

    @router.post("/achievements/{achievement}/versions", openapi_extra=json_body(Definition))
    async def post_version(request: Request, achievement: str) -> Response:
        provider = await acting(request, Scope.ACHIEVEMENTS)
        definition = await read_json(request, Definition)
        stored = await run_in_threadpool(
            entered,
            lambda: create_version(
                issuing.store, issuing.addresses, provider, achievement_id=achievement, definition=definition
            ),
        )
        return answer(achievement_json(stored, issuing), 201)

    @router.get("/achievements")
    async def get_achievements(request: Request) -> Response:
        provider = await acting(request, Scope.ACHIEVEMENTS)
        found = await run_in_threadpool(issuing.store.achievements, provider.slug)
        return answer({"achievements": [achievement_json(stored, issuing) for stored in found]})

    @router.post("/offers", openapi_extra=json_body(OffersBody))
    async def post_offers(request: Request) -> Response:
        provider = await acting(request, Scope.OFFERS)
        body = await read_json(request, OffersBody)
        expires = expiry(clock(), body.expires_days)
        new = [NewOffer(one.key, one.level or "") for one in body.offers]
        tokens = await run_in_threadpool(
            entered,
            lambda: create_offers(new, body.achievement, provider, issuing.store, expires=expires),
        )
        base = issuing.addresses.issuer
        return answer(
            {"offers": [{"key": one.key, "link": f"{base}/c#{token}"} for one, token in zip(new, tokens, strict=True)]},
            201,
        )

    return router


def credential_router(
    issuing: Issuing, clock: Callable[[], datetime], catalogue: Catalogue, *, verifier: str
) -> APIRouter:
    """Return the routes of credentials and batches; `verifier` is the address that badge links begin with."""
    router = APIRouter(prefix="/v1")

    async def acting(request: Request, scope: Scope) -> Provider:
        return await run_in_threadpool(provider_of, request, scope, issuing, clock())

    @router.post("/credentials", openapi_extra=json_body(AwardBody))
    async def post_credential(request: Request) -> Response:
        provider = await acting(request, Scope.ISSUE)
        key = idempotency_key(request)
        body = await read_json(request, AwardBody)
        award = award_request(body, key)
        [result] = await run_in_threadpool(issue_all, [award], provider, issuing, clock())
        if isinstance(result, RefusedError):
            raise problem_of(result)
        return answer(issued_json(result, verifier), 201 if result.created else 200)

    @router.post("/batches", openapi_extra=json_body(BatchBody))
    async def post_batch(request: Request) -> Response:
        provider = await acting(request, Scope.ISSUE)
        body = await read_json(request, BatchBody, limit=BATCH_BYTES)
        checked = [checked_award(one) for one in body.awards]
        good = [one for one in checked if isinstance(one, AwardRequest)]
        done = iter(await run_in_threadpool(issue_all, good, provider, issuing, clock()))
        results = [next(done) if isinstance(one, AwardRequest) else one for one in checked]
        language = language_of(request)
        return answer(
            {
                "results": [
                    result_json(index, one, verifier, catalogue=catalogue, language=language)
                    for index, one in enumerate(results)
                ]
            }
        )

    @router.post("/credentials/{credential_id}/revoke", openapi_extra=json_body(RevocationBody))
    async def post_revocation(request: Request, credential_id: str) -> Response:
        provider = await acting(request, Scope.REVOKE)
        body = await read_json(request, RevocationBody)
        await run_in_threadpool(entered, lambda: revoke(credential_id, body.reason, provider, issuing, now=clock()))
        return answer({"id": credential_id, "revoked": True})

    @router.get("/credentials/{credential_id}")
    async def get_credential(request: Request, credential_id: str) -> Response:
        provider = await acting(request, Scope.REVOKE)
        award = await run_in_threadpool(entered, lambda: issuing.store.award(provider.slug, credential_id))
        state: dict[str, object] = {"id": award.credential_id, "revoked": award.revoked is not None}
        if award.reason:
            state["reason"] = award.reason
        return answer(state)

    return router


def provider_of(request: Request, scope: Scope, issuing: Issuing, now: datetime) -> Provider:
    """Return the provider that the client acts for.

    Raises:
        Problem: 401 without a good key, 403 when it is not for this.
    """
    try:
        client = authenticate(issuing.store, request.headers.get("authorization", ""), now)
        require_scope(client, scope)
    except UnknownClientError as error:
        raise Problem(401, "unknown-client", headers={"WWW-Authenticate": "Bearer"}) from error
    except ForbiddenError as error:
        raise Problem(403, "scope-missing", scope=scope) from error
    return issuing.store.provider(client.provider)


T = TypeVar("T")


def entered(action: Callable[[], T]) -> T:
    """Return what an action gives, its refusals as problems."""
    try:
        return action()
    except RefusedError as error:
        raise problem_of(error) from error
    except InvalidAchievementError as error:
        errors = [FieldError(fault.pointer, fault.code, fault.params) for fault in error.faults]
        raise Problem(422, "invalid-fields", errors=errors) from error
    except DuplicateError as error:
        raise Problem(409, "already-there") from error
    except UnknownAchievementError as error:
        raise Problem(404, "unknown-achievement") from error
    except UnknownCredentialError as error:
        raise Problem(404, "unknown-credential") from error
    except KeyEndedError as error:
        raise Problem(503, "no-signing-key") from error


def issue_all(
    requests: list[AwardRequest], provider: Provider, issuing: Issuing, now: datetime
) -> list[Issued | RefusedError]:
    """Issue, with a missing signing key as a problem."""
    return entered(lambda: issue(requests, provider, issuing, now))


def idempotency_key(request: Request) -> str:
    """Return the request's idempotency key.

    Raises:
        Problem: 400, there is none, or it has fewer than 22 base64url characters.
    """
    key = request.headers.get("idempotency-key", "")
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    if not 22 <= len(key) <= 128 or not set(key) <= allowed:  # noqa: PLR2004 - 128 bits as base64url
        raise Problem(400, "idempotency-key")
    return key


def award_request(body: AwardBody, key: str) -> AwardRequest:
    """Return what a body asks for.

    Raises:
        Problem: 422, not exactly one way to say for whom, or a holder or hash that is none.
    """
    checked = checked_award(body, key)
    if isinstance(checked, RefusedError):
        raise problem_of(checked)
    return checked


def checked_award(body: AwardBody, key: str = "") -> AwardRequest | RefusedError:
    """Return what a body asks for, or why it cannot be meant."""
    if sum(one is not None for one in (body.holder, body.identity, body.bearer)) != 1:
        return RefusedError("one-recipient")
    if body.holder:
        try:
            expand(body.holder)
        except (DidError, KeyFormatError):
            return RefusedError("bad-holder", pointer="/holder")
    if body.identity and body.identity.identity_type not in IDENTITY_TYPES:
        return RefusedError("unknown-identity-type", pointer="/identity/identityType")
    hashed = (
        None
        if body.identity is None
        else IdentityObject(
            hashed=True,
            identity_hash=body.identity.identity_hash,
            identity_type=body.identity.identity_type,
            salt=body.identity.salt,
        )
    )
    return AwardRequest(
        key=body.key if isinstance(body, KeyedAwardBody) else key,
        achievement=body.achievement,
        version=body.version,
        holder=body.holder or "",
        identity=hashed,
        level=body.level or "",
    )


def problem_of(refused: RefusedError) -> Problem:
    """Return a refusal as an answer that names the member."""
    status = REFUSAL_STATUS.get(refused.code, 422)
    if status == 422:  # noqa: PLR2004 - the status itself
        return Problem(422, "invalid-fields", errors=[FieldError(refused.pointer, refused.code, refused.params)])
    return Problem(status, refused.code, errors=(), headers=None, **refused.params)


def issued_json(issued: Issued, verifier: str) -> dict[str, object]:
    """Return what the provider's program gets: the only copy, and the link that opens it."""
    return {
        "id": issued.id,
        "credentials": {str(mechanism): text for mechanism, text in issued.texts.items()},
        "link": badge_link(issued.texts[Mechanism.VC_JWT], verifier),
    }


def result_json(
    index: int, result: Issued | RefusedError, verifier: str, *, catalogue: Catalogue, language: Literal["ja", "en"]
) -> dict[str, object]:
    """Return the result of one award of a batch, with a status as if it had been sent alone."""
    if isinstance(result, RefusedError):
        problem = problem_of(result)
        return {"index": index, "status": problem.status, "problem": problem.to_json(catalogue, language)}
    return {"index": index, "status": 201 if result.created else 200, **issued_json(result, verifier)}


def achievement_json(stored: StoredAchievement, issuing: Issuing) -> dict[str, object]:
    """Return an achievement as its provider manages it."""
    return {
        "id": stored.id,
        "version": stored.version,
        "url": issuing.addresses.achievement(stored.provider, stored.id, stored.version),
        "retired": stored.retired is not None,
        **definition_of(stored).model_dump(mode="json", by_alias=True, exclude_none=True),
    }


def answer(content: dict[str, object], status: int = 200) -> Response:
    """Return JSON."""
    return Response(strict_json.dump(content), status, media_type="application/json")
