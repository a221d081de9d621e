"""The tax within a price: split off once, when an order is paid, and given back with what is refunded."""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum

from billing.models import DisputeTax, Order, Refund, TaxCalculation, TaxRate
from videos import money

logger = logging.getLogger(__name__)

_WHOLE = 10_000  # basis points


@dataclass(frozen=True)
class Split:
    """What of an order is tax, named as the order's fields.

    The rate is None where none is known, and then nothing is taken. The country is "" where nothing tells.
    """

    tax_country: str = ""
    tax_basis_points: int | None = None
    tax_minor: int = 0

    def facts(self) -> dict[str, Any]:
        return asdict(self)


def split(
    order: Order, *, card_country: str, stated_country: str, calculation: str = "", at: datetime
) -> Split:
    """This will tell what of the order's total is tax, by the rate of the buyer's country on his day.

    His card tells the country; what he said himself counts where the card does not. Where Stripe worked the
    tax out for the attempt that was paid, that holds.
    """
    by_stripe = _worked_out(order, calculation) if calculation else None
    if by_stripe is not None:
        return Split(by_stripe.country, by_stripe.basis_points, by_stripe.tax_minor)
    country = card_country or stated_country
    if not country or not order.total_minor:
        return Split(country)
    rate = TaxRate.objects.of(country, on=at.astimezone(ZoneInfo(order.time_zone)).date())
    if rate is None:
        return Split(country)
    return Split(country, rate.basis_points, within(order.total_minor, rate.basis_points, order.currency))


def _worked_out(order: Order, calculation: str) -> TaxCalculation | None:
    found = TaxCalculation.objects.filter(calculation_id=calculation, payment__order=order).first()
    if found is None:
        logger.error("a tax calculation is not ours", extra={"order": order.reference, "id": calculation})
    return found


def within(total_minor: int, basis_points: int, currency: str) -> int:
    """This will tell the tax within a sum, rounded half up to the currency's smallest step."""
    step = money.smallest_step(currency)
    return _divided(total_minor * basis_points, (_WHOLE + basis_points) * step) * step


def share_of(order: Order, *, refunded_minor: int) -> int:
    """This will tell what of the next refund or lost dispute is tax, if so much was refunded by then.

    It is what is due of the order's tax, for all that was refunded or lost, less what was given back already,
    so that the last of them leaves nothing, however the sum was cut and whatever came back from banks on the
    way. A dispute counts as soon as it is lost. Call it in the transaction that set the sum aside, or lost
    it.
    """
    if not order.tax_minor:
        return 0
    lost = order.disputes.lost().filter(currency=order.currency)
    gone = refunded_minor + int(lost.aggregate(lost=Sum("amount_minor", default=0))["lost"])
    if gone >= order.total_minor:
        due = order.tax_minor
    else:
        step = money.smallest_step(order.currency)
        due = _divided(order.tax_minor * gone, order.total_minor * step) * step
    given = order.refunds.filter(state__in=Refund.LIVE).aggregate(given=Sum("tax_minor", default=0))["given"]
    by_banks = DisputeTax.objects.filter(dispute__order=order)
    given += by_banks.aggregate(given=Sum("amount_minor", default=0))["given"]
    return max(0, due - int(given))


def _divided(dividend: int, divisor: int) -> int:
    """Rounded half up, in whole numbers throughout."""
    return (2 * dividend + divisor) // (2 * divisor)
