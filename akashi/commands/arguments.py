"""What arguments must look like: parsed at the door, and refused with what to write instead."""

import difflib
import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from akashi.problems import UsageError
from badges.errors import BadgeError
from badges.proof import check_text
from issuer.achievements import SLUG
from issuer.settings import ORIGIN
from keys.did import DidError, web_url

FIRST_YEAR, LAST_YEAR = 2000, 2999
"""What lies outside is a slip; at the very ends of the calendar a day has no neighbour in another time zone."""

MAX_NAME = 300
"""In characters, as of an achievement's name: what a page and a picture can show."""

MAX_URL = 2_048
MAX_PORT = 65_535
WEB_PAGE = re.compile(r"https?://[A-Za-z0-9.-]+(:[1-9][0-9]{0,4})?([/?#][A-Za-z0-9._~!$&'()*+,;=:@/?#%-]*)?")
STEERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of text, so that a name is read as another one."""


def slug(text: str) -> str:
    """Return a short name that can stand in an address."""
    if not re.fullmatch(SLUG, text):
        raise UsageError(
            f"{text or 'nothing'} cannot stand in an address", "use small letters, digits and -, such as my-school"
        )
    return text


def name(text: str) -> str:
    """Return a name that people read and that every verifier signs and shows alike."""
    words = text.strip()
    if not words or len(words) > MAX_NAME:
        raise UsageError(f"a name has 1 to {MAX_NAME} characters", "give the name that people know")
    hint = "write the name without invisible characters"
    if any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in words) or STEERING.search(words):
        raise UsageError("a name has no control characters", hint)
    try:
        check_text({"name": words})
    except BadgeError as error:
        raise UsageError(f"a name cannot be signed: {error.code}", hint) from error
    return words


def web_page(text: str) -> str:
    """Return the address of a web page."""
    if len(text) > MAX_URL or not WEB_PAGE.fullmatch(text):
        raise UsageError(f"{text or 'nothing'} is no web page", "write it as https://…, other letters as %…")
    return text


def origin(text: str) -> str:
    """Return the public address of a service: scheme, host and port."""
    if not re.fullmatch(ORIGIN, text) or (urlsplit(text).port or 0) > MAX_PORT:
        raise UsageError(f"--public-url {text} is no address", "write it as https://host, without a path")
    return text


def port(text: str) -> int:
    """Return the number of a port."""
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not 1 <= int(text) <= MAX_PORT:
        raise UsageError(f"{text or 'nothing'} is no port", f"give 1 to {MAX_PORT}")
    return int(text)


def did_web(text: str) -> str:
    """Return a did:web."""
    try:
        web_url(text)
    except DidError as error:
        raise UsageError(
            f"{text or 'nothing'} is no DID of a web host", "write it as did:web:my-school.example"
        ) from error
    return text


def time_zone(text: str) -> str:
    """Return the IANA name of a time zone."""
    known = available_timezones()
    if text not in known:
        nearest = difflib.get_close_matches(text[:100], sorted(known), n=1, cutoff=0.0)
        raise UsageError(f"there is no time zone {text}", did_you_mean(*nearest))
    return text


def day(text: str) -> date:
    """Return a day between `FIRST_YEAR` and `LAST_YEAR`, written YYYY-MM-DD."""
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise UsageError(f"{text} is no day from {FIRST_YEAR} to {LAST_YEAR}", "write it as 2026-11-23")
    return found


def did_you_mean(nearest: str = "", *, otherwise: str = "see docs/api.md") -> str:
    """Return the hint that names what was probably meant, if anything was."""
    return f"did you mean {nearest}?" if nearest else otherwise
