"""Which order a bank speaks of. It may be heard of before its sale: then that is settled first."""

from datetime import datetime

from billing.models import Order
from billing.settling import fulfilment
from billing.stripe import stripe_gateway
from billing.stripe.intents import StripeRefused


def find(intent_id: str, *, at: datetime) -> Order | None:
    """This will find the order that a payment paid; None where it is not one of ours.

    :raises StripeUnavailable: nobody has heard of this payment yet, and Stripe does not answer.
    """
    if not intent_id:
        return None
    paid = Order.objects.filter(intent_id=intent_id, state=Order.State.PAID)
    return paid.first() or _settled(intent_id, at=at)


def _settled(intent_id: str, *, at: datetime) -> Order | None:
    try:
        intent = stripe_gateway.retrieve(intent_id)
        order = Order.objects.filter(reference=intent.order_reference).first()
        return fulfilment.settle(order.pk, intent, at=at) if order and intent.is_paid else None
    except (StripeRefused, fulfilment.Mismatch):
        return None
