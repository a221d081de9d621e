"""Has Stripe forget the Customers of who was erased. Payments stay there: the law makes Stripe keep them."""

import logging
from datetime import datetime

from accounts.sweeping import one_by_one
from billing.models import ErasedCustomer
from billing.stripe import stripe_subscriptions
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable

logger = logging.getLogger(__name__)


def sweep(*, at: datetime, limit: int = 50) -> int:
    """This will delete at Stripe whom we erased here, and return how many went. Again: none.

    Whatever subscription such a customer still has ends there with him.
    """
    waiting = ErasedCustomer.objects.filter(forgotten_at=None).order_by("id")
    return one_by_one(waiting[:limit], lambda customer: _forget(customer, at=at))


def _forget(customer: ErasedCustomer, *, at: datetime) -> bool:
    try:
        stripe_subscriptions.forget_customer(customer.customer_id)
    except (StripeUnavailable, OutcomeUnknown):  # the next sweep asks again
        return False
    except StripeRefused as error:
        if error.code != "resource_missing":
            logger.error("Stripe keeps a customer", extra={"code": error.code})
            return False
    return customer.mark_forgotten(at=at)
