"""What Stripe worked out of the tax of sales (`TAX_BY=stripe`), held against what they booked here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Q

from billing.books.balance import in_batches
from billing.models import Order, Payment, TaxCalculation
from billing.models.taxes import percent_text
from billing.reconciling.differences import Difference
from billing.stripe import stripe_lists
from billing.stripe.intents import Intent
from videos import money

_REPAIR: Final = "The books are never rewritten: find out why, and declare what is right."


def taxes(start: datetime, end: datetime) -> Iterator[Difference]:
    """This will find the paid orders whose tax is not what Stripe keeps with their payment.

    Stripe says which of its calculations that is, and what it came to was kept when it was made. A sale that
    Stripe could not place has none, and is split by the table.
    """
    if settings.TAX_BY != "stripe":
        return
    paid = (each for each in stripe_lists.intents_between(start, end) if each.is_paid)
    for intents in in_batches(paid):
        yield from _held_against(intents)


def _held_against(intents: list[Intent]) -> Iterator[Difference]:
    rows = Order.objects.filter(intent_id__in=[each.id for each in intents], state=Order.State.PAID)
    orders = {order.intent_id: order for order in rows}
    named = Q(calculation_id__in=[each.tax_calculation for each in intents if each.tax_calculation])
    paid_with = Q(payment__order__in=orders.values(), payment__state=Payment.State.SUCCEEDED)
    known = list(TaxCalculation.objects.filter(named | paid_with).select_related("payment"))
    by_id = {each.calculation_id: each for each in known}
    by_order = {each.payment.order_id: each for each in known}
    for intent in intents:
        order = orders.get(intent.id)
        if order is not None and (what := _wrong(order, intent, by_id, by_order)):
            yield Difference(what, _REPAIR)


def _wrong(
    order: Order, intent: Intent, by_id: dict[str, TaxCalculation], by_order: dict[int, TaxCalculation]
) -> str:
    calculation = intent.tax_calculation
    if not calculation:
        kept = by_order.get(order.pk)
        return f"Stripe keeps no tax with order {order.reference}, but worked out {kept}." if kept else ""
    told = by_id.get(calculation)
    if told is None or told.payment.order_id != order.pk:
        return f"Stripe keeps {calculation} as the tax of order {order.reference}, which is unknown here."
    theirs = (told.country, told.basis_points, told.tax_minor)
    if (order.tax_country, order.tax_basis_points, order.tax_minor) == theirs:
        return ""
    here = f"{order.tax_text} of {order.tax_country or 'no country'} ({order.tax_rate_text or 'no rate'})"
    amount = money.format_amount(told.tax_minor, order.currency)
    there = f"{amount} of {told.country} ({percent_text(told.basis_points)})"
    return f"The tax of order {order.reference} is {here} here, and {there} at Stripe."
