"""The mail that says until when a rental can still be watched, to who has not seen it to its end."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.sweeping import one_by_one
from billing import order_letters
from billing.models import Order
from videos import rentals
from videos.models import Entitlement


def sweep(*, at: datetime) -> int:
    """This will queue the mails that are due and return how many: one for each rental, however often it runs.

    Who finished is not told, now or later. `RENTAL_END_NOTICE_HOURS` says how long before; 0 for never.
    """
    within = timedelta(hours=settings.RENTAL_END_NOTICE_HOURS)
    return one_by_one(rentals.running_out(at=at, within=within), lambda right: _tell(right, at=at))


@transaction.atomic
def _tell(right: Entitlement, *, at: datetime) -> bool:
    if not rentals.tell_once(right, at=at) or rentals.is_seen_to_its_end(right, at=at):
        return False
    orders = Order.objects.filter(reference=right.reference, state=Order.State.PAID)
    order = orders.select_related("offer__video", "offer__collection").first()
    if order is None or right.ends_at is None:
        return False
    until = right.ends_at.astimezone(ZoneInfo(order.time_zone))
    with translation.override(order.language):  # the addresses too are of one language each
        told = order_letters.facts(order) | {"until": f"{until:%Y-%m-%d %H:%M} ({order.time_zone})"}
    order_letters.put(order, "rental-ends", occasion="rental-ends", context=told)
    return True
