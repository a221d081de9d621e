"""Stripe Tax in our words: where a buyer is by his card, and what of a price is tax there.

Source: https://docs.stripe.com/tax/payment-intent
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from billing.stripe.stripe_gateway import reading


@dataclass(frozen=True)
class Place:
    """A buyer's country (ISO 3166), and his postal code there if he gave one; "" if unknown."""

    country: str
    postal_code: str


@dataclass(frozen=True)
class Calculation:
    """What of a total is tax. The rate is the sum of all that is taken, in hundredths of a percent."""

    id: str
    total_minor: int
    tax_minor: int
    basis_points: int


def place_of(confirmation_token: str) -> Place:
    """Tell where the buyer is: the country of his card, or what he said himself where that is not known.

    :raises StripeUnavailable: no answer.
    :raises StripeRefused: there is no such token.
    """
    with reading() as client:
        token: Any = client.v1.confirmation_tokens.retrieve(confirmation_token)
    preview = token.payment_method_preview
    card = preview.card if preview else None
    address = preview.billing_details.address if preview and preview.billing_details else None
    stated = (address.country or "") if address else ""
    country = (card.country or "") if card else ""
    country = country or stated
    postal_code = (address.postal_code or "") if address and stated == country else ""
    return Place(country, postal_code)


def calculate(*, amount_minor: int, currency: str, place: Place, tax_code: str, key: str) -> Calculation:
    """Work out the tax within an amount, which stays what it is. Called again with the same key: the same.

    :raises StripeUnavailable: no answer.
    :raises StripeRefused: the place says too little (`customer_tax_location_invalid`), or the rest is wrong.
    Source: https://docs.stripe.com/api/tax/calculations/create
    """
    address = {"country": place.country, "postal_code": place.postal_code}
    params: Any = {
        "currency": currency,
        "customer_details": {
            "address": {name: value for name, value in address.items() if value},
            "address_source": "billing",
        },
        "line_items": [
            {
                "amount": amount_minor,
                "reference": "film",
                "tax_behavior": "inclusive",
                "tax_code": tax_code,
            }
        ],
    }
    with reading() as client:
        told: Any = client.v1.tax.calculations.create(params, {"idempotency_key": key})
    return Calculation(
        id=told.id,
        total_minor=told.amount_total,
        tax_minor=told.tax_amount_inclusive,
        basis_points=_rate(told.tax_breakdown),
    )


def _rate(breakdown: Any) -> int:
    percent = sum(
        (Decimal(each.tax_rate_details.percentage_decimal) for each in breakdown if each.amount), Decimal()
    )
    return int((percent * 100).to_integral_value(ROUND_HALF_UP))
