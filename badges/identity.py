"""Salted identity hashes (Open Badges 3.0, IdentityObject): make one, and match an identifier against one.

Whoever holds the badge holds the salt, and can try millions of guesses a second: this hides an identifier from a
glance, not from somebody who suspects it.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping

from badges.errors import ClaimsError

MAX_IDENTIFIER_LENGTH = 254  # the longest e-mail address (RFC 5321 section 4.5.3.1)
_HASH = re.compile(r"sha256\$[0-9a-fA-F]{64}", re.ASCII)


def normalise(identifier: str) -> str:
    """Return the identifier as we hash it: NFC, no space around it, lower case.

    The standard defines no form; without one the same address has several hashes.
    """
    return unicodedata.normalize("NFC", identifier.strip()).lower()


def make(identifier: str, salt: str) -> str:
    """Return `identityHash`: "sha256$" and the hex digest of the normalised identifier followed by the salt.

    Raises:
        ClaimsError: "bad-identifier": empty, longer than `MAX_IDENTIFIER_LENGTH`, or no Unicode text.

    Source: Open Badges 3.0, IdentityObject (#identityobject).
    """
    normalised = normalise(identifier)
    if not normalised or len(identifier) > MAX_IDENTIFIER_LENGTH:
        raise ClaimsError("bad-identifier")
    try:
        return _digest(normalised, salt)
    except UnicodeEncodeError as error:
        raise ClaimsError("bad-identifier") from error


def is_hash(text: str) -> bool:
    """Return whether the text has the form of an identity hash that we accept: SHA-256, not MD5."""
    return bool(_HASH.fullmatch(text))


def matches(identity: Mapping[str, object], identifier: str) -> bool:
    """Return whether an IdentityObject speaks of `identifier`, as it stands or normalised."""
    value, salt = identity.get("identityHash"), identity.get("salt", "")
    if not isinstance(value, str) or not isinstance(salt, str) or not 0 < len(identifier) <= MAX_IDENTIFIER_LENGTH:
        return False
    forms = (identifier, normalise(identifier))
    if identity.get("hashed") is not True:
        return value in forms
    if not is_hash(value):
        return False
    try:
        digests = [_digest(form, salt) for form in forms]
    except UnicodeEncodeError:
        return False
    # Every form is compared, in constant time: how long it took must not say which one was near.
    found = [hmac.compare_digest(digest, value.lower()) for digest in digests]
    return any(found)


def _digest(identifier: str, salt: str) -> str:
    return "sha256$" + hashlib.sha256((identifier + salt).encode()).hexdigest()
