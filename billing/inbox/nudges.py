"""What Stripe's events make us ask of it anew, by how their type begins. No event itself is believed."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from billing.disputing import dispute_outcomes, fraud_warnings
from billing.joining import card_change, following
from billing.models import Membership, Order, StripeEvent
from billing.refunding import refund_outcomes
from billing.settling import fulfilment, outcomes
from billing.stripe import (
    stripe_disputes,
    stripe_gateway,
    stripe_refunds,
    stripe_setups,
    stripe_subscriptions,
    stripe_warnings,
)
from billing.stripe.intents import Intent, StripeRefused

logger = logging.getLogger(__name__)


def is_of_use(event: StripeEvent) -> bool:
    """This will tell whether an event of this type makes us do anything."""
    return _nudge(event) is not None


def thing_of(event: StripeEvent) -> str:
    """This will name the kind of thing that an event of use is about; of any other, its type."""
    nudge = _nudge(event)
    return nudge.thing if nudge else event.type


def act_on(event: StripeEvent, *, at: datetime) -> str:
    """This will read what an event of use is about anew, act on that, and tell what came of it, in a word or
    two.

    :raises StripeUnavailable: Stripe does not answer.
    :raises ValueError: the event is of no use; ask that first.
    """
    nudge = _nudge(event)
    if nudge is None:
        raise ValueError("nothing is to be done")
    try:
        return nudge.act(event.object_id, at)
    except StripeRefused as error:
        facts = {"type": event.type, "object": event.object_id, "code": error.code}
        logger.warning("event of an unknown object", extra=facts)
        return f"no such {nudge.thing}"
    except fulfilment.Mismatch as error:
        return f"refused: {error.what}"


def _intent(intent_id: str, at: datetime) -> str:
    intent = stripe_gateway.retrieve(intent_id)
    # A membership's intent is made by Stripe, and does not name its order.
    named = {"reference": intent.order_reference} if intent.order_reference else {"intent_id": intent.id}
    order = Order.objects.filter(**named).first()
    return "not an order of ours" if order is None else _of_order(order, intent, at=at)


def _of_order(order: Order, intent: Intent, *, at: datetime) -> str:
    if intent.is_paid:
        return fulfilment.settle(order.pk, intent, at=at).state
    return _of_attempt(order, at=at)


def _of_attempt(order: Order, *, at: datetime) -> str:
    payment = order.payments.undecided().first()
    if payment is None:
        return str(order.state)
    outcomes.look(payment, at=at)
    return str(payment.state)


def _setup(setup_id: str, at: datetime) -> str:
    """A trial's card, or another one for a membership."""
    order = Order.objects.filter(intent_id=setup_id).first()
    if order is not None:
        return _of_attempt(order, at=at)
    return card_change.hear(stripe_setups.retrieve(setup_id), at=at)


def _refund(refund_id: str, at: datetime) -> str:
    return refund_outcomes.hear(stripe_refunds.retrieve(refund_id), at=at)


def _charge(charge_id: str, at: datetime) -> str:
    heard = [refund_outcomes.hear(told, at=at) for told in stripe_refunds.of_charge(charge_id)]
    return heard[0] if heard else "no refund"


def _dispute(dispute_id: str, at: datetime) -> str:
    return dispute_outcomes.hear(stripe_disputes.retrieve(dispute_id), at=at)


def _warning(warning_id: str, at: datetime) -> str:
    return fraud_warnings.hear(stripe_warnings.retrieve(warning_id), at=at)


def _invoice(invoice_id: str, at: datetime) -> str:
    return _subscription(stripe_subscriptions.subscription_of_invoice(invoice_id), at)


def _subscription(subscription_id: str, at: datetime) -> str:
    memberships = Membership.objects.filter(subscription_id=subscription_id).select_related("order")
    membership = memberships.first()
    return str(following.look(membership, at=at).state) if membership else "not a membership of ours"


class _Nudge(NamedTuple):
    """`thing` is what the events are about, as staff read it where Stripe knows none of that id."""

    type_begins: str
    thing: str
    act: Callable[[str, datetime], str]


NUDGES: Final = (
    _Nudge("payment_intent.", "intent", _intent),
    _Nudge("setup_intent.", "intent", _setup),
    _Nudge("refund.", "refund", _refund),
    _Nudge("charge.refunded", "charge", _charge),
    _Nudge("charge.dispute.", "dispute", _dispute),
    _Nudge("radar.early_fraud_warning.", "warning", _warning),
    _Nudge("invoice.paid", "invoice", _invoice),
    _Nudge("invoice.payment_failed", "invoice", _invoice),
    _Nudge("invoice.payment_action_required", "invoice", _invoice),
    _Nudge("customer.subscription.updated", "subscription", _subscription),
    _Nudge("customer.subscription.deleted", "subscription", _subscription),
)


def _nudge(event: StripeEvent) -> _Nudge | None:
    return next((each for each in NUDGES if event.type.startswith(each.type_begins)), None)
