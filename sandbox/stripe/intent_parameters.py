"""What may be said when a payment intent is made, changed or confirmed, and what is refused.

https://docs.stripe.com/api/payment_intents/create
"""

import re
from typing import Any

from sandbox.stripe.call import Call
from sandbox.stripe.errors import invalid, unserved
from sandbox.worlds import Json

_ONLY_WITH_CONFIRM = ("error_on_requires_action", "mandate", "mandate_data", "off_session", "return_url")
CONFIRM = {"confirmation_token", "payment_method_data", "use_stripe_sdk", *_ONLY_WITH_CONFIRM}
PLAIN = (
    "customer",
    "description",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor_suffix",
)
CHANGES = {
    "hooks",
    "amount",
    "currency",
    "expand",
    "metadata",
    "payment_method",
    "payment_method_options",
    *PLAIN,
}
CREATE = {"allowed_payment_method_types", "automatic_payment_methods", "confirm", *CHANGES, *CONFIRM}
CONFIRM_ALONE = {"hooks", "expand", "payment_method", "receipt_email", "setup_future_usage", *CONFIRM}


def refuse_without_confirm(params: Json) -> None:
    """Refuse what only makes sense together with `confirm`."""
    for name in _ONLY_WITH_CONFIRM:
        if name in params and not params.get("confirm"):
            rule = "cannot be passed when creating a PaymentIntent unless `confirm` is set to true"
            raise invalid(f"The parameter `{name}` {rule}.", param=name)


def choice_of_methods(params: Json) -> Json:
    """Return which methods are offered. https://docs.stripe.com/changelog/dahlia/2026-07-29"""
    allowed = params.get("allowed_payment_method_types")
    automatic = params.get("automatic_payment_methods")
    if allowed is None:
        redirects = (automatic or {}).get("allow_redirects", "always")
        if automatic and not automatic["enabled"]:
            raise unserved("automatic_payment_methods[enabled]=false")
        return {"automatic_payment_methods": {"allow_redirects": redirects, "enabled": True}}
    if automatic is not None:
        both = "allowed_payment_method_types, automatic_payment_methods"
        raise invalid(
            f"You may only specify one of these parameters: {both}.", param="allowed_payment_method_types"
        )
    if "card" not in allowed:
        raise invalid(
            "No valid payment method types for this Payment Intent.", param="allowed_payment_method_types"
        )
    return {"allowed_payment_method_types": allowed, "automatic_payment_methods": None}


def options(params: Json) -> Json:
    """Return `payment_method_options` as they are answered."""
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


def hooks(call: Call) -> Json:
    """Return `hooks` as the intent keeps them. https://docs.stripe.com/tax/payment-intent

    :raises ApiError: they name a tax calculation that does not exist.
    """
    given = call.params.get("hooks")
    if given is None:
        return {}
    id = given.get("inputs", {}).get("tax", {}).get("calculation")
    if not id:
        return {"hooks": {"inputs": {}}}
    call.find("tax.calculation", id, param="hooks[inputs][tax][calculation]")
    return {"hooks": {"inputs": {"tax": {"calculation": id}}}}


def check_suffix(suffix: str | None) -> None:
    """Refuse what no bank statement can show. https://docs.stripe.com/get-started/account/statement-descriptors"""
    if suffix and (
        len(suffix) > 22 or not re.search("[A-Za-z]", suffix) or re.search("[<>\\\\'\"*]|[^ -~]", suffix)
    ):
        raise invalid("The statement descriptor suffix is invalid.", param="statement_descriptor_suffix")


def refuse_descriptor(params: Json) -> None:
    """Refuse the statement descriptor that card payments do not have."""
    if "statement_descriptor" in params:
        message = "For a card payment, use statement_descriptor_suffix instead of statement_descriptor."
        raise invalid(message, param="statement_descriptor")
