"""What refunds and disputes do to the right to watch: decided anew from the rows each time one moves."""

from datetime import datetime
from typing import Final

from django.conf import settings

from billing.models import Membership, Order, Refund
from videos import entitlements

BY_REFUND: Final = "refund"
BY_DISPUTE: Final = "dispute"


def follow(order: Order, *, at: datetime) -> None:
    """This will end or reopen what the order opened, as its refunds and disputes say. Again: changes nothing.

    It ends while all of the money, or a part for which the buyer gave the film up, has gone back or is
    expected to, and when a bank has given it back; it reopens when none of this holds any more. Call it in
    the transaction that moved a refund or a dispute.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    memberships = Membership.objects.select_for_update(of=("self",)).select_related("order")
    membership = memberships.filter(periods__order=order).first()
    if membership is None:
        _decide(order, order.reference, at=at)
    elif not follow_periods(membership, at=at):
        membership.let_live()


def follow_periods(membership: Membership, *, at: datetime) -> bool:
    """This will open or end what the last paid period of a locked membership opens, and return whether the
    money of any went back: then Stripe must not renew it either, which the sweep sees to.
    """
    orders = Order.objects.filter(period__membership=membership, state=Order.State.PAID)
    periods = list(orders.order_by("-period__ends_at", "-id"))
    if periods:
        _decide(periods[0], membership.order.reference, at=at)
    is_any_ended = any(is_ended(each) or is_ended_by_dispute(each) for each in periods)
    if is_any_ended:
        membership.want_end(at=at)
    return is_any_ended


def _decide(order: Order, reference: str, *, at: datetime) -> None:
    if is_ended(order):
        entitlements.revoke_purchase(reference, because=BY_REFUND, at=at)
    elif is_ended_by_dispute(order):
        entitlements.revoke_purchase(reference, because=BY_DISPUTE, at=at)
    else:
        entitlements.reopen_purchase(reference, because=(BY_REFUND, BY_DISPUTE))


def is_ended(order: Order) -> bool:
    """This will tell whether refunds have ended what the order opened."""
    return order.is_refunded or order.refunds.filter(state__in=Refund.LIVE, ends_access=True).exists()


def is_ended_by_dispute(order: Order) -> bool:
    """This will tell whether a bank has given the money back, or holds it where `DISPUTE_ACCESS` minds."""
    taken = order.disputes.holding_money()
    if settings.DISPUTE_ACCESS == "keep":
        taken = taken.lost()
    return taken.exists()
