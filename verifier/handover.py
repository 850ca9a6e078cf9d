"""What the pages that verify by themselves are handed: issuers' keys and status lists, fetched under guard.

A page may ask for nothing but these: what is no key document and no status list never passes, so that this is no way
to read the web through us.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from badges.status import is_list
from keys import did
from keys.public_key import KeyFormatError
from verifier.addresses import parse_url
from verifier.lists import ListError, StatusLists, check_period, fetch, prove
from verifier.reading import moment, valid_from, valid_until_text
from verifier.resolve import UnresolvedKeyError, fetch_document, key_set
from verifier.trust import Trust
from verifier.web import Web

JSON_LIST = "application/vc+ld+json"
JWS_LIST = "application/vc+jwt"


class HandoverError(Exception):
    """Something that is not handed over; `code` says why.

    Codes: `bad-did` (nobody whose keys stand on the web), `key-unreachable`, `key-document-unreadable`,
    `unusable-key` (the DID document is another's, or not well made), `list-unreachable`, `list-url-not-allowed`, and
    those of `ListError`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ListText:
    """A status list as its issuer signed it."""

    body: bytes
    media_type: str


def key_document(issuer: str, web: Web) -> Mapping[str, object]:
    """Return `{"document"}` of a did:web, or `{"keySet"}` of an https issuer: what we read of it, and nothing else.

    Raises:
        HandoverError: Another kind of issuer, or its document cannot be had.
    """
    try:
        if issuer.startswith("did:web:"):
            did.web_url(issuer)
            return {"document": document_of(issuer, web)}
        if issuer.startswith("https://") and parse_url(issuer):
            return {"keySet": {"keys": [one.key.to_jwk() for one in key_set(issuer, web)]}}
    except UnresolvedKeyError as error:
        raise HandoverError(error.code) from error
    except KeyFormatError as error:
        raise HandoverError("bad-did") from error
    raise HandoverError("bad-did")


def document_of(issuer: str, web: Web) -> dict[str, object]:
    """Return a DID document written anew from what we understand of it."""
    try:
        document = fetch_document(issuer, web)
    except KeyFormatError as error:
        raise HandoverError("unusable-key") from error
    listed = [one for one in sorted(document.assertion) if one in document.methods]
    return {**did.build_document(issuer, list(document.methods.values())), "assertionMethod": listed}


def status_list(url: str, *, now: datetime, web: Web, trust: Trust, lists: StatusLists) -> ListText:
    """Return the text of a status list whose proof verifies with a key of the issuer that it names.

    Whether it is the issuer's of a badge, speaks of now and has the badge's place, is the page's to see.

    Raises:
        HandoverError: There is none, or it is not authentic, or older than one that was seen here.
    """
    try:
        data = fetch(url, web)
        prove_anew(data, url, now=now, web=web, trust=trust, lists=lists)
    except ListError as error:
        raise HandoverError(error.code) from error
    body = data.strip()
    return ListText(body, JSON_LIST if body.startswith(b"{") else JWS_LIST)


def prove_anew(data: bytes, url: str, *, now: datetime, web: Web, trust: Trust, lists: StatusLists) -> None:
    """Return if the list is authentic and no older than those seen.

    Raises:
        ListError: It is not.
    """
    credential, signer = prove(data, None, web, trust)
    if not is_list(credential.claims):
        raise ListError("wrong-list-type", certain=True)
    start, end = valid_from(credential.claims), moment(valid_until_text(credential.claims))
    if start is None:
        return
    if not signer.good_at(start):
        raise ListError("list-key-not-valid")
    if credential.claims.get("id") != url or not in_period(start, end, now):
        return
    if not lists.seen.admit(url, start, registered=trust.provider(signer.controller) is not None):
        raise ListError("list-older-than-seen")


def in_period(start: datetime, end: datetime | None, now: datetime) -> bool:
    """Tell whether a list speaks of now: only such a one may outdate others."""
    try:
        check_period(start, end, now)
    except ListError:
        return False
    return True
