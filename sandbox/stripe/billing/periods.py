"""When a period of a subscription ends.

Months are counted from the anchor: one that begins on the 31st ends on the last day of a shorter month and
on the 31st again after it. https://docs.stripe.com/billing/subscriptions/billing-cycle
"""

import calendar
from datetime import UTC, datetime

from sandbox.worlds import Json

_SECONDS = {"day": 86400, "week": 7 * 86400}


def shift(anchor: int, recurring: Json, times: int) -> int:
    """Return the anchor moved by so many intervals of a price."""
    count = recurring["interval_count"] * times
    if recurring["interval"] in _SECONDS:
        return int(anchor + count * _SECONDS[recurring["interval"]])
    months = count * (12 if recurring["interval"] == "year" else 1)
    start = datetime.fromtimestamp(anchor, UTC)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def end_of_period(anchor: int, recurring: Json, start: int) -> int:
    """Return the end of the period that begins at `start`: the first step from the anchor after it."""
    times = 1
    while shift(anchor, recurring, times) <= start:
        times += 1
    return shift(anchor, recurring, times)
