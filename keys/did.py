"""Decentralised identifiers: did:key and did:jwk expanded here, did:web turned into the URL of its document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

import orjson

from keys import base64url, date_time_stamp
from keys.public_key import KeyFormatError, PublicKey, from_jwk, from_multikey

MAX_METHODS = 100  # keys of a provider over decades; a document with more is an attack on us
MAX_DID_LENGTH = 2048
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}(?:%3A[1-9][0-9]{{0,4}})?", re.ASCII)
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]{1,255}", re.ASCII)
_NAMES = re.compile(rb'("[^"]*")(\s*:)?')  # strings of JSON without escapes, and whether each names a member


class DidError(KeyFormatError):
    """A DID or a DID document that is not well made."""


class KeyNotListedError(DidError):
    """The document does not list that verification method for assertions."""


@dataclass(frozen=True)
class VerificationMethod:
    """A public key with its address, the DID it belongs to, and when it ended, if it did (DID Core section 5.2)."""

    id: str
    controller: str
    key: PublicKey
    revoked: datetime | None = None
    expires: datetime | None = None


@dataclass(frozen=True)
class DidDocument:
    """The part of a DID document that matters to us: methods by id, and which of them may assert."""

    id: str
    methods: Mapping[str, VerificationMethod]
    assertion: frozenset[str]


def expand(did: str) -> DidDocument:
    """Return the document that a did:key or did:jwk itself spells out; nothing is fetched.

    Raises:
        DidError: Another method, or not well made.
        KeyFormatError: The key inside is not, or is weak.

    Source: did:key v0.9, did:jwk v1.
    """
    match did.split(":", 2):
        case ["did", "key", multibase] if len(did) <= MAX_DID_LENGTH:
            return _single(did, f"{did}#{multibase}", from_multikey(multibase))
        case ["did", "jwk", encoded] if len(did) <= MAX_DID_LENGTH:
            return _single(did, f"{did}#0", from_jwk(_decode_jwk(encoded)))
    raise DidError("unknown-did", "only did:key and did:jwk are spelt out in themselves")


def did_key(public: PublicKey) -> str:
    """Return the did:key of a public key that has a Multikey form."""
    return f"did:key:{public.to_multikey()}"


def web_url(did: str) -> str:
    """Return the HTTPS URL of a did:web's document.

    Raises:
        DidError: Not a did:web by the strict grammar: lower-case ASCII host, port as %3A, plain path segments.

    Source: did:web Method Specification, section 2.5 (Read).
    """
    prefix, _, rest = did.partition("did:web:")
    host, *path = rest.split(":")
    dots = any(set(segment) == {"."} for segment in path)
    if prefix or len(did) > MAX_DID_LENGTH or not _HOST.fullmatch(host) or dots:
        raise DidError("malformed-did", "not a did:web")
    if not all(_SEGMENT.fullmatch(segment) for segment in path):
        raise DidError("malformed-did", "a did:web's path has other characters than letters, digits and -._~")
    return f"https://{unquote(host)}/{'/'.join(path) or '.well-known'}/did.json"


def parse_document(document: object, did: str) -> DidDocument:
    """Return what a DID document says of its own keys; methods of kinds that we do not know are left out.

    So are methods that the document calls somebody else's.

    Raises:
        DidError: Not a document of `did`, a method with a foreign id or listed twice, or more than `MAX_METHODS`.
    """
    if not isinstance(document, Mapping) or document.get("id") != did:
        raise DidError("malformed-did-document", "not the DID document that was asked for")
    listed = document.get("verificationMethod", [])
    if not isinstance(listed, list) or len(listed) > MAX_METHODS:
        raise DidError("malformed-did-document", f"verificationMethod is no list of up to {MAX_METHODS}")
    methods = [method for method in (_parse_method(entry, did) for entry in listed) if method]
    known = {method.id: method for method in methods}
    if len(known) != len(methods):
        raise DidError("malformed-did-document", "a verification method stands twice")
    return DidDocument(did, known, _references(document.get("assertionMethod", []), did))


def find_assertion_key(document: DidDocument, verification_method: str) -> VerificationMethod:
    """Return the method that the document lists for assertions under that id.

    Raises:
        KeyNotListedError: There is none, it is of no kind that we know, or it is not for assertions.
    """
    method = document.methods.get(verification_method)
    if method is None or verification_method not in document.assertion:
        raise KeyNotListedError("key-not-listed", "the DID document does not list the key for assertions")
    return method


def build_document(did: str, methods: list[VerificationMethod]) -> dict[str, object]:
    """Return the DID document that a did:web's host serves: every method may assert, revoked ones say so.

    Source: DID Core 1.0 section 5; Controlled Identifiers 1.0 (#Multikey, #JsonWebKey).
    """
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [_render(method) for method in methods],
        "assertionMethod": [method.id for method in methods if method.revoked is None],
    }


def _render(method: VerificationMethod) -> dict[str, object]:
    rendered: dict[str, object] = {"id": method.id, "controller": method.controller}
    try:
        rendered |= {"type": "Multikey", "publicKeyMultibase": method.key.to_multikey()}
    except KeyFormatError:
        rendered |= {"type": "JsonWebKey", "publicKeyJwk": method.key.to_jwk()}
    for name, moment in (("expires", method.expires), ("revoked", method.revoked)):
        if moment:
            rendered[name] = date_time_stamp.stamp(moment)
    return rendered


def _single(did: str, method_id: str, key: PublicKey) -> DidDocument:
    return DidDocument(did, {method_id: VerificationMethod(method_id, did, key)}, frozenset({method_id}))


def _decode_jwk(encoded: str) -> object:
    try:
        data = base64url.decode(encoded)
        jwk: object = orjson.loads(data)
    except ValueError as error:
        raise DidError("malformed-did", "a did:jwk is the base64url of a JWK") from error
    names = [name for name, colon in _NAMES.findall(data) if colon]
    if b"\\" in data or len(set(names)) != len(names):
        # Two parsers would see two keys. Nothing in a JWK of ours needs an escape, which could hide the second name.
        raise DidError("malformed-did", "a did:jwk whose JWK names a member twice, or escapes characters")
    return jwk


def _parse_method(method: object, did: str) -> VerificationMethod | None:
    if not isinstance(method, Mapping):
        raise DidError("malformed-did-document", "a verification method is an object")
    method_id, controller = method.get("id"), method.get("controller")
    if not isinstance(method_id, str) or not isinstance(controller, str):
        raise DidError("malformed-did-document", "a verification method lacks its id or its controller")
    absolute = did + method_id if method_id.startswith("#") else method_id
    if not absolute.startswith(f"{did}#"):
        raise DidError("malformed-did-document", "a verification method has an id of another document")
    if controller != did:
        # A document can only say who its own keys belong to: else anybody's would hand out keys of any issuer.
        return None
    try:
        key = _parse_key(method)
    except KeyFormatError:
        return None
    revoked, expires = _moment(method.get("revoked")), _moment(method.get("expires"))
    return VerificationMethod(absolute, controller, key, revoked, expires)


def _parse_key(method: Mapping[str, object]) -> PublicKey:
    match method:
        case {"type": "Multikey" | "Ed25519VerificationKey2020", "publicKeyMultibase": str(multibase)}:
            return from_multikey(multibase)
        case {"type": "JsonWebKey" | "JsonWebKey2020", "publicKeyJwk": jwk}:
            return from_jwk(jwk)
    raise KeyFormatError("unknown-key-type", "a verification method of no kind that we know")


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        return date_time_stamp.parse(str(value))
    except ValueError as error:
        raise DidError("malformed-did-document", "a key's end is not a dateTimeStamp") from error


def _references(value: object, did: str) -> frozenset[str]:
    entries = value if isinstance(value, list) else [value]
    # A method embedded under `assertionMethod` is not read: its id alone would name a key that we have not parsed.
    names = [entry for entry in entries if isinstance(entry, str)]
    return frozenset(did + name if name.startswith("#") else name for name in names)
