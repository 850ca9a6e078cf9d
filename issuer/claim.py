"""The page and the endpoints that a learner meets: a link, a key made in the browser, a badge."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from badges.credential import Mechanism
from badges.formats import bake
from badges.web.body import Body, json_body, read_json
from badges.web.pages import Pages
from badges.web.problems import FieldError, Problem
from badges.web.static_files import static_router
from issuer.achievements import Definition, Said, definition_of, to_model
from issuer.answers import answer, entered, issued_json, problem_of
from issuer.issuing import Issued, Issuing, RefusedError
from issuer.offers import OfferExpiredError, UnknownOfferError, claim, find_offer, last_day, state_of
from issuer.picture import base64_text, draw_png, draw_svg
from issuer.store import Offer, Provider
from keys.public_key import KeyFormatError, PublicKey, from_jwk

Token = Field(pattern=r"^[A-Za-z0-9_-]{43}$")
MAX_BYTES = 4_096
CLAIMED_BY_ANOTHER = "key-used-for-another-award"


class TokenBody(Body):
    """The fragment of a claim link."""

    token: str = Token


class HolderKey(Body):
    """A public key as a JWK: P-256 or Ed25519."""

    kty: Literal["EC", "OKP"]
    crv: Literal["P-256", "Ed25519"]
    x: str = Field(max_length=64)
    y: str | None = Field(default=None, max_length=64)


class ClaimBody(TokenBody):
    """The fragment of a claim link, and the key that the badge is for."""

    public_key: HolderKey


def claim_routers(
    issuing: Issuing, clock: Callable[[], datetime], pages: Pages, *, verifier: str, receivers: Sequence[str]
) -> list[APIRouter]:
    """Return the claim page, its endpoints and its scripts.

    Args:
        issuing: Issues.
        clock: Gives the present.
        pages: Renders.
        verifier: The address that badge links begin with.
        receivers: Origins of the verifiers whose page "My badges" the claim page may hand a badge over to.
    """
    router = APIRouter()
    # Where the verifier is under this address, its page stands at "/", and this one is not asked for.
    elsewhere = verifier if verifier != issuing.addresses.issuer else ""

    @router.get("/", include_in_schema=False)
    def home_page(request: Request) -> Response:
        providers = sorted(issuing.store.providers(), key=lambda one: one.slug)
        return pages.render(request, "issuer-home.html", providers=providers, verifier=elsewhere)

    @router.get("/c", include_in_schema=False)
    def claim_page(request: Request) -> Response:
        # The token is in the fragment: no address that a server or a log sees has it, only request bodies.
        return pages.render(request, "claim.html", receivers=receivers)

    @router.post("/v1/claims/preview", openapi_extra=json_body(TokenBody))
    async def post_preview(request: Request) -> Response:
        body = await read_json(request, TokenBody, limit=MAX_BYTES)
        return answer(await run_in_threadpool(preview, body.token, issuing, clock()))

    @router.post("/v1/claims", openapi_extra=json_body(ClaimBody))
    async def post_claim(request: Request) -> Response:
        body = await read_json(request, ClaimBody, limit=MAX_BYTES)
        holder = public_key(body.public_key)
        content, created = await run_in_threadpool(claimed, body.token, holder, issuing, clock(), verifier=verifier)
        return answer(content, 201 if created else 200)

    return [router, static_router("issuer", "/static/issuer")]


def public_key(jwk: HolderKey) -> PublicKey:
    """Return the holder's key.

    Raises:
        Problem: 422, not a point on its curve.
    """
    try:
        return from_jwk(jwk.model_dump(exclude_none=True))
    except KeyFormatError as error:
        raise Problem(422, "invalid-fields", errors=[FieldError("/publicKey", "bad-key")]) from error


def preview(token: str, issuing: Issuing, now: datetime) -> dict[str, object]:
    """Return what a claim link promises.

    Raises:
        Problem: 404, no such offer.
    """
    offer = found_offer(token, issuing)
    provider = issuing.store.provider(offer.provider)
    stored = issuing.store.achievement(offer.provider, offer.achievement, offer.version)
    definition = definition_of(stored)
    ja, en = (to_model(stored, definition, issuing.addresses, language).alignment for language in ("ja", "en"))
    return {
        "state": state_of(offer, issuing.store, now),
        "provider": {"ja": provider.name_ja, "en": provider.name_en},
        "achievement": {
            "id": issuing.addresses.achievement(stored.provider, stored.id, stored.version),
            "name": both(definition.name),
            "description": both(definition.description),
            "skills": [
                {
                    "name": {"ja": japanese.target_name, "en": english.target_name},
                    "code": japanese.target_code,
                    "url": japanese.target_url,
                }
                for japanese, english in zip(ja, en, strict=True)
            ],
        },
        "expires": last_day(offer, provider).isoformat(),
    }


def claimed(
    token: str, holder: PublicKey, issuing: Issuing, now: datetime, *, verifier: str
) -> tuple[dict[str, object], bool]:
    """Return the badge in every form that a learner keeps, and whether it is new.

    Raises:
        Problem: 404 no such offer, 410 too late, 409 claimed with another key, or what refuses an award.
    """
    offer = found_offer(token, issuing)
    try:
        result = entered(lambda: claim(token, holder, issuing, now))
    except OfferExpiredError as error:
        raise Problem(410, "offer-expired") from error
    if isinstance(result, RefusedError):
        raise Problem(409, "claimed-by-another-key") if result.code == CLAIMED_BY_ANOTHER else problem_of(result)
    provider, definition = promised(offer, issuing)
    content = {**issued_json(result, verifier), "pictures": pictures(result, provider, definition)}
    return content, result.created


def pictures(issued: Issued, provider: Provider, definition: Definition) -> dict[str, str]:
    """Return the badge's picture with the Data Integrity credential inside, as SVG text and as PNG in base64."""
    credential = issued.texts[Mechanism.DATA_INTEGRITY]
    svg = draw_svg(definition.name.ja, provider.name_ja)
    return {
        "svg": bake(svg.encode(), credential).decode(),
        "png": base64_text(bake(draw_png(), credential)),
    }


def found_offer(token: str, issuing: Issuing) -> Offer:
    """Return an offer.

    Raises:
        Problem: 404, there is none.
    """
    try:
        return find_offer(token, issuing.store)
    except UnknownOfferError as error:
        raise Problem(404, "unknown-offer") from error


def promised(offer: Offer, issuing: Issuing) -> tuple[Provider, Definition]:
    """Return who promises what."""
    stored = issuing.store.achievement(offer.provider, offer.achievement, offer.version)
    return issuing.store.provider(offer.provider), definition_of(stored)


def both(words: Said) -> dict[str, str]:
    """Return words in the languages that there are."""
    return {"ja": words.ja} | ({"en": words.en} if words.en else {})
