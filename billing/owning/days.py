"""Days as people name them: by the clock of the place where they were."""

import re
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# A day begins on Kiritimati so long before it does in Greenwich, and ends on Baker Island so long after.
_FIRST_BEGINS: Final = timedelta(hours=14)
_LAST_ENDS: Final = timedelta(hours=12)
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/.년年]([0-9]{1,2})[-/.월月]([0-9]{1,2})[.일日]?")
_YEARS: Final = range(2000, 2100)


def read(text: str) -> date | None:
    """This will read a day that is written with its year first, as date fields send it (2026-07-01) or as
    people write it in Korea and Japan; None for anything else, and for years in which no shop was open.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if (written := _YEAR_FIRST.fullmatch(plain)) and int(written[1]) in _YEARS:
        with suppress(ValueError):
            return date(*map(int, written.groups()))
    return None


def day_of(instant: datetime, time_zone: str) -> date:
    """This will tell on which day it was by the clocks of that zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def anywhere(first: date, last: date) -> tuple[datetime, datetime]:
    """This will bound these days, half open, from where they begin first on Earth to where they end last."""
    begins = datetime.combine(first, time.min, UTC) - _FIRST_BEGINS
    return begins, datetime.combine(last + timedelta(days=1), time.min, UTC) + _LAST_ENDS


def latest(at: datetime) -> date:
    """This will tell the latest day that it is anywhere at that instant."""
    return (at.astimezone(UTC) + _FIRST_BEGINS).date()
