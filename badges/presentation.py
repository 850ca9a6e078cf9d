"""Read a presentation: badges in one payload, which each holder key signed as a whole (docs/presentation.md)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import orjson

from badges import strict_json
from badges.errors import BadgeError, MalformedDocumentError
from badges.proof import jwt
from keys import did
from keys.did import VerificationMethod
from keys.public_key import BadSignatureError, KeyFormatError

MAX_BYTES: Final = 262_144  # what a share may hold
MAX_BADGES: Final = 100
MAX_TEXT: Final = 512  # of an id, a nonce and an audience; ours have under 100
CLOCK_SKEW: Final = timedelta(minutes=5)  # between the learner's clock and the reader's
TYPE: Final = "vp+jwt"
LINK: Final = "link:"
"""How the nonce of a history link begins, and no share's id: what was shown in a share proves nothing in a link."""
CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
_DATA_URL: Final = "data:application/vc+jwt,"
_MEMBERS: Final = frozenset({"@context", "id", "type", "verifiableCredential", "nonce", "aud", "iat", "exp"})
_ENVELOPED: Final = "EnvelopedVerifiableCredential"
_LAST_SECOND: Final = 253_402_300_799  # of the year 9999
_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
# Strings whole, so that brackets inside them are none; of the rest, what gives JSON its structure.
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}:,]', re.DOTALL)


class Holder(StrEnum):
    """What a presentation shows about the holder of one badge."""

    PROVEN = "proven"
    NOT_PROVEN = "not-proven"
    BEARER = "bearer"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    WRONG_AUDIENCE = "wrong-audience"
    WRONG_NONCE = "wrong-nonce"


@dataclass(frozen=True)
class PresentedBadge:
    """A badge exactly as it was put in; nothing of it is verified, and `holder` means nothing until it is."""

    text: str
    holder: Holder


@dataclass(frozen=True)
class Presentation:
    """What a presentation holds, and for whom and until when it was made."""

    id: str
    nonce: str
    audience: str
    issued_at: datetime
    expires: datetime
    badges: tuple[PresentedBadge, ...]


@dataclass(frozen=True)
class BadgeSubject:
    """The credential's id and the key of its one subject, if that is a did:key or did:jwk."""

    credential: str
    method: VerificationMethod | None


@dataclass(frozen=True)
class _Signature:
    key_id: str
    algorithm: str
    value: bytes
    signing_input: bytes


def read_presentation(text: str, *, now: datetime, audience: str, nonce: str | None = None) -> Presentation:
    """Return the badges of a presentation, and for each whether its holder's key signed the whole.

    Args:
        text: JWS JSON General Serialization.
        now: When it is read, or when it was read, if it is read again.
        audience: The origin of the verifier that it must have been made for.
        nonce: The id of the share that it came from; None for a history link.

    Raises:
        MalformedDocumentError: What `strict_json` refuses; "not-a-presentation", "bad-header", "bad-base64",
            "bad-claim"; "too-many-badges"; "duplicate-badge"; "duplicate-signature"; "foreign-signature": by a key of
            none of the badges.

    Source: RFC 7515 section 7.2.1; VCDM 2.0 sections 4.12 and 4.13.
    """
    envelope = strict_json.parse_object(text, max_bytes=MAX_BYTES)
    signatures = _signatures(envelope)
    payload = jwt.decode_segment(str(envelope["payload"]))
    claims = _claims(strict_json.parse_object(payload, max_bytes=MAX_BYTES))
    texts = [_badge_text(entry, written) for entry, written in _entries(claims, payload.decode())]
    subjects = [read_subject(one) for one in texts]
    _require_once([one.credential for one in subjects])
    _require_once(texts)
    signed = _verified_keys(signatures, [one.method for one in subjects if one.method])
    misfit = _misfit(claims, now=now, audience=audience, nonce=nonce)
    badges = tuple(
        PresentedBadge(one, _holder(subject, signed, misfit)) for one, subject in zip(texts, subjects, strict=True)
    )
    return Presentation(
        id=str(claims["id"]),
        nonce=str(claims["nonce"]),
        audience=str(claims["aud"]),
        issued_at=_moment(claims, "iat"),
        expires=_moment(claims, "exp"),
        badges=badges,
    )


def read_subject(text: str) -> BadgeSubject:
    """Return whom a badge says that it is about; nothing of it is verified.

    A badge that cannot be read has no subject: its own verification says what is wrong with it.
    """
    try:
        claims = _credential(text)
    except BadgeError:
        return BadgeSubject("", None)
    subject, credential = claims.get("credentialSubject"), claims.get("id")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    subject_id = subject.get("id") if isinstance(subject, dict) else None
    return BadgeSubject(
        credential if isinstance(credential, str) else "",
        _method(subject_id) if isinstance(subject_id, str) else None,
    )


def _credential(text: str) -> Mapping[str, object]:
    if text.startswith("{"):
        return strict_json.parse_object(text)
    claims, _ = jwt.check_registered_claims(strict_json.parse_object(jwt.peek_jws(text).payload))
    return claims


def _method(subject: str) -> VerificationMethod | None:
    try:
        [method] = did.expand(subject).methods.values()
    except KeyFormatError:
        return None
    return method


def _signatures(envelope: Mapping[str, object]) -> list[_Signature]:
    match envelope:
        case {"payload": str(payload), "signatures": list(entries)} if len(envelope) == 2:  # noqa: PLR2004 - those two
            pass
        case _:
            raise MalformedDocumentError("not-a-presentation")
    if len(entries) > MAX_BADGES:
        raise MalformedDocumentError("too-many-badges")
    signatures = [_signature(entry if isinstance(entry, dict) else {}, payload) for entry in entries]
    if len({one.key_id for one in signatures}) != len(signatures):
        raise MalformedDocumentError("duplicate-signature")
    return signatures


def _signature(entry: Mapping[str, object], payload: str) -> _Signature:
    match entry:
        case {"protected": str(protected), "signature": str(signature)} if len(entry) == 2:  # noqa: PLR2004 - no `header`: nobody signs that one
            pass
        case _:
            raise MalformedDocumentError("not-a-presentation")
    header = strict_json.parse_object(jwt.decode_segment(protected), max_bytes=jwt.MAX_HEADER_BYTES)
    match header:
        case {"alg": str(algorithm), "kid": str(key_id), "typ": kind} if len(header) == 3 and kind == TYPE:  # noqa: PLR2004 - those three
            signing_input = f"{protected}.{payload}".encode()
            return _Signature(key_id, algorithm, jwt.decode_segment(signature), signing_input)
    raise MalformedDocumentError("bad-header")


def _claims(payload: Mapping[str, object]) -> Mapping[str, object]:
    expected = payload.get("@context") == [CONTEXT] and payload.get("type") == ["VerifiablePresentation"]
    if payload.keys() != _MEMBERS or not expected or not isinstance(payload["verifiableCredential"], list):
        raise MalformedDocumentError("not-a-presentation")
    for claim in ("id", "nonce", "aud"):
        value = payload[claim]
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
            raise MalformedDocumentError("bad-claim", claim=claim)
    if _moment(payload, "iat") >= _moment(payload, "exp"):
        raise MalformedDocumentError("bad-claim", claim="exp")
    return payload


def _moment(payload: Mapping[str, object], claim: str) -> datetime:
    seconds = payload[claim]
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds <= _LAST_SECOND:
        raise MalformedDocumentError("bad-claim", claim=claim)
    return datetime.fromtimestamp(seconds, UTC)


def _entries(claims: Mapping[str, object], payload: str) -> list[tuple[Mapping[str, object], str]]:
    entries = claims["verifiableCredential"]
    if not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries):
        raise MalformedDocumentError("not-a-presentation")
    if len(entries) > MAX_BADGES:
        raise MalformedDocumentError("too-many-badges")
    return list(zip(entries, _written(payload), strict=True))


def _written(payload: str) -> Iterator[str]:
    """Yield each element of `verifiableCredential` as it is written: a number written anew could be another."""
    depth, start, member = 0, 0, ""
    for token in _STRUCTURE.finditer(payload):
        mark = token[0]
        inside = depth == 2 and member == "verifiableCredential"  # noqa: PLR2004 - in the list in the payload
        if mark in "]," and inside:
            yield payload[start : token.start()].strip()
            start = token.end()
        if mark in "[{":
            depth += 1
            start = start if inside or depth != 2 else token.end()  # noqa: PLR2004 - as above
        elif mark in "]}":
            depth -= 1
        elif depth == 1 and mark[0] == '"':
            # Before a list, the last string is always the name of the member.
            member = orjson.loads(mark)


def _badge_text(entry: Mapping[str, object], written: str) -> str:
    match entry:
        case {"type": kinds} if _ENVELOPED not in (kinds if isinstance(kinds, list) else [kinds]):
            return written
        case {"@context": str(context), "id": str(url), "type": str()} if len(entry) == 3 and context == CONTEXT:  # noqa: PLR2004 - those three
            text = url.removeprefix(_DATA_URL)
            if text != url and _COMPACT_JWS.fullmatch(text):
                return text
    raise MalformedDocumentError("not-a-presentation", pointer="/verifiableCredential")


def _require_once(names: list[str]) -> None:
    named = [name for name in names if name]
    if len(set(named)) != len(named):
        raise MalformedDocumentError("duplicate-badge")


def _verified_keys(signatures: list[_Signature], methods: list[VerificationMethod]) -> frozenset[str]:
    """Return the ids of the keys whose signature holds."""
    known = {method.id: method for method in methods}
    if any(one.key_id not in known for one in signatures):
        raise MalformedDocumentError("foreign-signature")
    return frozenset(one.key_id for one in signatures if _verifies(one, known[one.key_id]))


def _verifies(signature: _Signature, method: VerificationMethod) -> bool:
    if signature.algorithm != method.key.jws_algorithm:
        return False
    try:
        method.key.verify(signature.value, signature.signing_input)
    except BadSignatureError:
        return False
    return True


def _misfit(claims: Mapping[str, object], *, now: datetime, audience: str, nonce: str | None) -> Holder | None:
    """Return why a good signature proves nothing here and now."""
    if claims["aud"] != audience:
        return Holder.WRONG_AUDIENCE
    named = str(claims["nonce"])
    if not (named.startswith(LINK) if nonce is None else named == nonce):
        return Holder.WRONG_NONCE
    if now > _moment(claims, "exp"):
        return Holder.EXPIRED
    if now + CLOCK_SKEW < _moment(claims, "iat"):
        return Holder.NOT_YET_VALID
    return None


def _holder(subject: BadgeSubject, signed: frozenset[str], misfit: Holder | None) -> Holder:
    if subject.method is None:
        # A badge that cannot be read may well name a key.
        return Holder.BEARER if subject.credential else Holder.NOT_PROVEN
    if subject.method.id not in signed:
        return Holder.NOT_PROVEN
    return misfit or Holder.PROVEN
