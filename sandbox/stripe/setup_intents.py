"""Setup intents: a card kept for later. https://docs.stripe.com/api/setup_intents"""

import secrets

from sandbox.stripe import challenges, payment_methods
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import invalid, refuse_unserved
from sandbox.stripe.intent_parameters import choice_of_methods
from sandbox.stripe.lists import list_objects
from sandbox.stripe.setting_up import confirm_setup
from sandbox.worlds import Json

_CHANGES = {"customer", "description", "expand", "metadata", "payment_method"}
_CONFIRM = {"confirmation_token", "expand", "payment_method", "return_url", "use_stripe_sdk"}
_CREATE = {
    "allowed_payment_method_types",
    "automatic_payment_methods",
    "confirm",
    "usage",
    *_CHANGES,
    *_CONFIRM,
}


def create(call: Call) -> Json:
    """Answer POST /v1/setup_intents."""
    params = call.params
    refuse_unserved(call.params, _CREATE, of="a setup intent")
    for name in ("confirmation_token", "return_url", "use_stripe_sdk"):
        if name in params and not params.get("confirm"):
            rule = "cannot be passed when creating a SetupIntent unless `confirm` is set to true"
            raise invalid(f"The parameter `{name}` {rule}.", param=name)
    usage = params.get("usage", "off_session")
    intent = make(call, usage=usage, **choice_of_methods(params))
    _change(call, intent)
    call.save(intent)
    call.emit("setup_intent.created", intent)
    return confirm_setup(call, intent) if params.get("confirm") else intent


def make(call: Call, *, customer: str | None = None, usage: str = "off_session", **fields: Json) -> Json:
    """Return a new setup intent, not yet told of."""
    id = new_id("seti")
    return call.save(
        blank(
            "setup_intent",
            id=id,
            client_secret=f"{id}_secret_{secrets.token_hex(12)}",
            created=call.now,
            customer=customer,
            metadata={},
            payment_method_options={"card": _CARD_OPTIONS},
            payment_method_types=["card"],
            status="requires_payment_method",
            usage=usage,
            **fields,
        )
    )


def retrieve(call: Call) -> Json:
    """Answer GET /v1/setup_intents/{intent}."""
    return call.find("setup_intent", call.ids["intent"])


def update(call: Call) -> Json:
    """Answer POST /v1/setup_intents/{intent}."""
    refuse_unserved(call.params, _CHANGES, of="a setup intent")
    intent = call.find("setup_intent", call.ids["intent"])
    if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
        raise _refuse_state(intent, "update")
    _change(call, intent)
    return call.save(intent)


def confirm(call: Call) -> Json:
    """Answer POST /v1/setup_intents/{intent}/confirm."""
    refuse_unserved(call.params, _CONFIRM, of="a setup intent")
    return confirm_setup(call, call.find("setup_intent", call.ids["intent"]))


def cancel(call: Call) -> Json:
    """Answer POST /v1/setup_intents/{intent}/cancel. :raises ApiError: it has ended already."""
    intent = call.find("setup_intent", call.ids["intent"])
    if intent["status"] in ("succeeded", "canceled"):
        raise _refuse_state(intent, "cancel")
    challenges.void(call, intent)
    reason = call.params.get("cancellation_reason")
    intent |= {"cancellation_reason": reason, "next_action": None, "status": "canceled"}
    call.save(intent)
    call.emit("setup_intent.canceled", intent)
    return intent


def list_intents(call: Call) -> Json:
    """Answer GET /v1/setup_intents."""
    return list_objects(call, "setup_intent", "/v1/setup_intents", "customer", "payment_method")


def _change(call: Call, intent: Json) -> None:
    params = call.params
    if params.get("customer"):
        call.find("customer", params["customer"], param="customer")
    method = params.get("payment_method")
    method = payment_methods.resolve(call, method, param="payment_method") if method else None
    metadata = call.merge_metadata(intent["metadata"])
    intent |= {name: params[name] for name in ("customer", "description") if name in params}
    intent["metadata"] = metadata
    if method:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}


def _refuse_state(intent: Json, verb: str) -> Exception:
    message = f"You cannot {verb} this SetupIntent because it has a status of {intent['status']}."
    return invalid(message, code="setup_intent_unexpected_state", setup_intent=dict(intent))


_CARD_OPTIONS = {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
