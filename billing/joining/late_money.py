"""Money that came when a membership was over, say for a bank's question answered too late: it goes back."""

from collections.abc import Sequence
from datetime import datetime

from accounts.sweeping import one_by_one
from billing.models import Membership, Order, Refund
from billing.refunding import refunds
from billing.stripe.stripe_subscriptions import Invoice, Subscription
from videos import money


def give_back(
    membership: Membership, subscription: Subscription, paid: Sequence[Invoice], *, at: datetime
) -> int:
    """This will give back what was paid after Stripe had ended the membership, and return how many orders.

    Stripe takes money for an invoice that was open at the end, though nothing is opened by it any more.
    Again: nothing more goes back.
    """
    ended_at = subscription.ended_at
    if ended_at is None:
        return 0
    late = [each.id for each in paid if each.paid_at is not None and each.paid_at > ended_at]
    orders = Order.objects.filter(period__membership=membership, period__invoice_id__in=late)
    unasked = orders.filter(state=Order.State.PAID, refunded_minor=0, refunds=None, total_minor__gt=0)
    return one_by_one(unasked.order_by("id"), lambda order: _give_back(order, at=at))


def _give_back(order: Order, *, at: datetime) -> bool:
    wish = refunds.Wish(
        amount_minor=order.total_minor,
        after_minor=0,
        reason=Refund.Reason.OTHER,
        ends_access=True,
        asker=Refund.Asker.SHOP,
        note="paid when the membership had ended",
    )
    try:
        refunds.ask(order, wish, at=at)
    except (refunds.NotLeft, money.BadAmount):
        return False  # somebody gave it back in this very moment
    return True
