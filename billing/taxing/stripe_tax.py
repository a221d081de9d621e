"""Tax by Stripe (`TAX_BY=stripe`): worked out before an attempt is sent, recorded by Stripe with the sale.

The price stays what was shown; Stripe tells what of it is tax, keeps that with the payment, and takes its
part back with each refund by itself. It costs two more questions before each charge. Memberships, whose
payments are made by Stripe's subscriptions, are split by the table as ever.
"""

import logging
from typing import Final

from django.conf import settings

from billing.models import Order, Payment, TaxCalculation
from billing.stripe import stripe_taxes
from billing.stripe.intents import StripeRefused
from billing.stripe.stripe_taxes import Calculation

logger = logging.getLogger(__name__)

_STRIPE: Final = "stripe"


def prepare(order: Order, payment: Payment) -> str:
    """This will have an attempt's tax worked out and return the id under which Stripe knows it.

    Call it outside any transaction. Again: the same. "" where the table splits: by the setting, for a
    membership, and where Stripe cannot tell, since no sale is refused for that.

    :raises StripeUnavailable: Stripe does not answer; nothing was sent.
    """
    if settings.TAX_BY != _STRIPE or order.offer.is_membership:
        return ""
    known = TaxCalculation.objects.filter(payment=payment).first()
    if known is not None:
        return known.calculation_id
    try:
        place = stripe_taxes.place_of(payment.confirmation_token)
        told = _calculated(payment, place) if place.country else None
    except StripeRefused as error:
        logger.warning("tax not worked out", extra={"order": order.reference, "code": error.code})
        return ""
    if told is None:
        return ""
    if told.total_minor != payment.amount_minor:
        logger.error("Stripe's tax does not fit the price", extra={"order": order.reference})
        return ""
    TaxCalculation.objects.create(
        payment=payment,
        calculation_id=told.id,
        country=place.country,
        basis_points=told.basis_points,
        tax_minor=told.tax_minor,
    )
    return told.id


def _calculated(payment: Payment, place: stripe_taxes.Place) -> Calculation:
    return stripe_taxes.calculate(
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        place=place,
        tax_code=settings.STRIPE_TAX_CODE,
        key=f"{payment.idempotency_key}-tax",
    )
