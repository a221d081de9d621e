"""What the fate of an invoice's intent does to the invoice, and to its subscription.

https://docs.stripe.com/billing/subscriptions/webhooks, https://docs.stripe.com/billing/subscriptions/overview
"""

from sandbox.copying import copied
from sandbox.stripe.billing import invoice_payments, retries, subscription_life
from sandbox.stripe.call import Call
from sandbox.worlds import Json


def note(call: Call, intent: Json) -> None:
    """Take over what has just become of an intent, if it pays an invoice that is open."""
    invoice = invoice_payments.invoice_of(call.world, intent["id"])
    if invoice is None or invoice["status"] != "open":
        return
    call.follow(invoice["customer"])
    invoice["attempted"] = True
    invoice["attempt_count"] = max(1, invoice["attempt_count"])
    if intent["status"] == "succeeded":
        pay(call, invoice, method=intent["payment_method"])
    elif intent["status"] == "requires_action":
        call.save(invoice)
        call.emit("invoice.payment_action_required", invoice)
        subscription_life.note_failed(call, invoice)
    else:
        fail(call, invoice, intent)


def pay(call: Call, invoice: Json, *, method: str | None = None) -> None:
    """Mark an invoice as paid, also one over nothing; its subscription lives on."""
    was = copied(invoice)
    due = invoice["amount_due"]
    invoice |= {"amount_paid": due, "amount_remaining": 0, "attempted": True, "auto_advance": False}
    invoice |= {"next_payment_attempt": None, "status": "paid"}
    invoice["status_transitions"]["paid_at"] = call.now
    call.save(invoice)
    invoice_payments.end(call, invoice, status="paid")
    call.emit("invoice.updated", invoice, was=was)
    call.emit("invoice.paid", invoice)
    call.emit("invoice.payment_succeeded", invoice)
    subscription_life.note_paid(call, invoice, method)


def fail(call: Call, invoice: Json, intent: Json) -> None:
    """Note that an attempt failed, and when the next one comes by itself."""
    subscription = subscription_life.of_invoice(call, invoice)
    is_planned = (invoice["next_payment_attempt"] or 0) > call.now
    if subscription["status"] != "incomplete" and not subscription["pending_update"] and not is_planned:
        attempts = invoice["attempt_count"]
        invoice["next_payment_attempt"] = retries.next_attempt(call.world, attempts, call.now)
    call.save(invoice)
    call.emit("invoice.payment_failed", invoice)
    code = (intent.get("last_payment_error") or {}).get("code")
    if code == "authentication_required":
        call.emit("invoice.payment_action_required", invoice)
    subscription_life.note_failed(call, invoice)
