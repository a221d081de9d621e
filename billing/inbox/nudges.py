"""What Stripe's events make us ask of it anew, by how their type begins. No event itself is believed."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from billing.disputing import dispute_outcomes, fraud_warnings
from billing.joining import following
from billing.models import Membership, Order, StripeEvent
from billing.refunding import refund_outcomes
from billing.settling import fulfilment, outcomes
from billing.stripe import (
    stripe_disputes,
    stripe_gateway,
    stripe_refunds,
    stripe_subscriptions,
    stripe_warnings,
)
from billing.stripe.intents import Intent, StripeRefused

logger = logging.getLogger(__name__)

Act = Callable[[str, datetime], str]


def act_of(event: StripeEvent) -> Act | None:
    """This will find what to do about an event: a call with the id of its object, which tells in a word or
    two what came of it. None where nothing is to be done.
    """
    return next((act for start, act in _ACTS.items() if event.type.startswith(start)), None)


def _look_at_intent(intent_id: str, at: datetime) -> str:
    try:
        intent = stripe_gateway.retrieve(intent_id)
    except StripeRefused as error:
        logger.warning("event of an unknown intent", extra={"intent": intent_id, "code": error.code})
        return "no such intent"
    # A membership's intent is made by Stripe, and does not name its order.
    named = {"reference": intent.order_reference} if intent.order_reference else {"intent_id": intent.id}
    order = Order.objects.filter(**named).first()
    if order is None:
        return "not an order of ours"
    try:
        return _tell(order, intent, at=at)
    except fulfilment.Mismatch as error:
        return f"refused: {error.what}"


def _tell(order: Order, intent: Intent, *, at: datetime) -> str:
    if intent.is_paid:
        return fulfilment.settle(order.pk, intent, at=at).state
    payment = order.payments.undecided().first()
    if payment is not None:
        outcomes.look(payment, at=at)
        return str(payment.state)
    return str(order.state)


def _look_at_setup(setup_id: str, at: datetime) -> str:
    """A trial's card; other cards that are put on file are no business of the inbox."""
    order = Order.objects.filter(intent_id=setup_id).first()
    if order is None:
        return "not an order of ours"
    payment = order.payments.undecided().first()
    if payment is not None:
        try:
            outcomes.look(payment, at=at)
        except fulfilment.Mismatch as error:
            return f"refused: {error.what}"
        order.refresh_from_db(fields=["state"])
    return str(order.state)


def _look_at_refund(refund_id: str, at: datetime) -> str:
    try:
        told = stripe_refunds.retrieve(refund_id)
    except StripeRefused as error:
        logger.warning("event of an unknown refund", extra={"refund": refund_id, "code": error.code})
        return "no such refund"
    return refund_outcomes.hear(told, at=at)


def _look_at_charge(charge_id: str, at: datetime) -> str:
    try:
        listed = stripe_refunds.of_charge(charge_id)
    except StripeRefused as error:
        logger.warning("event of an unknown charge", extra={"charge": charge_id, "code": error.code})
        return "no such charge"
    heard = [refund_outcomes.hear(told, at=at) for told in listed]
    return heard[0] if heard else "no refund"


def _look_at_dispute(dispute_id: str, at: datetime) -> str:
    try:
        told = stripe_disputes.retrieve(dispute_id)
    except StripeRefused as error:
        logger.warning("event of an unknown dispute", extra={"dispute": dispute_id, "code": error.code})
        return "no such dispute"
    return dispute_outcomes.hear(told, at=at)


def _look_at_warning(warning_id: str, at: datetime) -> str:
    try:
        told = stripe_warnings.retrieve(warning_id)
    except StripeRefused as error:
        logger.warning("event of an unknown warning", extra={"warning": warning_id, "code": error.code})
        return "no such warning"
    return fraud_warnings.hear(told, at=at)


def _look_at_invoice(invoice_id: str, at: datetime) -> str:
    try:
        subscription_id = stripe_subscriptions.subscription_of_invoice(invoice_id)
    except StripeRefused as error:
        logger.warning("event of an unknown invoice", extra={"invoice": invoice_id, "code": error.code})
        return "no such invoice"
    return _look_at_subscription(subscription_id, at)


def _look_at_subscription(subscription_id: str, at: datetime) -> str:
    memberships = Membership.objects.filter(subscription_id=subscription_id).select_related("order")
    membership = memberships.first()
    if membership is None:
        return "not a membership of ours"
    try:
        return str(following.look(membership, at=at).state)
    except StripeRefused as error:
        logger.warning("event of an unknown subscription", extra={"code": error.code})
        return "no such subscription"


_ACTS: Final[Mapping[str, Act]] = {
    "payment_intent.": _look_at_intent,
    "setup_intent.": _look_at_setup,
    "refund.": _look_at_refund,
    "charge.refunded": _look_at_charge,
    "charge.dispute.": _look_at_dispute,
    "radar.early_fraud_warning.": _look_at_warning,
    "invoice.paid": _look_at_invoice,
    "invoice.payment_failed": _look_at_invoice,
    "invoice.payment_action_required": _look_at_invoice,
    "customer.subscription.updated": _look_at_subscription,
    "customer.subscription.deleted": _look_at_subscription,
}
