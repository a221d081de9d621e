"""What refunds do to the right to watch: decided anew from the rows each time one of them moves."""

from datetime import datetime
from typing import Final

from billing.models import Order, Refund
from videos import entitlements

BECAUSE: Final = "refund"


def follow(order: Order, *, at: datetime) -> None:
    """This will end or reopen what the order opened, as its refunds say. Again: changes nothing.

    It ends while all of the money, or a part for which the buyer gave the film up, has gone back or is
    expected to; it reopens when that fails. Call it in the transaction that moved a refund.
    """
    if is_ended(Order.objects.select_for_update(of=("self",)).get(pk=order.pk)):
        entitlements.revoke_purchase(order.reference, because=BECAUSE, at=at)
    else:
        entitlements.reopen_purchase(order.reference, because=BECAUSE)


def is_ended(order: Order) -> bool:
    """This will tell whether refunds have ended what the order opened."""
    return order.is_refunded or order.refunds.filter(state__in=Refund.LIVE, ends_access=True).exists()
