"""What the world reads: DID documents, profiles, achievements, status lists. Cacheable, no login."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from badges.credential import CONTEXTS, Mechanism
from badges.model import Profile
from badges.strict_json import dump
from badges.web.accept import preferred
from badges.web.app import wants_html
from badges.web.documents import PublicDocument, respond
from badges.web.language import language_of
from badges.web.pages import Pages
from badges.web.problems import Problem
from issuer.achievements import Definition, definition_of, level_of, to_model
from issuer.card import draw_card
from issuer.issuing import Issuing
from issuer.providers import KeyEndedError, did_document
from issuer.status_lists import published
from issuer.store import Provider, UnknownAchievementError, UnknownProviderError
from keys.did import web_url
from schemas.frameworks import framework, level_name

PROVIDER = r"/providers/(?P<provider>[a-z0-9-]{1,64})"
VERSION = r"/achievements/(?P<achievement>[a-z0-9-]{1,64})/(?P<version>[1-9][0-9]{0,8})"
DID_DOCUMENT = re.compile(rf"{PROVIDER}/did\.json", re.ASCII)
PROFILE = re.compile(PROVIDER, re.ASCII)
ACHIEVEMENT = re.compile(PROVIDER + VERSION, re.ASCII)
PICTURE = re.compile(rf"{PROVIDER}{VERSION}/picture\.png", re.ASCII)
STATUS_LIST = re.compile(rf"{PROVIDER}/status/revocation/(?P<number>[1-9][0-9]{{0,8}})", re.ASCII)

MINUTES_5, DAY = 300, 86_400
JSON_LD = "application/ld+json"
MEDIA_TYPES: Mapping[Mechanism, str] = {
    Mechanism.DATA_INTEGRITY: "application/vc+ld+json",
    Mechanism.VC_JWT: "application/vc+jwt",
}
"""Of status lists; the first one that there is goes to whoever does not say."""


class Documents:
    """The issuer's public documents by path, for whoever shares its process."""

    def __init__(self, issuing: Issuing, clock: Callable[[], datetime]) -> None:
        self._issuing = issuing
        self._clock = clock

    def read(self, path: str, accept: str) -> PublicDocument | None:
        """Return the document at a path in the form that an `Accept` header asks for, or None."""
        try:
            if found := DID_DOCUMENT.fullmatch(path):
                return self._did_document(self._provider(found))
            if found := PROFILE.fullmatch(path):
                return self._profile(self._provider(found))
            if found := ACHIEVEMENT.fullmatch(path) or PICTURE.fullmatch(path):
                return self._picture(found) if found.re is PICTURE else self._achievement(found)
            if found := STATUS_LIST.fullmatch(path):
                return self._status_list(self._provider(found), int(found["number"]), accept)
        except (UnknownProviderError, UnknownAchievementError):
            return None
        return None

    def did_documents(self) -> Mapping[str, str]:
        """Return where each provider's DID document is asked for → the path under which it stands here."""
        providers = self._issuing.store.providers()
        return {web_url(provider.did): f"/providers/{provider.slug}/did.json" for provider in providers}

    def _provider(self, found: re.Match[str]) -> Provider:
        return self._issuing.store.provider(found["provider"])

    def _did_document(self, provider: Provider) -> PublicDocument:
        body = dump(did_document(self._issuing.keys, provider))
        return PublicDocument(body, "application/did+ld+json", MINUTES_5, vary=())

    def _profile(self, provider: Provider) -> PublicDocument:
        profile = Profile(id=provider.did, name=provider.name_ja, url=provider.url)
        return PublicDocument(dump({"@context": list(CONTEXTS), **profile.to_json()}), JSON_LD, MINUTES_5)

    def _achievement(self, found: re.Match[str]) -> PublicDocument:
        stored = self._issuing.store.achievement(found["provider"], found["achievement"], int(found["version"]))
        model = to_model(stored, definition_of(stored), self._issuing.addresses)
        return PublicDocument(dump({"@context": list(CONTEXTS), **model.to_json()}), JSON_LD, DAY)

    def _picture(self, found: re.Match[str]) -> PublicDocument:
        stored = self._issuing.store.achievement(found["provider"], found["achievement"], int(found["version"]))
        return PublicDocument(card_of(self._provider(found), definition_of(stored)), "image/png", DAY, vary=())

    def _status_list(self, provider: Provider, number: int, accept: str) -> PublicDocument | None:
        texts = published(provider, number, self._issuing, now=self._clock())
        if not texts:
            return None
        media_type = preferred(accept, [MEDIA_TYPES[mechanism] for mechanism in texts])
        text = next(text for mechanism, text in texts.items() if MEDIA_TYPES[mechanism] == media_type)
        return PublicDocument(text.encode(), media_type, MINUTES_5)


def card_of(provider: Provider, definition: Definition) -> bytes:
    """Return the picture of an achievement, in the language that its badges speak."""
    language = definition.language
    level = level_of(definition.level) if definition.level else None
    standard = level.framework if level else next((one.framework for one in definition.alignment), None)
    return draw_card(
        definition.name.said(language),
        provider.name_ja if language == "ja" else provider.name_en,
        level_name(level).said(language) if level else "",
        framework(standard).name.said(language) if standard else "",
    )


def document_router(documents: Documents, issuing: Issuing, pages: Pages) -> APIRouter:
    """Return the routes of the public documents: profiles and achievements are pages, too."""
    router = APIRouter(include_in_schema=False)
    looking = Looking(issuing, pages)

    @router.get("/providers/{provider}/achievements/{achievement}/{version}/picture.png")
    @router.get("/providers/{provider}/did.json")
    @router.get("/providers/{provider}/status/revocation/{number}")
    def read_document(request: Request) -> Response:
        return answer(request, documents)

    @router.get("/providers/{provider}")
    def read_profile(request: Request, provider: str) -> Response:
        return looking.at_provider(request, provider) if wants_html(request) else answer(request, documents)

    @router.get("/providers/{provider}/achievements/{achievement}/{version}")
    def read_achievement(request: Request) -> Response:
        found = ACHIEVEMENT.fullmatch(request.url.path)
        return looking.at_achievement(request, found) if found and wants_html(request) else answer(request, documents)

    return router


def answer(request: Request, documents: Documents) -> Response:
    """Return the document at the request's path.

    Raises:
        Problem: 404, there is none; 503, a status list cannot be signed any more.
    """
    try:
        document = documents.read(request.url.path, request.headers.get("accept", ""))
    except KeyEndedError as error:
        raise Problem(503, "no-signing-key") from error
    if document is None:
        raise Problem(404, "not-found")
    return respond(request, document)


class Looking:
    """The same documents for people who look at them."""

    def __init__(self, issuing: Issuing, pages: Pages) -> None:
        self._issuing = issuing
        self._pages = pages

    def at_provider(self, request: Request, slug: str) -> Response:
        """Return a provider's page, with what can be earned there."""
        if not PROFILE.fullmatch(request.url.path):
            raise Problem(404, "not-found")
        try:
            provider = self._issuing.store.provider(slug)
        except UnknownProviderError as error:
            raise Problem(404, "not-found") from error
        newest = {stored.id: stored for stored in self._issuing.store.achievements(slug)}
        offered = [(stored, definition_of(stored)) for stored in newest.values() if stored.retired is None]
        return self._pages.render(request, "provider.html", provider=provider, achievements=offered)

    def at_achievement(self, request: Request, found: re.Match[str]) -> Response:
        """Return the page of an achievement's version."""
        store = self._issuing.store
        try:
            stored = store.achievement(found["provider"], found["achievement"], int(found["version"]))
        except UnknownAchievementError as error:
            raise Problem(404, "not-found") from error
        return self._pages.render(
            request,
            "achievement.html",
            provider=store.provider(stored.provider),
            stored=stored,
            definition=definition_of(stored),
            model=to_model(stored, definition_of(stored), self._issuing.addresses, language_of(request)),
        )
