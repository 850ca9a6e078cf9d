"""JSON routes for providers' programs: achievements, offers, credentials, batches, revocation."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from badges.web.body import Body, json_body, read_json
from badges.web.catalogue import Catalogue
from badges.web.language import Language, language_of
from badges.web.problems import Problem
from issuer.access import ForbiddenError, Scope, UnknownClientError, authenticate, require_scope
from issuer.achievements import SLUG, Definition, create_achievement, create_version, definition_of
from issuer.answers import answer, entered, issued_json, problem_of
from issuer.awards import AwardBody, BatchBody, KeyedAwardBody, OffersBody, award_request
from issuer.issuing import IDEMPOTENCY_KEY, AwardRequest, Issued, Issuing, RefusedError, issue
from issuer.offers import NewOffer, create_offers, expiry
from issuer.status_lists import Reason, revoke
from issuer.store import Provider, StoredAchievement

BATCH_BYTES = 8 * 1_048_576
CREDENTIAL_ID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

Acting = Callable[[Request, Scope], Awaitable[Provider]]
"""Gives the provider that a request's client acts for; refuses a client that may not."""


class AchievementBody(Definition):
    """A new achievement and its id, which stands in its address."""

    id: str = Field(pattern=SLUG)


class RevocationBody(Body):
    """Why: a code from a closed list."""

    reason: Reason


def api_routers(
    issuing: Issuing, clock: Callable[[], datetime], catalogue: Catalogue, *, verifier: str
) -> list[APIRouter]:
    """Return the routes for providers' programs; `verifier` is the address that badge links begin with."""

    async def acting(request: Request, scope: Scope) -> Provider:
        return await run_in_threadpool(provider_of, request, scope, issuing, clock())

    return [
        achievement_router(issuing, acting),
        offer_router(issuing, acting, clock),
        credential_router(issuing, acting, clock, verifier=verifier),
        batch_router(issuing, acting, clock, catalogue=catalogue, verifier=verifier),
        revocation_router(issuing, acting, clock),
    ]


def achievement_router(issuing: Issuing, acting: Acting) -> APIRouter:
    """Return the routes of achievements."""
    router = APIRouter(prefix="/v1/achievements")
    store, addresses = issuing.store, issuing.addresses

    @router.post("", openapi_extra=json_body(AchievementBody))
    async def post_achievement(request: Request) -> Response:
        provider = await acting(request, Scope.ACHIEVEMENTS)
        body = await read_json(request, AchievementBody)
        definition = Definition(**{name: getattr(body, name) for name in Definition.model_fields})
        stored = await run_in_threadpool(
            entered, lambda: create_achievement(store, addresses, provider, body.id, definition=definition)
        )
        return answer(achievement_json(stored, issuing), 201)

    @router.post("/{achievement}/versions", openapi_extra=json_body(Definition))
    async def post_version(request: Request, achievement: str) -> Response:
        provider = await acting(request, Scope.ACHIEVEMENTS)
        definition = await read_json(request, Definition)
        require_form(achievement, re.compile(SLUG), "unknown-achievement")
        stored = await run_in_threadpool(
            entered, lambda: create_version(store, addresses, provider, achievement, definition=definition)
        )
        return answer(achievement_json(stored, issuing), 201)

    @router.get("")
    async def get_achievements(request: Request) -> Response:
        provider = await acting(request, Scope.ACHIEVEMENTS)
        found = await run_in_threadpool(store.achievements, provider.slug)
        return answer({"achievements": [achievement_json(stored, issuing) for stored in found]})

    return router


def offer_router(issuing: Issuing, acting: Acting, clock: Callable[[], datetime]) -> APIRouter:
    """Return the route of offers."""
    router = APIRouter(prefix="/v1/offers")

    @router.post("", openapi_extra=json_body(OffersBody))
    async def post_offers(request: Request) -> Response:
        provider = await acting(request, Scope.OFFERS)
        body = await read_json(request, OffersBody)
        now = clock()
        new = [NewOffer(one.key, one.level or "") for one in body.offers]
        expires = expiry(provider, now, body.expires_days)
        made = await run_in_threadpool(
            entered, lambda: create_offers(new, body.achievement, provider, issuing, now=now, expires=expires)
        )
        links = [
            {"key": one.key, "link": issuing.addresses.claim_link(token)}
            for one, token in zip(new, made.tokens, strict=True)
        ]
        return answer({"offers": links}, 201 if made.created else 200)

    return router


def credential_router(issuing: Issuing, acting: Acting, clock: Callable[[], datetime], *, verifier: str) -> APIRouter:
    """Return the route that issues one credential."""
    router = APIRouter(prefix="/v1/credentials")

    @router.post("", openapi_extra=json_body(AwardBody))
    async def post_credential(request: Request) -> Response:
        provider = await acting(request, Scope.ISSUE)
        key = idempotency_key(request)
        body = await read_json(request, AwardBody)
        award = entered(lambda: award_request(body, key))
        [result] = await run_in_threadpool(entered, lambda: issue([award], provider, issuing, clock()))
        if isinstance(result, RefusedError):
            raise problem_of(result)
        return answer(issued_json(result, verifier), 201 if result.created else 200)

    return router


def batch_router(
    issuing: Issuing, acting: Acting, clock: Callable[[], datetime], *, catalogue: Catalogue, verifier: str
) -> APIRouter:
    """Return the route that issues many credentials, each as if it had been sent alone."""
    router = APIRouter(prefix="/v1/batches")

    @router.post("", openapi_extra=json_body(BatchBody))
    async def post_batch(request: Request) -> Response:
        provider = await acting(request, Scope.ISSUE)
        body = await read_json(request, BatchBody, limit=BATCH_BYTES)
        checked = [checked_award(one) for one in body.awards]
        good = [one for one in checked if isinstance(one, AwardRequest)]
        done = iter(await run_in_threadpool(entered, lambda: issue(good, provider, issuing, clock())))
        results = [next(done) if isinstance(one, AwardRequest) else one for one in checked]
        language = language_of(request)
        told = [
            result_json(index, one, verifier, catalogue=catalogue, language=language)
            for index, one in enumerate(results)
        ]
        return answer({"results": told})

    return router


def revocation_router(issuing: Issuing, acting: Acting, clock: Callable[[], datetime]) -> APIRouter:
    """Return the routes of what was issued: end it, and ask how it stands."""
    router = APIRouter(prefix="/v1/credentials/{credential_id}")

    @router.post("/revoke", openapi_extra=json_body(RevocationBody))
    async def post_revocation(request: Request, credential_id: str) -> Response:
        provider = await acting(request, Scope.REVOKE)
        body = await read_json(request, RevocationBody)
        require_form(credential_id, CREDENTIAL_ID, "unknown-credential")
        await run_in_threadpool(entered, lambda: revoke(credential_id, body.reason, provider, issuing, now=clock()))
        return answer({"id": credential_id, "revoked": True})

    @router.get("")
    async def get_credential(request: Request, credential_id: str) -> Response:
        provider = await acting(request, Scope.REVOKE)
        require_form(credential_id, CREDENTIAL_ID, "unknown-credential")
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


def require_form(name: str, form: re.Pattern[str], code: str) -> None:
    """Refuse a name in a path that nothing can have; databases differ on what they do with it.

    Raises:
        Problem: 404.
    """
    if not form.fullmatch(name):
        raise Problem(404, code)


def idempotency_key(request: Request) -> str:
    """Return the request's idempotency key.

    Raises:
        Problem: 400, there is none, or it has fewer than 22 base64url characters.
    """
    key = request.headers.get("idempotency-key", "")
    if not re.fullmatch(IDEMPOTENCY_KEY, key):
        raise Problem(400, "idempotency-key")
    return key


def checked_award(body: KeyedAwardBody) -> AwardRequest | RefusedError:
    """Return what an award of a batch asks for, or why it cannot be meant."""
    try:
        return award_request(body, body.key)
    except RefusedError as refused:
        return refused


def result_json(
    index: int, result: Issued | RefusedError, verifier: str, *, catalogue: Catalogue, language: Language
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
