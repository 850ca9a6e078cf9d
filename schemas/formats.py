"""Whether a text has a form that JSON Schemas name; `jsonschema_rs` takes characters for digits that are none."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME: Final = re.compile(
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)
DAY_MINUTES: Final = 24 * 60


def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar, in a year from 1 on (RFC 3339 full-date)."""
    if not DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date_time(text: str) -> bool:
    """Tell whether a text is a moment with its zone (RFC 3339 date-time), perhaps a leap second."""
    time = TIME.fullmatch(text[11:])
    if time is None or text[10] not in "Tt" or not is_date(text[:10]):
        return False
    hour, minute, second, sign, zone_hour, zone_minute = time.groups()
    if second != "60":
        return True
    # Leap seconds end a day of UTC.
    zone = int(zone_hour or 0) * 60 + int(zone_minute or 0)
    minutes = int(hour) * 60 + int(minute) - (zone if sign == "+" else -zone)
    return (minutes + 1) % DAY_MINUTES == 0


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType({"date": is_date, "date-time": is_date_time})
