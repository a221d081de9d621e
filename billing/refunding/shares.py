"""What a part is worth, in the currency's minor units.

- A day of a membership that has begun, in the buyer's calendar, is used; the others of its period are not.
- Of a collection each film counts alike, however long; it is started as soon as any of it was watched.
- A part is rounded up, in the buyer's favour, to the smallest amount that the currency can pay.
"""

from datetime import datetime
from functools import cache

from billing.refunding.cases import RefundCase
from videos import money


def days(case: RefundCase) -> int:
    """This will count the days of the paid period: at least one, and none without a membership."""
    if case.membership is None:
        return 0
    return max((case.day_of(case.membership.ends_at) - case.day_of(case.membership.starts_at)).days, 1)


def days_left(case: RefundCase, at: datetime) -> int:
    """This will count those of them that have not begun at this instant."""
    if case.membership is None:
        return 0
    begun = (case.day_of(at) - case.day_of(case.membership.starts_at)).days + 1
    return min(max(days(case) - begun, 0), days(case))


def share(case: RefundCase, part: int, whole: int) -> int:
    """This will give `part / whole` of what was paid, rounded up, and never above what was paid."""
    unit = _smallest_payable(case.currency)
    return min(-(-case.amount_minor * part // (whole * unit)) * unit, case.amount_minor)


@cache
def _smallest_payable(currency: str) -> int:
    for unit in (1, 10):
        try:
            money.check_amount(unit, currency)
        except money.BadAmount:
            continue
        return unit
    return 100
