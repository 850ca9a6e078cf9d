"""Which of our two languages a reader wants."""

from typing import Literal, get_args

from starlette.requests import Request

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "ja"

MAX_RANGES = 32
"""More language ranges than any browser sends; the rest of a longer header is ignored."""


def language_of(request: Request) -> Language:
    """Return the language of an answer: `?lang=` beats `Accept-Language`, and Japanese is the default."""
    return chosen_language(request) or accepted_language(request.headers.get("accept-language", ""))


def chosen_language(request: Request) -> Language | None:
    """Return the language that the reader chose by the switch, if any."""
    return known(request.query_params.get("lang", ""))


def accepted_language(header: str) -> Language:
    """Return the one of our languages that an `Accept-Language` header weighs highest.

    Source: RFC 9110 §12.5.4 (#field.accept-language); the first of equals wins.
    """
    best: Language = DEFAULT_LANGUAGE
    best_weight = 0.0
    for language_range in header.split(",")[:MAX_RANGES]:
        tag, _, parameters = language_range.partition(";")
        language = known(tag.strip().partition("-")[0].lower())
        weight = weight_of(parameters)
        if language and weight > best_weight:
            best, best_weight = language, weight
    return best


def weight_of(parameters: str) -> float:
    """Return the `q` of a language range; 0 when it is not a number between 0 and 1."""
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def known(tag: str) -> Language | None:
    """Return the tag as one of our languages."""
    return next((language for language in LANGUAGES if language == tag), None)
