"""Early fraud warnings, whoever brings the news and however often. Whether to refund is for a person."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from billing import order_letters
from billing.disputing import disputed_orders
from billing.models import FraudWarning, Order
from billing.stripe.stripe_warnings import Warned

logger = logging.getLogger(__name__)


@transaction.atomic
def _note(order: Order, told: Warned) -> FraudWarning:
    """The row of a warning, made with a mail to support if this is the first that is heard of it."""
    warning, is_new = FraudWarning.objects.get_or_create(
        warning_id=told.id,
        defaults={
            "order": order,
            "charge_id": told.charge_id,
            "fraud_type": told.fraud_type[:60],
            "is_actionable": told.is_actionable,
            "warned_at": told.warned_at,
        },
    )
    if is_new:
        logger.warning("an issuer warns of fraud", extra={"order": order.reference, "warning": told.id})
        if told.is_actionable:
            _ask_support(order, warning)
    elif warning.is_actionable != told.is_actionable:
        warning.is_actionable = told.is_actionable
        warning.save(update_fields=["is_actionable"])
    return warning


def hear(told: Warned, *, at: datetime) -> str:
    """This will write down a warning that Stripe told of, and return what became of it, in a word or two.

    :raises StripeUnavailable: its payment is news too, and Stripe does not answer.
    """
    order = disputed_orders.find(told.intent_id, at=at)
    if order is None:
        return "not an order of ours"
    return "actionable" if _note(order, told).is_actionable else "settled"


def _ask_support(order: Order, warning: FraudWarning) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "reference": order.reference,
            "title": order.offer.target.title,
            "amount_text": order.total_text,
            "fraud_type": warning.fraud_type,
            "office_url": f"{settings.SITE_URL}/admin/billing/fraudwarning/{warning.pk}/change/",
        }
    occasion = f"fraud-office:{warning.warning_id}"
    order_letters.ask_support(order, "fraud-warning-office", occasion=occasion, context=context)
