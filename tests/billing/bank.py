"""A bank that takes back what its customer paid, and the shop that hears of it."""

from typing import Any

from billing import tasks
from billing.models import Order
from tests.buyer import Buyer

DISPUTES = "4000000000000259"


def raise_dispute(buyer: Buyer, order: Order, **given: Any) -> str:
    """Let the bank dispute an order's charge, and the shop hear of it; returns the dispute's id."""
    told = buyer.world.dispute(order.payments.get(state="succeeded").charge_id, **given)
    hear(buyer)
    return str(told["id"])


def hear(buyer: Buyer) -> None:
    buyer.world.settle()
    tasks.sweep()
