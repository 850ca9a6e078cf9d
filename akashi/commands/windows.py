"""From a day until a day, as options say it: windows begin and end at the midnights of a provider's own time zone."""

import argparse
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from akashi.commands.arguments import day
from akashi.problems import UsageError
from badges.accreditation import Window


def add_window_to(command: argparse.ArgumentParser) -> None:
    """Add the options of a window."""
    command.add_argument(
        "--from", dest="start", required=True, type=day, metavar="DAY", help="the first day, YYYY-MM-DD"
    )
    command.add_argument("--until", type=day, metavar="DAY", help="the last day; open by default")


def window_of(chosen: argparse.Namespace, time_zone: str) -> Window:
    """Return from the first to the last day.

    Raises:
        UsageError: In the wrong order.
    """
    if chosen.until is not None and chosen.until < chosen.start:
        raise UsageError("--until lies before --from", "give the last day of the window")
    end = next_midnight(chosen.until, time_zone) if chosen.until else None
    return Window(midnight(chosen.start, time_zone), end)


def midnight(first: date, time_zone: str) -> datetime:
    """Return the start of a day in a time zone."""
    return datetime.combine(first, time(), ZoneInfo(time_zone))


def next_midnight(last: date, time_zone: str) -> datetime:
    """Return the end of a day: the first moment after it."""
    return midnight(last + timedelta(days=1), time_zone)
