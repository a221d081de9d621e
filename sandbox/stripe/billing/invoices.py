"""Invoices: look up, pay, void. Subscriptions make them. https://docs.stripe.com/api/invoices"""

from sandbox.stripe import challenges
from sandbox.stripe.billing import collecting, invoice_payments, subscription_life
from sandbox.stripe.call import Call
from sandbox.stripe.errors import ApiError, invalid, refuse_unserved, unserved
from sandbox.stripe.lists import list_objects
from sandbox.worlds import Json


def retrieve(call: Call) -> Json:
    """Answer GET /v1/invoices/{invoice}."""
    return call.find("invoice", call.ids["invoice"])


def list_invoices(call: Call) -> Json:
    """Answer GET /v1/invoices."""
    for name in ("collection_method", "due_date"):
        if name in call.params:
            raise unserved(f"the filter {name} of invoices")
    found = call.world.all("invoice")
    if "subscription" in call.params:
        subscription = call.find("subscription", call.params["subscription"], param="subscription")
        found = subscription_life.invoices_of(call, subscription)
    return list_objects(call, "invoice", "/v1/invoices", "customer", "status", of=found)


def pay(call: Call) -> Json:
    """Answer POST /v1/invoices/{invoice}/pay, without the customer unless `off_session` is false.

    :raises ApiError: 402 declined; 400 it is not open, there is no card, or the bank asks for its owner.
    """
    refuse_unserved(call.params, ("expand", "off_session", "payment_method"), of="paying an invoice")
    invoice = _open(call, "pay")
    call.follow(invoice["customer"])
    method = call.params.get("payment_method")
    if method:
        collecting.check_own_method(call, invoice["customer"], method, param="payment_method")
    off_session = call.params.get("off_session", True)
    intent = collecting.attempt(call, invoice, method=method, off_session=off_session)
    if intent["status"] == "requires_action":
        raise _needs_action(intent)
    return call.find("invoice", invoice["id"])


def void(call: Call) -> Json:
    """Answer POST /v1/invoices/{invoice}/void. :raises ApiError: it is not open."""
    invoice = _open(call, "void")
    call.follow(invoice["customer"])
    void_invoice(call, invoice)
    subscription = subscription_life.of_invoice(call, invoice)
    if subscription["status"] == "incomplete":
        subscription_life.end(call, subscription, reason="payment_failed", status="incomplete_expired")
    elif subscription["pending_update"] and subscription["latest_invoice"] == invoice["id"]:
        subscription_life.change(call, subscription, pending_update=None)
    else:
        subscription_life.note_paid(call, invoice, None)
    return call.find("invoice", invoice["id"])


def void_invoice(call: Call, invoice: Json) -> None:
    """Take an invoice back: its intent is canceled, nobody pays it any more."""
    invoice |= {"auto_advance": False, "next_payment_attempt": None, "status": "void"}
    invoice["status_transitions"]["voided_at"] = call.now
    call.save(invoice)
    intent = invoice_payments.intent_of(call.world, invoice)
    if intent is not None:
        challenges.void(call, intent)
        intent |= {"canceled_at": call.now, "cancellation_reason": "void_invoice", "next_action": None}
        intent["status"] = "canceled"
        call.save(intent)
        call.emit("payment_intent.canceled", intent)
    invoice_payments.end(call, invoice, status="canceled")
    call.emit("invoice.voided", invoice)


def _open(call: Call, verb: str) -> Json:
    invoice = retrieve(call)
    if invoice["status"] == "paid" and verb == "pay":
        raise invalid("Invoice is already paid")
    if invoice["status"] != "open":
        raise invalid(f"You can only {verb} an invoice that is open. This one is {invoice['status']}.")
    return invoice


def _needs_action(intent: Json) -> ApiError:
    message = (
        "This payment requires additional user action before it can be completed successfully. Payment can be"
        " completed using the PaymentIntent associated with the invoice."
    )
    return invalid(message, code="invoice_payment_intent_requires_action", payment_intent=dict(intent))
