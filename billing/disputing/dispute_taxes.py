"""The tax of a sale that a bank gave back is not owed any more; if it thinks better of it, it is again."""

import logging
from datetime import datetime

from django.db.models import Sum

from billing.books import entries
from billing.models import Dispute, DisputeTax, Order
from billing.taxing import taxes

logger = logging.getLogger(__name__)


def follow(dispute: Dispute, order: Order, *, at: datetime) -> DisputeTax | None:
    """This will book what a verdict does to the tax, and return its row if it does anything.

    A loss takes back the tax of as much as was lost; a win later returns exactly that, and an appeal alone
    changes nothing. Again: nothing. Call it in the transaction that moved the dispute and locked its order.
    """
    taken = int(dispute.taxes.aggregate(taken=Sum("amount_minor", default=0))["taken"])
    if dispute.state == Dispute.State.LOST and not taken:
        amount = _lost(dispute, order)
    elif dispute.state == Dispute.State.WON:
        amount = -taken
    else:
        return None
    return _book(dispute, amount, at=at) if amount else None


def complete(order: Order, *, at: datetime) -> DisputeTax | None:
    """This will book the tax of a loss that was left to a refund on its way, and return its row if any was.

    The refund came to nothing, so that the loss takes the tax of its part too. Call it in the transaction
    that released the refund. Again: nothing.
    """
    lost = order.disputes.lost().filter(currency=order.currency).order_by("id").last()
    amount = taxes.share_of(order, refunded_minor=order.refunded_minor) if lost else 0
    return _book(lost, amount, at=at) if lost and amount else None


def _lost(dispute: Dispute, order: Order) -> int:
    if dispute.currency != order.currency:
        logger.error("a dispute in another currency", extra={"dispute": dispute.dispute_id})
        return 0
    return taxes.share_of(order, refunded_minor=order.refunded_minor)


def _book(dispute: Dispute, amount_minor: int, *, at: datetime) -> DisputeTax:
    number = dispute.taxes.count() + 1
    tax = DisputeTax.objects.create(
        dispute=dispute,
        number=number,
        key=f"{dispute.dispute_id}-{number}",
        amount_minor=amount_minor,
        currency=dispute.currency,
        booked_at=at,
    )
    entries.post([entries.of_dispute_tax(tax)])
    return tax
