"""A membership begins: what Stripe needs before its first payment can be confirmed, made once each.

None of these calls charges anything, so that one without an answer is simply made again at the next press.
"""

import logging

from django.db import transaction

from billing.joining import stripe_prices
from billing.models import Membership, MembershipPeriod, Order, Payment
from billing.stripe import stripe_subscriptions
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable
from billing.stripe.stripe_subscriptions import Subscription

logger = logging.getLogger(__name__)


def intent_for(order: Order, payment: Payment) -> str:
    """This will make the subscription of an order, unless it is there, and return the intent that pays its
    first period, or that puts the card of its trial on file. The order knows the intent before anybody
    confirms it.

    :raises StripeUnavailable: Stripe does not answer; nothing was charged.
    :raises StripeRefused: Stripe will not do this, or would charge another sum than was shown.
    """
    if order.intent_id:
        return order.intent_id
    membership = order.membership
    try:
        subscription = _subscription(order, membership, payment)
    except OutcomeUnknown as error:
        raise StripeUnavailable from error
    invoice = subscription.latest_invoice
    if (invoice.due_minor, invoice.currency) != (order.total_minor, order.currency):
        logger.error("a first invoice that does not fit", extra={"order": order.reference})
        raise StripeRefused("amount")
    intent_id = subscription.setup_id if order.is_trial else invoice.intent_id
    if not intent_id:  # an order without money waits for nothing else: Stripe has the card already
        logger.error("a trial without a card to put on file", extra={"order": order.reference})
        raise StripeRefused("setup_intent")
    _keep(order, membership, subscription, intent_id)
    return intent_id


def _subscription(order: Order, membership: Membership, payment: Payment) -> Subscription:
    if membership.subscription_id is not None:
        return stripe_subscriptions.retrieve(membership.subscription_id)
    price_id = stripe_prices.at_stripe(order.price, key=f"{payment.idempotency_key}-price")
    if membership.customer_id is None:
        key = f"{payment.idempotency_key}-customer"
        customer = stripe_subscriptions.make_customer(order_reference=order.reference, key=key)
        membership.bind(customer_id=customer)
    return stripe_subscriptions.subscribe(
        customer_id=membership.customer_id or "",
        price_id=price_id,
        order_reference=order.reference,
        key=f"{payment.idempotency_key}-subscription",
        trial_days=order.trial_days,
    )


@transaction.atomic
def _keep(order: Order, membership: Membership, subscription: Subscription, intent_id: str) -> None:
    invoice = subscription.latest_invoice
    membership.bind(subscription_id=subscription.id)
    MembershipPeriod.objects.get_or_create(
        order=order,
        defaults={
            "membership": membership,
            "invoice_id": invoice.id,
            "starts_at": invoice.starts_at,
            "ends_at": invoice.ends_at,
        },
    )
    Order.objects.filter(pk=order.pk, intent_id=None).update(intent_id=intent_id)
    order.refresh_from_db(fields=["intent_id"])
