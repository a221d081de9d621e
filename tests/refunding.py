"""Refunds as tests ask for them: by staff, past any page."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from billing.models import Order, Refund
from billing.refunding import refunds
from tests.buyer import Buyer


def wish(amount_minor: int, *, after_minor: int, **given: Any) -> refunds.Wish:
    """What the shop by itself would ask for."""
    defaults: dict[str, Any] = {
        "reason": Refund.Reason.OTHER,
        "ends_access": False,
        "asker": Refund.Asker.SHOP,
    }
    return refunds.Wish(amount_minor=amount_minor, after_minor=after_minor, **defaults | given)


def bought(buyer: Buyer, card: str = "4242424242424242") -> Order:
    """The buyer's only order, paid with this card."""
    assert buyer.buy("noon", card=card)["state"] == "paid"
    return Order.objects.get()


def give_back(order: Order, amount_minor: int | None = None, **given: Any) -> Refund:
    """Give a part of an order back, or all that is left of it."""
    order.refresh_from_db()
    amount = order.left_minor if amount_minor is None else amount_minor
    return refunds.ask(order, wish(amount, after_minor=order.refunded_minor, **given), at=timezone.now())


def later(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def look_at(at: datetime) -> int:
    """The sweep of refunds, then."""
    return refunds.sweep(at=at)
