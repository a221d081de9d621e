"""The invoice as it would be: of the next renewal, or of a change not made yet.

https://docs.stripe.com/api/invoices/create_preview
"""

from sandbox.copying import copied
from sandbox.stripe.billing import (
    invoice_lines,
    invoice_making,
    subscription_changes,
    subscription_life,
    subscription_making,
)
from sandbox.stripe.billing.periods import end_of_period
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.errors import ApiError, invalid, unserved
from sandbox.worlds import Json

_SERVED = {"customer", "expand", "preview_mode", "subscription", "subscription_details"}
_DETAILS = {"cancel_at_period_end", "items", "proration_behavior", "proration_date"}


def create_preview(call: Call) -> Json:
    """Answer POST /v1/invoices/create_preview. :raises ApiError: there would be no invoice."""
    details = call.params.get("subscription_details", {})
    for name in sorted((set(call.params) - _SERVED) | (set(details) - _DETAILS)):
        raise unserved(f"the parameter {name} of a preview")
    if call.params.get("preview_mode", "next") != "next":
        raise unserved("previews of what recurs")
    if "subscription" not in call.params:
        raise unserved("previews without a subscription")
    subscription = copied(call.find("subscription", call.params["subscription"], param="subscription"))
    if call.params.get("customer", subscription["customer"]) != subscription["customer"]:
        raise invalid("The subscription does not belong to this customer.", param="subscription")
    if subscription["status"] in subscription_life.ENDED:
        raise _nothing()
    call.follow(subscription["customer"])
    change = subscription_changes.plan(call, subscription, details) if "items" in details else None
    waiting = subscription_life.notes(call, subscription)["waiting"]
    if change is not None and change.now:
        return _shape(call, subscription, [*waiting, *change.lines])
    if details.get("cancel_at_period_end", subscription["cancel_at"]):
        raise _nothing()
    if change is None:
        return upcoming(call, subscription)
    changed = {**subscription, "items": subscription_making.items_list(subscription["id"], change.items)}
    return upcoming(call, changed, [*waiting, *change.lines])


def upcoming(call: Call, subscription: Json, waiting: list[Json] | None = None) -> Json:
    """Return the invoice of the next renewal, prorations that wait for it included."""
    lines = subscription_life.notes(call, subscription)["waiting"] if waiting is None else waiting
    lines = copied(lines)
    for item in subscription["items"]["data"]:
        start = item["current_period_end"]
        end = end_of_period(subscription["billing_cycle_anchor"], item["price"]["recurring"], start)
        span = {"current_period_end": end, "current_period_start": start}
        lines.append(invoice_lines.period_line(call, subscription, {**item, **span}))
    return _shape(call, subscription, lines)


def _shape(call: Call, subscription: Json, lines: list[Json]) -> Json:
    id = new_id("upcoming_in")
    return invoice_making.shape(call, subscription, copied(lines), reason="upcoming", id=id)


def _nothing() -> ApiError:
    return invalid("No upcoming invoices for customer.", code="invoice_upcoming_none")
