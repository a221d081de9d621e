"""Changing what a subscription is about: its price or quantity, with what the change gives back and takes.

https://docs.stripe.com/billing/subscriptions/change, https://docs.stripe.com/billing/subscriptions/prorations
"""

from dataclasses import dataclass, field
from typing import Any

from sandbox.stripe.billing import discounts, invoice_lines, subscription_making
from sandbox.stripe.billing.periods import end_of_period
from sandbox.stripe.call import Call
from sandbox.stripe.errors import invalid, missing_resource, unserved
from sandbox.worlds import Json

_SERVED = {"id", "metadata", "price", "quantity"}


@dataclass
class Change:
    """What becomes of a subscription: `lines` are billed `now`, or wait for the next invoice."""

    items: list[Json]
    anchor: int
    lines: list[Json] = field(default_factory=list)
    now: bool = False


def plan(call: Call, subscription: Json, params: Json) -> Change | None:
    """Return the change that `items` asks for; None where nothing would be different.

    :raises ApiError: no such item, a price of no use, or a moment outside of the period.
    """
    item, given = _item(subscription, params["items"])
    price = subscription_making.usable_price(call, given["price"]) if "price" in given else item["price"]
    quantity = given.get("quantity", item["quantity"])
    if price["currency"] != subscription["currency"]:
        message = f"The price specified supports {price['currency']}, not {subscription['currency']}."
        raise invalid(message, param="items[0][price]")
    changed = {**item, "metadata": given.get("metadata") or item["metadata"], "price": price}
    changed |= {"quantity": quantity}
    if changed == item:
        return None
    if subscription["status"] == "trialing":
        return Change([changed], subscription["billing_cycle_anchor"])
    return _billed(call, subscription, item, changed, params)


def _billed(call: Call, subscription: Json, item: Json, changed: Json, params: Json) -> Change:
    behaviour = params.get("proration_behavior", "create_prorations")
    at = params.get("proration_date", call.now)
    if not item["current_period_start"] <= at <= item["current_period_end"]:
        raise invalid("The proration date must lie within the current period.", param="proration_date")
    lines: list[Json] = []
    if behaviour != "none" and discounts.living(call, subscription):
        raise unserved("prorations of a subscription with a discount")
    if behaviour != "none":
        lines = invoice_lines.prorations(call, subscription, item, changed["price"], changed["quantity"], at)
    if changed["price"]["recurring"] == item["price"]["recurring"]:
        return Change([changed], subscription["billing_cycle_anchor"], lines, behaviour == "always_invoice")
    end = end_of_period(call.now, changed["price"]["recurring"], call.now)
    changed |= {"current_period_end": end, "current_period_start": call.now}
    full = invoice_lines.period_line(call, subscription, changed)
    return Change([changed], call.now, [*lines[:1], full], now=True)


def _item(subscription: Json, items: list[Json]) -> tuple[Json, Json]:
    """Return the item that is to change, and how."""
    kept: list[Json] = subscription["items"]["data"]
    if len(items) != 1 or "id" not in items[0] or len(kept) != 1 or set(items[0]) - _SERVED:
        raise unserved("other changes of items than the price, quantity or metadata of the only one, by id")
    if items[0]["id"] != kept[0]["id"]:
        raise missing_resource("subscription item", items[0]["id"], param="items[0][id]", status=400)
    given: dict[str, Any] = items[0]
    return kept[0], given
