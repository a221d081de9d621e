"""A purchase found again by the day on which its buyer remembers it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from accounts.identity import Viewer
from billing.models import Order
from billing.owning import days, purchases

_BESIDE: Final = timedelta(days=1)
_SHOWN_AT_MOST: Final = 20
_LOOKED_AT: Final = 1000


@dataclass(frozen=True)
class Found:
    """What was paid on that day or beside it, that day's first; each with whether it is that day's."""

    day: date
    rows: list[tuple[Order, bool]]
    has_more: bool = False

    @property
    def has_that_day(self) -> bool:
        return any(is_that_day for _order, is_that_day in self.rows)

    @property
    def has_others(self) -> bool:
        return not all(is_that_day for _order, is_that_day in self.rows)


def on(viewer: Viewer, day: date) -> Found:
    """This will find what the viewer paid on that day, and on the day before or after: who paid close to
    midnight, or reads the day on a bank's statement, is easily wrong by one.

    The day is that of the buyer's own zone when he paid, as his receipt and the list have it.
    """
    if viewer.is_nobody:
        return Found(day, [])
    begins, ends = days.anywhere(day - _BESIDE, day + _BESIDE)
    bought = Order.objects.bought_by(viewer).filter(paid_at__gte=begins, paid_at__lt=ends)
    paid = bought.order_by("-paid_at", "-id").values_list("pk", "paid_at", "time_zone")[:_LOOKED_AT]
    dated = {pk: days.day_of(at, zone) for pk, at, zone in paid if at is not None}
    near = [pk for pk, its_day in dated.items() if abs(its_day - day) <= _BESIDE]
    shown = sorted(near, key=lambda pk: dated[pk] != day)[:_SHOWN_AT_MOST]
    orders = purchases.with_titles(Order.objects.all()).in_bulk(shown)
    return Found(day, [(orders[pk], dated[pk] == day) for pk in shown], has_more=len(near) > len(shown))
