"""The states of a subscription and what moves it between them.

https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
"""

from typing import Any

from sandbox.copying import copied
from sandbox.stripe.call import Call
from sandbox.worlds import Json

ENDED = ("canceled", "incomplete_expired")
NOTES = "_billing"  # what we keep of a subscription that its object does not show


def of_invoice(call: Call, invoice: Json) -> Json:
    """Return the subscription that an invoice bills."""
    return call.find("subscription", invoice["parent"]["subscription_details"]["subscription"])


def change(call: Call, subscription: Json, **fields: Any) -> None:
    """Set fields and tell of it, if anything is different."""
    was = copied(subscription)
    subscription |= fields
    call.save(subscription)
    if was != subscription:
        call.emit("customer.subscription.updated", subscription, was=was)


def note_paid(call: Call, invoice: Json, method: str | None) -> None:
    """Let it live on: what was incomplete or past due is active, unless another invoice is open.

    With `save_default_payment_method=on_subscription` the card that paid is its card from now on.
    """
    subscription = of_invoice(call, invoice)
    fields: Json = {}
    if subscription["status"] in ("incomplete", "past_due", "unpaid") and not _has_open(call, subscription):
        fields["status"] = "active"
    if method and subscription["payment_settings"]["save_default_payment_method"] == "on_subscription":
        fields["default_payment_method"] = method
    pending = subscription["pending_update"] and invoice["id"] == subscription["latest_invoice"]
    if pending:
        fields |= _release(call, subscription)
    if subscription["status"] not in ENDED:
        change(call, subscription, **fields)
    if pending:
        call.emit("customer.subscription.pending_update_applied", subscription)


def note_failed(call: Call, invoice: Json) -> None:
    """Let an active one be past due. A first payment leaves it incomplete, a pending change as it was."""
    subscription = of_invoice(call, invoice)
    if subscription["status"] == "active" and not subscription["pending_update"]:
        change(call, subscription, status="past_due")


def end(call: Call, subscription: Json, *, reason: str, status: str = "canceled", **details: Any) -> None:
    """End it now, for good. Nothing is collected any more by itself."""
    was = copied(subscription)
    told = {**subscription["cancellation_details"], "reason": reason, **details}
    subscription |= {"ended_at": call.now, "status": status, "cancellation_details": told}
    if status == "canceled":
        subscription["canceled_at"] = subscription["canceled_at"] or call.now
    call.save(subscription)
    for invoice in invoices_of(call, subscription):
        if invoice["status"] in ("draft", "open"):
            invoice |= {"auto_advance": False, "automatically_finalizes_at": None}
            call.save(invoice | {"next_payment_attempt": None})
    if status == "canceled":
        call.emit("customer.subscription.deleted", subscription)
    else:
        call.emit("customer.subscription.updated", subscription, was=was)


def invoices_of(call: Call, subscription: Json) -> list[Json]:
    """Return its invoices, oldest first."""
    return [
        invoice
        for invoice in call.world.all("invoice")
        if invoice["parent"]["subscription_details"]["subscription"] == subscription["id"]
    ]


def notes(call: Call, subscription: Json) -> Json:
    """Return what we keep of it besides: `waiting` lines of prorations, and what was told already."""
    return call.world.get(NOTES, subscription["id"]) or {"waiting": [], "told": []}


def tell_once(call: Call, subscription: Json, what: str) -> None:
    """Remember that something was told."""
    kept = notes(call, subscription)
    _keep(call, subscription, {**kept, "told": [*kept["told"], what]})


def wait(call: Call, subscription: Json, lines: list[Json]) -> None:
    """Let lines wait for the next invoice."""
    kept = notes(call, subscription)
    _keep(call, subscription, {**kept, "waiting": [*kept["waiting"], *lines]})


def take_waiting(call: Call, subscription: Json) -> list[Json]:
    """Return the lines that wait; they wait no longer."""
    kept = notes(call, subscription)
    _keep(call, subscription, {**kept, "waiting": []})
    return list(kept["waiting"])


def hold(call: Call, subscription: Json, fields: Json) -> None:
    """Hold a change back until its invoice is paid."""
    _keep(call, subscription, {**notes(call, subscription), "held": fields})


def _release(call: Call, subscription: Json) -> Json:
    """Return the change that was held back."""
    held: Json = notes(call, subscription).get("held", {})
    return {**held, "pending_update": None}


def _keep(call: Call, subscription: Json, notes: Json) -> None:
    call.world.put(NOTES, subscription["id"], notes)


def _has_open(call: Call, subscription: Json) -> bool:
    return any(invoice["status"] == "open" for invoice in invoices_of(call, subscription))
