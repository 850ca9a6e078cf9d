"""Which of our representations a client wants (RFC 9110 section 12.5.1, #field.accept)."""

from collections.abc import Sequence

from badges.web.language import MAX_RANGES, weight_of


def preferred(header: str, offered: Sequence[str]) -> str:
    """Return the offered media type that an `Accept` header weighs highest; the first of equals, and when none will do.

    Of several ranges that a type lies in, the most precise one counts.
    """
    ranges = [media_range(part) for part in header.split(",")[:MAX_RANGES]]
    return max(offered, key=lambda media_type: weight(media_type, ranges))


def media_range(part: str) -> tuple[str, float]:
    """Return a media range, without its parameters, and its weight."""
    name, *parameters = part.lower().split(";")
    weighed = next((one for one in parameters if one.strip().startswith("q=")), "")
    return name.strip(), weight_of(weighed) if weighed else 1.0


def weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the weight of a media type: that of the most precise range that it lies in, 0 in none."""
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [one for name, one in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
