"""What became of a membership at Stripe: asked anew on every event, and by the sweep where one got lost.

Nothing here creates or confirms a payment.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from accounts.sweeping import if_any, one_by_one
from billing.joining import late_money, member_letters, plan_change, renewing, trials, unpaid
from billing.joining.unpaid import Wanting
from billing.models import Membership, Order
from billing.settling import fulfilment
from billing.stripe import stripe_gateway, stripe_setups, stripe_subscriptions
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable
from billing.stripe.stripe_subscriptions import Invoice, Subscription
from videos import entitlements

logger = logging.getLogger(__name__)

# A renewal's invoice is a draft for an hour before it is collected.
_AFTER_RENEWAL = timedelta(minutes=70)
_EVERY_DAY = timedelta(days=1)
_WHILE_UNPAID = timedelta(hours=1)
_AFTER_FAILURE = timedelta(minutes=1)


def look(membership: Membership, *, at: datetime) -> Membership:
    """This will ask Stripe how a membership stands, and take over what was paid and what ends.

    Events, the member's own acts and the sweep all call this, in any order and at once; what is known
    already changes nothing.

    :raises StripeUnavailable: Stripe does not answer; what was noted so far stands.
    :raises StripeRefused: Stripe knows no such subscription.
    """
    if membership.subscription_id is None:
        return membership
    subscription = stripe_subscriptions.retrieve(membership.subscription_id)
    for change in membership.plan_changes.under_way().select_related("order"):
        plan_change.bind(change, subscription)
    paid = [each for each in stripe_subscriptions.paid_invoices(subscription.id) if each.due_minor]
    known = _known(membership)
    for invoice in reversed(paid):
        if invoice.id not in known:
            _settle(membership, invoice, at=at)
    if membership.order.is_trial and not subscription.setup_id:
        subscription = _look_at_card(membership, subscription, at=at)
    wanting = unpaid.ask(membership, subscription, paid)
    noted = _note(membership.pk, subscription, wanting, at=at)
    late_money.give_back(noted, subscription, paid, at=at)
    return noted


def _known(membership: Membership) -> set[str]:
    """The invoices whose payment is noted, of which Stripe is asked no more."""
    paid = membership.periods.filter(order__state=Order.State.PAID)
    return set(paid.values_list("invoice_id", flat=True))


def _settle(membership: Membership, invoice: Invoice, *, at: datetime) -> None:
    intent = stripe_gateway.retrieve(invoice.intent_id)
    try:
        period = membership.periods.filter(invoice_id=invoice.id).first()
        if period is not None:  # its order waited for this: the first one, or one for another plan
            fulfilment.settle(period.order_id, intent, at=at)
        else:
            renewing.settle(membership.pk, invoice, intent, at=at)
    except fulfilment.Mismatch:  # logged; somebody has to look, and the rest goes on
        return


def _look_at_card(membership: Membership, subscription: Subscription, *, at: datetime) -> Subscription:
    """A trial begins once its card is on file, and the card has to be named to Stripe for what follows."""
    order = membership.order
    if order.state == Order.State.OPEN and order.intent_id:
        try:
            order = fulfilment.settle(order.pk, stripe_setups.retrieve(order.intent_id), at=at)
        except fulfilment.Mismatch:  # logged; somebody has to look
            return subscription
    try:
        return trials.keep_card(order, subscription)
    except OutcomeUnknown as error:  # the next look finds out
        raise StripeUnavailable from error


@transaction.atomic
def _note(membership_id: int, subscription: Subscription, wanting: Wanting, *, at: datetime) -> Membership:
    membership = (
        Membership.objects.select_for_update(of=("self",)).select_related("order").get(pk=membership_id)
    )
    was = membership.state
    membership.follow(
        state=subscription.state,
        cancels_at_period_end=subscription.cancels_at_period_end,
        ended_at=(subscription.ended_at or at) if subscription.state == Membership.State.ENDED else None,
    )
    until = membership.opens_until()
    if until is not None:
        entitlements.move_membership(membership.order.reference, ends_at=until)
    unpaid.note(membership, wanting, at=at)
    member_letters.tell(membership, was=was)
    membership.look_after = _next_look(membership, at=at)
    membership.save(update_fields=["look_after"])
    return membership


def _next_look(membership: Membership, *, at: datetime) -> datetime | None:
    if membership.state == Membership.State.PAST_DUE:
        return at + _WHILE_UNPAID
    paid_until = membership.paid_until()
    if paid_until is None or not membership.is_living:
        return None
    renewal = paid_until + _AFTER_RENEWAL
    return min(renewal, at + _EVERY_DAY) if renewal > at else at + _WHILE_UNPAID


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will look at memberships whose time has come, and end at Stripe those whose money went back.

    It returns how many were looked at.
    """
    due = Membership.objects.living().filter(Q(look_after=None) | Q(look_after__lte=at))
    to_end = Membership.objects.to_end().exclude(subscription_id=None)
    ends = if_any(to_end.order_by("end_wanted_at", "id")[:limit])
    looks = [partial(_end, each, at=at) for each in ends]
    looks += [
        partial(_look_from_afar, each, at=at) for each in if_any(due.order_by("look_after", "id")[:limit])
    ]
    return one_by_one(looks, lambda look: look())


def _end(membership: Membership, *, at: datetime) -> bool:
    try:
        stripe_subscriptions.end(membership.subscription_id or "")
    except (StripeUnavailable, OutcomeUnknown):
        return False
    except StripeRefused:  # it has ended there already
        pass
    return _look_from_afar(membership, at=at)


def _look_from_afar(membership: Membership, *, at: datetime) -> bool:
    Membership.objects.filter(pk=membership.pk).update(look_after=at + _AFTER_FAILURE)
    try:
        look(membership, at=at)
    except StripeUnavailable:
        return False
    except StripeRefused as error:
        logger.error("a membership unknown to Stripe", extra={"code": error.code})
        return False
    return True
