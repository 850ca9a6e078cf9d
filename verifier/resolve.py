"""From the key id that a proof names to the key, and to who says whose key it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import cast

from badges import strict_json
from badges.errors import BadgeError
from badges.proof import ProofReference
from keys import did
from keys.did import DidDocument, KeyNotListedError, VerificationMethod
from keys.public_key import KeyFormatError, PublicKey, from_jwk, from_multikey
from verifier.addresses import parse_url
from verifier.trust import Trust
from verifier.web import UnreachableError, Web

ACCEPT = "application/did+json, application/did+ld+json;q=0.9, application/json;q=0.8"
ACCEPT_KEY_SET = "application/jwk-set+json, application/json;q=0.9"
OFFLINE_METHODS = ("did:key:", "did:jwk:")
MAX_KEYS = 100


class Source(StrEnum):
    """Who says whose key it is."""

    DID = "did"
    REGISTRY = "registry"
    WEB = "web"
    BADGE = "badge"


@dataclass(frozen=True)
class ResolvedKey:
    """A key, whose it is, and when it may be used.

    `source` BADGE means that nobody but the badge itself says that it is the issuer's.
    """

    id: str
    key: PublicKey
    controller: str
    source: Source
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    revoked: datetime | None = None

    def good_at(self, at: datetime) -> bool:
        """Return whether it may have signed at that moment; a compromised key never."""
        too_early = self.valid_from is not None and at < self.valid_from
        too_late = self.valid_until is not None and at >= self.valid_until
        return self.revoked is None and not too_early and not too_late


class UnresolvedKeyError(Exception):
    """There is no key to check the proof with. `certain` tells a wrong key id from one that we could not look up."""

    def __init__(self, code: str, *, certain: bool) -> None:
        super().__init__(code)
        self.code = code
        self.certain = certain


def resolve(reference: ProofReference, web: Web, trust: Trust) -> ResolvedKey:
    """Return the key that a proof names. Only a did:web or https issuer's own document is ever fetched for it.

    Raises:
        UnresolvedKeyError: There is none, or it could not be had.
    """
    key_id = reference.verification_method
    if key_id is None:
        # `peek` has refused a JWS without either.
        return ResolvedKey("", cast("PublicKey", reference.embedded_key), "", Source.BADGE)
    try:
        return by_id(key_id, web, trust)
    except KeyNotListedError as error:
        raise UnresolvedKeyError("key-not-listed", certain=True) from error
    except KeyFormatError as error:
        raise UnresolvedKeyError("unusable-key", certain=True) from error


def by_id(key_id: str, web: Web, trust: Trust) -> ResolvedKey:
    """Return the key with this id, by the kind of its controller."""
    controller, _, fragment = key_id.partition("#")
    if key_id.startswith(OFFLINE_METHODS):
        return spelt_out(controller, fragment)
    registered = trust.key(key_id)
    if registered is not None:
        window = registered.window
        return ResolvedKey(
            key_id, registered.key, controller, Source.REGISTRY, window.start, window.end, registered.revoked
        )
    if key_id.startswith("did:web:"):
        found = listed(did.find_assertion_key(fetch_document(controller, web), key_id), Source.WEB)
        return replace(found, revoked=found.revoked or revoked_elsewhere(found, trust))
    if key_id.startswith("did:"):
        raise UnresolvedKeyError("unsupported-did-method", certain=False)
    if key_id.startswith("https://") and fragment.startswith("z"):
        return ResolvedKey(key_id, from_multikey(fragment), controller, Source.BADGE)
    if key_id.startswith("https://"):
        raise UnresolvedKeyError("unsupported-key-location", certain=False)
    raise UnresolvedKeyError("unusable-key-id", certain=True)


def revoked_elsewhere(key: ResolvedKey, trust: Trust) -> datetime | None:
    """Return since when the registry calls the same key compromised, under whatever id."""
    provider = trust.provider(key.controller)
    same = (one for one in provider.keys.values() if one.key == key.key) if provider else ()
    return next((one.revoked for one in same if one.revoked), None)


def spelt_out(controller: str, fragment: str) -> ResolvedKey:
    """Return the key of a did:key or did:jwk; without a fragment, as some issuers name it, its only one."""
    document = did.expand(controller)
    key_id = f"{controller}#{fragment}" if fragment else next(iter(document.methods))
    return listed(did.find_assertion_key(document, key_id), Source.DID)


def listed(method: VerificationMethod, source: Source) -> ResolvedKey:
    """Return a verification method of a DID document as a key."""
    return ResolvedKey(
        method.id, method.key, method.id.partition("#")[0], source, valid_until=method.expires, revoked=method.revoked
    )


def fetch_document(controller: str, web: Web) -> DidDocument:
    """Return the document of a did:web DID.

    Raises:
        UnresolvedKeyError: It could not be read.
        DidError: It is not the document of this DID.
    """
    return did.parse_document(read_json(did.web_url(controller), web, ACCEPT), controller)


def read_json(url: str, web: Web, accept: str) -> object:
    """Return the JSON document at a URL."""
    try:
        return strict_json.parse(web.get(url, accept=accept))
    except UnreachableError as error:
        raise UnresolvedKeyError("key-unreachable", certain=False) from error
    except BadgeError as error:
        raise UnresolvedKeyError("key-document-unreadable", certain=False) from error


def confirm(resolved: ResolvedKey, issuer: str, web: Web, trust: Trust) -> ResolvedKey | None:
    """Return a key that only the badge names as its issuer publishes it; None if the issuer publishes others.

    To be asked after the proof verified, because what it fetches is named by the document.

    Raises:
        UnresolvedKeyError: What the issuer publishes could not be read.
    """
    wanted = resolved.key.thumbprint()
    try:
        published = published_keys(issuer, web, trust)
    except KeyFormatError as error:
        raise UnresolvedKeyError("key-document-unreadable", certain=False) from error
    return next((one for one in published if one.key.thumbprint() == wanted), None)


def published_keys(issuer: str, web: Web, trust: Trust) -> Iterable[ResolvedKey]:
    """Return the keys that an issuer publishes for signing."""
    if issuer.startswith(OFFLINE_METHODS):
        return assertion_keys(did.expand(issuer), Source.DID)
    provider = trust.provider(issuer)
    if provider is not None:
        return [by_id(key_id, web, trust) for key_id in provider.keys]
    if issuer.startswith("did:web:"):
        return assertion_keys(fetch_document(issuer, web), Source.WEB)
    if issuer.startswith("https://"):
        return key_set(issuer, web)
    raise UnresolvedKeyError("unsupported-key-location", certain=False)


def assertion_keys(document: DidDocument, source: Source) -> list[ResolvedKey]:
    """Return the keys that a DID document lists for assertions."""
    return [listed(document.methods[one], source) for one in sorted(document.assertion) if one in document.methods]


def key_set(issuer: str, web: Web) -> list[ResolvedKey]:
    """Return the keys in the JWK set of an issuer's web site; those that we cannot use are left out.

    Source: Open Badges 3.0 implementation guide, "Key management": `https://<domain>/.well-known/jwks.json`.
    """
    address = parse_url(issuer)
    if address is None:
        raise UnresolvedKeyError("unsupported-key-location", certain=False)
    url = f"https://{address.host}/.well-known/jwks.json"
    match read_json(url, web, ACCEPT_KEY_SET):
        case {"keys": list(keys)} if len(keys) <= MAX_KEYS:
            return [ResolvedKey(url, key, issuer, Source.WEB) for key in usable(keys)]
    raise UnresolvedKeyError("key-document-unreadable", certain=False)


def usable(keys: Iterable[object]) -> Iterable[PublicKey]:
    """Yield the keys of a JWK set that we can use."""
    for jwk in keys:
        try:
            yield from_jwk(jwk)
        except KeyFormatError:
            continue
