"""What was paid for films that have left goes back by itself: each order once, however many workers look."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError

from accounts.sweeping import one_by_one
from billing.leaving import losing
from billing.models import Order, Refund
from billing.refunding import refunds
from videos import money
from videos.models import TakeDown

# A payment that a bank thinks about, or disputes, may be settled this long after a film has left.
_LOOKS_BACK: Final = timedelta(days=120)


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will give back what is owed for films that have left, and return for how many orders it asked."""
    gone = TakeDown.objects.standing().filter(
        owners=TakeDown.Owners.LOSE, leaves_at__lte=at, leaves_at__gt=at - _LOOKS_BACK
    )
    rows = (
        order
        for taken in gone.order_by("id")
        for order in losing.owed(taken).select_related("offer").order_by("id")[:limit]
    )
    return one_by_one(rows, lambda order: _give_back(order, at=at))


def _give_back(order: Order, *, at: datetime) -> bool:
    """Where the bank sends it back, or Stripe refuses it, a person sees to it: it is asked for once."""
    wish = refunds.Wish(
        amount_minor=order.left_minor,
        after_minor=order.refunded_minor,
        reason=Refund.Reason.TAKEN_DOWN,
        ends_access=True,
        asker=Refund.Asker.SHOP,
    )
    try:
        refunds.ask(order, wish, at=at)
    except (refunds.NotLeft, money.BadAmount, IntegrityError):
        return False  # somebody gave it back in this very moment
    return True
