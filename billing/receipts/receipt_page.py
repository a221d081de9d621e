"""What an order's receipt says: who sold what to whom, the tax within, and what went back since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from billing.buying import panel_context
from billing.models import Order, Refund
from videos import money


@dataclass(frozen=True)
class Credit:
    """A refund as a line of the receipt. The amounts are below zero."""

    at: datetime
    amount_text: str
    tax_text: str


def of(order: Order) -> dict[str, Any]:
    """This will gather the receipt of a paid order; it is the same for everybody who may see the order.

    What went back counts once Stripe took it on, and no more once it came back from the bank.
    """
    taken_on = (Refund.State.PENDING, Refund.State.SUCCEEDED)
    refunds = list(order.refunds.filter(state__in=taken_on).order_by("number"))
    kept = order.total_minor - sum(refund.amount_minor for refund in refunds)
    kept_tax = order.tax_minor - sum(refund.tax_minor for refund in refunds)

    def text(amount_minor: int) -> str:
        return money.format_amount(amount_minor, order.currency)

    return {
        **panel_context.receipt(order),
        "seller": {
            "name": settings.SELLER_NAME,
            "address": [line.strip() for line in settings.SELLER_ADDRESS.split(";") if line.strip()],
            "registration": settings.SELLER_REGISTRATION,
            "vat_id": settings.SELLER_VAT_ID,
        },
        "price_text": text(order.total_minor + order.discount_minor),
        "discount_text": text(-order.discount_minor),
        "net_text": text(order.total_minor - order.tax_minor),
        "credits": [
            Credit(each.asked_at, text(-each.amount_minor), text(-each.tax_minor)) for each in refunds
        ],
        "kept_text": text(kept),
        "kept_tax_text": text(kept_tax),
    }
