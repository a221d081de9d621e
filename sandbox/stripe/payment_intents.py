"""Payment intents: create, look up, change, cancel. https://docs.stripe.com/api/payment_intents"""

from sandbox.stripe import challenges, payment_methods
from sandbox.stripe.billing import invoice_payments
from sandbox.stripe.billing.collecting import confirm_and_note
from sandbox.stripe.call import Call
from sandbox.stripe.confirming import confirm_intent
from sandbox.stripe.errors import refuse_unserved
from sandbox.stripe.intent_making import new_intent
from sandbox.stripe.intent_parameters import (
    CHANGES,
    CONFIRM_ALONE,
    CREATE,
    PLAIN,
    check_suffix,
    choice_of_methods,
    hooks,
    options,
    refuse_descriptor,
    refuse_without_confirm,
)
from sandbox.stripe.lists import list_objects
from sandbox.stripe.money import check_amount, check_currency
from sandbox.stripe.states import FINAL, refuse_state
from sandbox.worlds import Json


def create(call: Call) -> Json:
    """Answer POST /v1/payment_intents, with `confirm` the charge as well."""
    params = call.params
    refuse_descriptor(params)
    refuse_unserved(params, CREATE, of="a payment intent")
    refuse_without_confirm(params)
    intent = new_intent(call, payment_method_options=options(params), **choice_of_methods(params))
    _change(call, intent)
    call.save(intent)
    call.emit("payment_intent.created", intent)
    return confirm_intent(call, intent) if params.get("confirm") else intent


def retrieve(call: Call) -> Json:
    """Answer GET /v1/payment_intents/{intent}."""
    return call.find("payment_intent", call.ids["intent"])


def update(call: Call) -> Json:
    """Answer POST /v1/payment_intents/{intent}. :raises ApiError: too late for this change."""
    intent = call.find("payment_intent", call.ids["intent"])
    refuse_descriptor(call.params)
    refuse_unserved(call.params, CHANGES, of="a payment intent")
    _refuse_invoices(call, intent, "update")
    is_free = intent["status"] in ("requires_payment_method", "requires_confirmation")
    late = set(call.params) - {"description", "expand", "metadata", "receipt_email", "shipping"}
    if late and not is_free:
        name = min(late)
        message = (
            f"This PaymentIntent's {name} could not be updated because it has a status of {intent['status']}."
            f" You may only update the {name} of a PaymentIntent with one of the following statuses:"
            " requires_payment_method, requires_confirmation."
        )
        raise refuse_state(intent, message)
    _change(call, intent)
    return call.save(intent)


def confirm(call: Call) -> Json:
    """Answer POST /v1/payment_intents/{intent}/confirm."""
    refuse_descriptor(call.params)
    refuse_unserved(call.params, CONFIRM_ALONE, of="a payment intent")
    intent = call.find("payment_intent", call.ids["intent"])
    if intent["status"] not in FINAL:
        intent |= hooks(call)
    return confirm_and_note(call, intent)


def cancel(call: Call) -> Json:
    """Answer POST /v1/payment_intents/{intent}/cancel. :raises ApiError: paid or canceled already."""
    intent = call.find("payment_intent", call.ids["intent"])
    _refuse_invoices(call, intent, "cancel")
    if intent["status"] in FINAL:
        message = (
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a"
            " PaymentIntent with one of the following statuses may be canceled: requires_payment_method,"
            " requires_capture, requires_confirmation, requires_action, processing."
        )
        raise refuse_state(intent, message)
    challenges.void(call, intent)
    intent |= {
        "canceled_at": call.now,
        "cancellation_reason": call.params.get("cancellation_reason"),
        "next_action": None,
        "status": "canceled",
    }
    call.save(intent)
    call.emit("payment_intent.canceled", intent)
    return intent


def list_intents(call: Call) -> Json:
    """Answer GET /v1/payment_intents."""
    return list_objects(call, "payment_intent", "/v1/payment_intents", "customer")


def _refuse_invoices(call: Call, intent: Json, verb: str) -> None:
    """Refuse the default intent of an invoice, which only its invoice may change."""
    invoice = invoice_payments.invoice_of(call.world, intent["id"])
    if invoice is not None and set(call.params) - {"expand", "metadata"} | {verb} - {"update"}:
        message = (
            f"You cannot {verb} this PaymentIntent because it belongs to the invoice {invoice['id']}."
            " Void the invoice instead."
        )
        raise refuse_state(intent, message)


def _change(call: Call, intent: Json) -> None:
    params = call.params
    if params.get("customer"):
        call.find("customer", params["customer"], param="customer")
    check_suffix(params.get("statement_descriptor_suffix"))
    method = params.get("payment_method")
    method = payment_methods.resolve(call, method, param="payment_method") if method else None
    amount: int = params["amount"] if "amount" in params else intent["amount"]
    currency = check_currency(str(params.get("currency") or intent["currency"]))
    check_amount(amount, currency)
    changes = {name: params[name] or None for name in PLAIN if name in params}
    intent |= {**changes, "amount": amount, "currency": currency}
    intent |= {**hooks(call), "metadata": call.merge_metadata(intent["metadata"])}
    if method:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
