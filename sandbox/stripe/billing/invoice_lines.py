"""Lines of an invoice: a period of a price, or what a change in between gives back and takes.

https://docs.stripe.com/api/invoice-line-item, https://docs.stripe.com/billing/subscriptions/prorations
"""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.money import smallest_step
from sandbox.worlds import Json


def period_line(call: Call, subscription: Json, item: Json, *, is_trial: bool = False) -> Json:
    """Return the line of the item's present period; a trial costs nothing."""
    price, quantity = item["price"], item["quantity"]
    name = _name(call, price)
    amount = 0 if is_trial else price["unit_amount"] * quantity
    text = f"Trial period for {name}" if is_trial else f"{quantity} × {name}"
    span = (item["current_period_start"], item["current_period_end"])
    return _line(subscription, item, price, amount, text, span, unit_amount=0 if is_trial else None)


def prorations(
    call: Call, subscription: Json, item: Json, new_price: Json, quantity: int, at: int
) -> list[Json]:
    """Return what a change at `at` gives back for the old price and takes for the new one, by the second."""
    start, end = item["current_period_start"], item["current_period_end"]
    left = Decimal(end - at) / Decimal(end - start)
    day = datetime.fromtimestamp(at, UTC).strftime("%d %b %Y")
    old, span = item["price"], (at, end)
    back = -_share(old["unit_amount"] * item["quantity"], left, old["currency"])
    more = _share(new_price["unit_amount"] * quantity, left, new_price["currency"])
    return [
        _line(
            subscription,
            item,
            old,
            back,
            f"Unused time on {_name(call, old)} after {day}",
            span,
            is_proration=True,
        ),
        _line(
            subscription,
            {**item, "quantity": quantity},
            new_price,
            more,
            f"Remaining time on {_name(call, new_price)} after {day}",
            span,
            is_proration=True,
        ),
    ]


def _share(amount: int, left: Decimal, currency: str) -> int:
    step = smallest_step(currency)
    return int((amount * left / step).to_integral_value(ROUND_HALF_UP)) * step


def _line(
    subscription: Json,
    item: Json,
    price: Json,
    amount: int,
    description: str,
    span: tuple[int, int],
    *,
    is_proration: bool = False,
    unit_amount: int | None = None,
) -> Json:
    shown: Any = price["unit_amount_decimal"] if unit_amount is None else str(unit_amount)
    return blank(
        "line_item",
        id=new_id("il"),
        amount=amount,
        currency=price["currency"],
        description=description,
        discount_amounts=[],
        discountable=not is_proration,
        discounts=[],
        metadata=dict(subscription["metadata"]),
        parent=_parent(subscription, item, is_proration=is_proration),
        period={"start": span[0], "end": span[1]},
        pretax_credit_amounts=[],
        pricing={
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": shown,
        },
        quantity=item["quantity"],
        quantity_decimal=str(item["quantity"]),
        subscription=subscription["id"],
        subtotal=amount,
        taxes=[],
    )


def _parent(subscription: Json, item: Json, *, is_proration: bool) -> Json:
    details = {
        "invoice_item": new_id("ii") if is_proration else None,
        "proration": is_proration,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    return {
        "type": "subscription_item_details",
        "subscription_item_details": details,
        "invoice_item_details": None,
    }


def _name(call: Call, price: Json) -> str:
    product = call.find("product", price["product"])
    recurring = price["recurring"]
    count = recurring["interval_count"]
    every = recurring["interval"] if count == 1 else f"{count} {recurring['interval']}s"
    return f"{product['name']} (per {every})"
