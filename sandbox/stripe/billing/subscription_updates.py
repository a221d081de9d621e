"""Updating a subscription: its plan, its card, its end. https://docs.stripe.com/api/subscriptions/update"""

from sandbox.copying import copied
from sandbox.stripe.billing import (
    collecting,
    cycle,
    discounts,
    invoice_lines,
    invoice_making,
    subscription_changes,
    subscription_life,
)
from sandbox.stripe.billing.subscription_changes import Change
from sandbox.stripe.billing.subscription_making import items_list
from sandbox.stripe.billing.subscriptions import check_details, check_settings
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.errors import ApiError, invalid, refuse_unserved, unserved
from sandbox.worlds import Json

_ALWAYS = {"cancellation_details", "expand", "metadata"}
_INCOMPLETE = {*_ALWAYS, "default_payment_method", "description"}
_SERVED = {
    *_INCOMPLETE,
    *("cancel_at", "cancel_at_period_end", "discounts", "items", "off_session", "payment_behavior"),
    *("payment_settings", "proration_behavior", "proration_date", "trial_end", "trial_settings"),
}
# https://docs.stripe.com/billing/subscriptions/pending-updates-reference, and metadata since 2026-05-27
_PENDING = {
    *("expand", "items", "metadata", "payment_behavior", "proration_behavior", "proration_date", "trial_end"),
}
_UNPAID_SECONDS = 23 * 3600
_NOT_AHEAD = "Invalid timestamp: must be an integer Unix timestamp in the future."


def update(call: Call) -> Json:
    """Answer POST /v1/subscriptions/{subscription_exposed_id}. :raises ApiError: too late, or no sense."""
    subscription = call.find("subscription", call.ids["subscription_exposed_id"])
    call.follow(subscription["customer"])
    was = subscription["status"]
    _check(call, subscription)
    changed = copied(subscription)
    changed["metadata"] = call.merge_metadata(subscription["metadata"])
    _set_plain(call, changed)
    _set_end(call, changed)
    _set_trial(call, changed)
    change = subscription_changes.plan(call, changed, call.params) if "items" in call.params else None
    if "discounts" in call.params:
        discounts.grant(call, changed)
        discounts.tell(call, changed)
    if change is not None:
        changed |= _effect(call, subscription, change)
    subscription_life.change(call, subscription, **changed)
    if change is not None and change.now:
        _bill(call, subscription, change)
    if call.params.get("trial_end") == "now":
        cycle.end_trial_now(call, subscription)
    elif subscription["status"] == "trialing" and was != "trialing":
        _bill_nothing(call, subscription)
    return subscription


def _bill_nothing(call: Call, subscription: Json) -> None:
    """A period that costs nothing has its invoice too."""
    items = subscription["items"]["data"]
    lines = [invoice_lines.period_line(call, subscription, item, is_trial=True) for item in items]
    invoice = invoice_making.draft(
        call, subscription, lines, reason="subscription_update", id=subscription["latest_invoice"]
    )
    invoice_making.finalize(call, invoice, subscription)


def _effect(call: Call, subscription: Json, change: Change) -> Json:
    """Return what a change sets at once; held back if it has to be paid first."""
    fields = {"items": items_list(subscription["id"], change.items), "billing_cycle_anchor": change.anchor}
    if not change.now:
        subscription_life.wait(call, subscription, change.lines)
        return fields
    invoice = {"latest_invoice": new_id("in")}
    if call.params.get("payment_behavior") != "pending_if_incomplete":
        return {**fields, **invoice}
    subscription_life.hold(call, subscription, fields)
    return {"pending_update": _pending(call, change), **invoice}


def _bill(call: Call, subscription: Json, change: Change) -> None:
    """Invoice a change now, and collect that unless the buyer is to confirm it first."""
    lines = subscription_life.take_waiting(call, subscription) + change.lines
    invoice = invoice_making.draft(
        call, subscription, lines, reason="subscription_update", id=subscription["latest_invoice"]
    )
    invoice_making.finalize(call, invoice, subscription)
    if invoice["status"] != "open":
        return
    if call.params.get("payment_behavior") == "default_incomplete":
        subscription_life.note_failed(call, invoice)
        return
    try:
        collecting.attempt(call, invoice, off_session=bool(call.params.get("off_session")))
    except ApiError as error:
        if error.status != 402:
            subscription_life.note_failed(call, invoice)


def _pending(call: Call, change: Change) -> Json:
    return {
        "billing_cycle_anchor": change.anchor,
        "discount": None,
        "discounts": None,
        "expires_at": call.now + _UNPAID_SECONDS,
        "metadata": None,
        "subscription_items": copied(change.items),
        "trial_end": None,
        "trial_from_plan": None,
    }


def _check(call: Call, subscription: Json) -> None:
    refuse_unserved(call.params, _SERVED, of="a change of a subscription")
    if call.params.get("payment_behavior") == "error_if_incomplete":
        raise unserved("payment_behavior=error_if_incomplete")
    given, status = set(call.params), subscription["status"]
    if call.params.get("payment_behavior") == "pending_if_incomplete" and given - _PENDING:
        message = (
            "When `payment_behavior=pending_if_incomplete` you may only pass what pending updates support."
        )
        raise invalid(message, param=min(given - _PENDING))
    if status in subscription_life.ENDED and given - _ALWAYS:
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.")
    if status == "incomplete" and given - _INCOMPLETE:
        message = "This subscription is incomplete: pay its first invoice before you change it."
        raise invalid(message, param=min(given - _INCOMPLETE))
    check_settings(call, subscription["customer"])


def _set_plain(call: Call, changed: Json) -> None:
    params = call.params
    for name in ("default_payment_method", "description"):
        if name in params:
            changed[name] = params[name] or None
    for name in ("payment_settings", "trial_settings"):
        changed[name] |= params.get(name, {})
    changed["cancellation_details"] |= check_details(params.get("cancellation_details", {}))


def _set_trial(call: Call, changed: Json) -> None:
    """Let a trial end now or later than planned, or one begin that moves the billing cycle.

    https://docs.stripe.com/billing/subscriptions/trials,
    https://docs.stripe.com/billing/subscriptions/billing-cycle
    """
    given = call.params.get("trial_end")
    if given is None:
        return
    begins = changed["status"] != "trialing"
    if begins and (changed["status"] != "active" or given == "now"):
        raise unserved("trials of a subscription that is not active")
    if begins and call.params.get("proration_behavior") != "none":
        raise unserved("prorations of a trial that moves the billing cycle")
    end = call.now if given == "now" else int(given)
    if end < call.now or (begins and end == call.now):
        raise invalid(_NOT_AHEAD, param="trial_end")
    if begins:
        changed |= {"status": "trialing", "trial_start": call.now, "latest_invoice": new_id("in")}
        for item in changed["items"]["data"]:
            item["current_period_start"] = call.now
    changed |= {"billing_cycle_anchor": end, "trial_end": end}
    for item in changed["items"]["data"]:
        item["current_period_end"] = end


def _set_end(call: Call, changed: Json) -> None:
    """Plan its end, or undo that. The two ways exclude each other."""
    params = call.params
    if "cancel_at" in params and "cancel_at_period_end" in params:
        raise invalid("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
    if "cancel_at_period_end" in params:
        ends = params["cancel_at_period_end"]
        at = changed["items"]["data"][0]["current_period_end"] if ends else None
    elif "cancel_at" in params:
        at, ends = params["cancel_at"] or None, False
        if isinstance(at, str) or (at and at <= call.now):
            raise invalid(_NOT_AHEAD, param="cancel_at")
    else:
        return
    reason = "cancellation_requested" if at else None
    changed |= {"cancel_at": at, "cancel_at_period_end": ends, "canceled_at": call.now if at else None}
    changed["cancellation_details"]["reason"] = reason
