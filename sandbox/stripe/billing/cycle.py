"""What time does to subscriptions: trials end, periods renew, invoices are collected, the unpaid expire.

https://docs.stripe.com/billing/subscriptions/overview, https://docs.stripe.com/billing/subscriptions/trials
"""

import contextlib

from sandbox.stripe.billing import (
    collecting,
    invoice_lines,
    invoice_making,
    invoice_outcomes,
    invoice_payments,
    invoices,
    previews,
    retries,
    subscription_life,
    subscription_making,
)
from sandbox.stripe.billing.periods import end_of_period
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.errors import ApiError
from sandbox.worlds import Json


def expire(call: Call, subscription: Json) -> None:
    """End a subscription whose first payment did not come within 23 hours."""
    invoice = call.find("invoice", subscription["latest_invoice"])
    subscription_life.end(call, subscription, reason="payment_failed", status="incomplete_expired")
    invoices.void_invoice(call, invoice)


def tell_trial_end(call: Call, subscription: Json) -> None:
    """Warn that the trial ends in three days."""
    subscription_life.tell_once(call, subscription, "trial_will_end")
    call.emit("customer.subscription.trial_will_end", subscription)


def tell_upcoming(call: Call, subscription: Json) -> None:
    """Warn of the next renewal with the invoice as it would be."""
    end = subscription["items"]["data"][0]["current_period_end"]
    subscription_life.tell_once(call, subscription, f"upcoming {end}")
    call.emit("invoice.upcoming", previews.upcoming(call, subscription))


def end_trial(call: Call, subscription: Json) -> None:
    """Bill the first period, or do what the trial's settings say where no card is on file."""
    without = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if without == "create_invoice" or collecting.method_of(call, subscription):
        renew(call, subscription)
    elif without == "cancel":
        subscription_life.end(call, subscription, reason="payment_failed")
    else:
        subscription_life.change(call, subscription, status="paused")
        call.emit("customer.subscription.paused", subscription)


def end_trial_now(call: Call, subscription: Json) -> None:
    """End a trial at the shop's wish: what is due is collected at once."""
    end_trial(call, subscription)
    invoice = call.find("invoice", subscription["latest_invoice"])
    if invoice["status"] == "draft":
        finalize(call, invoice)


def renew(call: Call, subscription: Json) -> None:
    """Begin the next period. Its invoice is a draft for an hour, then it is collected."""
    anchor, items = subscription["billing_cycle_anchor"], []
    for item in subscription["items"]["data"]:
        start = item["current_period_end"]
        end = end_of_period(anchor, item["price"]["recurring"], start)
        items.append({**item, "current_period_end": end, "current_period_start": start})
    lines = subscription_life.take_waiting(call, subscription)
    lines += [invoice_lines.period_line(call, subscription, item) for item in items]
    invoice = new_id("in")
    status = "active" if subscription["status"] == "trialing" else subscription["status"]
    subscription_life.change(
        call,
        subscription,
        items=subscription_making.items_list(subscription["id"], items),
        latest_invoice=invoice,
        status=status,
    )
    waits = status != "unpaid"
    invoice_making.draft(call, subscription, lines, reason="subscription_cycle", id=invoice, waits=waits)


def cancel(call: Call, subscription: Json) -> None:
    """End what was to end now."""
    subscription_life.end(call, subscription, reason="cancellation_requested")


def drop_update(call: Call, subscription: Json) -> None:
    """Forget a change that was not paid within 23 hours."""
    invoice = call.find("invoice", subscription["latest_invoice"])
    subscription_life.change(call, subscription, pending_update=None)
    call.emit("customer.subscription.pending_update_expired", subscription)
    if invoice["status"] == "open":
        invoices.void_invoice(call, invoice)


def finalize(call: Call, invoice: Json) -> None:
    """Make a renewal's draft final and collect it."""
    invoice_making.finalize(call, invoice, subscription_life.of_invoice(call, invoice))
    if invoice["status"] == "open":
        _collect(call, invoice)


def retry(call: Call, invoice: Json) -> None:
    """Try once more; after the last time the subscription meets its end."""
    invoice |= {"attempt_count": invoice["attempt_count"] + 1, "next_payment_attempt": None}
    _collect(call, invoice)


def _collect(call: Call, invoice: Json) -> None:
    subscription = subscription_life.of_invoice(call, invoice)
    method = collecting.method_of(call, subscription)
    intent = invoice_payments.intent_of(call.world, invoice)
    if intent is not None and (method is None or not retries.is_worth_it(intent, method)):
        invoice |= {"attempt_count": max(1, invoice["attempt_count"]), "attempted": True}
        invoice_outcomes.fail(call, invoice, intent)
    else:
        with contextlib.suppress(ApiError):  # the invoice and its intent keep what happened
            if collecting.attempt(call, invoice)["status"] == "requires_action":
                invoice_outcomes.fail(call, invoice, intent or {})
    if invoice["status"] == "open" and invoice["next_payment_attempt"] is None:
        _give_up(call, subscription)


def _give_up(call: Call, subscription: Json) -> None:
    then = retries.last_resort(call.world)
    if then == "cancel":
        subscription_life.end(call, subscription, reason="payment_failed")
    elif then == "unpaid":
        subscription_life.change(call, subscription, status="unpaid")
