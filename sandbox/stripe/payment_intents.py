"""Payment intents: create, look up, change, cancel. https://docs.stripe.com/api/payment_intents"""

import re
import secrets
from typing import Any

from sandbox.stripe import challenges, payment_methods
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.confirming import confirm_intent
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import invalid, unserved
from sandbox.stripe.lists import list_objects
from sandbox.stripe.money import check_amount, check_currency
from sandbox.stripe.states import FINAL, refuse_state
from sandbox.worlds import Json

_ONLY_WITH_CONFIRM = ("error_on_requires_action", "mandate", "mandate_data", "off_session", "return_url")
_CONFIRM = {"confirmation_token", "payment_method_data", "use_stripe_sdk", *_ONLY_WITH_CONFIRM}
_PLAIN = (
    "customer",
    "description",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor_suffix",
)
_CHANGES = {"amount", "currency", "expand", "metadata", "payment_method", "payment_method_options", *_PLAIN}
_CREATE = {"allowed_payment_method_types", "automatic_payment_methods", "confirm", *_CHANGES, *_CONFIRM}


def create(call: Call) -> Json:
    """Answer POST /v1/payment_intents, with `confirm` the charge as well."""
    params = call.params
    _refuse_unserved(params, _CREATE)
    for name in _ONLY_WITH_CONFIRM:
        if name in params and not params.get("confirm"):
            message = f"The parameter `{name}` cannot be passed when creating a PaymentIntent unless `confirm` is set to true."
            raise invalid(message, param=name)
    id = new_id("pi")
    intent = blank(
        "payment_intent",
        id=id,
        amount=0,
        amount_details={"tip": {}},
        client_secret=f"{id}_secret_{secrets.token_hex(12)}",
        created=call.now,
        metadata={},
        payment_method_options=_options(params),
        payment_method_types=["card"],
        **_choice_of_methods(params),
    )
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
    _refuse_unserved(call.params, _CHANGES)
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
    _refuse_unserved(
        call.params, {"expand", "payment_method", "receipt_email", "setup_future_usage", *_CONFIRM}
    )
    return confirm_intent(call, call.find("payment_intent", call.ids["intent"]))


def cancel(call: Call) -> Json:
    """Answer POST /v1/payment_intents/{intent}/cancel. :raises ApiError: paid or canceled already."""
    intent = call.find("payment_intent", call.ids["intent"])
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


def _change(call: Call, intent: Json) -> None:
    params = call.params
    if params.get("customer"):
        call.find("customer", params["customer"], param="customer")
    _check_suffix(params.get("statement_descriptor_suffix"))
    method = params.get("payment_method")
    method = payment_methods.resolve(call, method, param="payment_method") if method else None
    amount = params.get("amount", intent["amount"])
    currency = check_currency(params.get("currency", intent["currency"]))
    check_amount(amount, currency)
    changes = {name: params[name] or None for name in _PLAIN if name in params}
    intent |= {**changes, "amount": amount, "currency": currency}
    intent["metadata"] = call.merge_metadata(intent["metadata"])
    if method:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}


def _choice_of_methods(params: Json) -> Json:
    """Return which methods are offered. https://docs.stripe.com/changelog/dahlia/2026-07-29"""
    allowed = params.get("allowed_payment_method_types")
    automatic = params.get("automatic_payment_methods")
    if allowed is None:
        redirects = (automatic or {}).get("allow_redirects", "always")
        if automatic and not automatic["enabled"]:
            raise unserved("automatic_payment_methods[enabled]=false")
        return {"automatic_payment_methods": {"allow_redirects": redirects, "enabled": True}}
    if automatic is not None:
        message = "You may only specify one of these parameters: allowed_payment_method_types, automatic_payment_methods."
        raise invalid(message, param="allowed_payment_method_types")
    if "card" not in allowed:
        raise invalid(
            "No valid payment method types for this Payment Intent.", param="allowed_payment_method_types"
        )
    return {"allowed_payment_method_types": allowed, "automatic_payment_methods": None}


def _options(params: Json) -> Json:
    given: Any = params.get("payment_method_options") or {}
    card = given.get("card") or {}
    if set(given) - {"card"} or set(card) - {"request_three_d_secure"}:
        raise unserved("payment_method_options other than card[request_three_d_secure]")
    asked = card.get("request_three_d_secure", "automatic")
    return {
        "card": {
            "installments": None,
            "mandate_options": None,
            "network": None,
            "request_three_d_secure": asked,
        }
    }


def _check_suffix(suffix: str | None) -> None:
    """Refuse what no bank statement can show. https://docs.stripe.com/get-started/account/statement-descriptors"""
    if suffix and (
        len(suffix) > 22 or not re.search("[A-Za-z]", suffix) or re.search("[<>\\\\'\"*]|[^ -~]", suffix)
    ):
        raise invalid("The statement descriptor suffix is invalid.", param="statement_descriptor_suffix")


def _refuse_unserved(params: Json, served: set[str]) -> None:
    if "statement_descriptor" in params:
        message = "This PaymentIntent is for a card: use statement_descriptor_suffix instead of statement_descriptor."
        raise invalid(message, param="statement_descriptor")
    for name in sorted(set(params) - served):
        raise unserved(f"the parameter {name} of a payment intent")
