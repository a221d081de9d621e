"""Confirming a setup intent: find the card, ask the bank for its owner if need be, keep it.

https://docs.stripe.com/api/setup_intents/confirm
"""

from sandbox.stripe import challenges, confirmation_tokens, known_cards, payment_methods, setup_outcomes
from sandbox.stripe.call import Call
from sandbox.stripe.cards import Decline
from sandbox.stripe.confirming import check_return_url
from sandbox.stripe.declines import declined
from sandbox.stripe.errors import invalid
from sandbox.worlds import Json

_MISSING = (
    "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the"
    " SetupIntent with a payment method and then confirm it again, or confirm it again directly with a"
    " payment method or ConfirmationToken."
)


def confirm_setup(call: Call, intent: Json) -> Json:
    """Try to set up the card that the call brings, or the one the intent has.

    :raises ApiError: 402 the issuer declines it; 400 the intent is past this, or there is no card.
    """
    if intent["status"] in ("succeeded", "canceled"):
        message = f"You cannot confirm this SetupIntent because it has a status of {intent['status']}."
        code = "setup_intent_unexpected_state"
        raise invalid(message, code=code, setup_intent=dict(intent))
    check_return_url(call, intent)
    token, method = _payment_method(call, intent)
    challenges.void(call, intent)
    intent |= {"last_setup_error": None, "next_action": None, "payment_method": method["id"]}
    card = known_cards.card_of(call, method["id"])
    if card.three_ds == "broken":
        raise setup_outcomes.fail(call, intent, method, declined(Decline("generic_decline")))
    if card.decline and not card.can_be_attached:
        raise setup_outcomes.fail(call, intent, method, declined(card.decline))
    if card.three_ds != "required":
        setup_outcomes.succeed(call, intent, method)
        return intent
    return_url = call.params.get("return_url") or (token or {}).get("return_url")
    with_sdk = call.params.get("use_stripe_sdk", bool(token and token["use_stripe_sdk"])) or not return_url
    challenges.begin(call, intent, method, return_url=return_url, with_sdk=with_sdk)
    call.emit("setup_intent.requires_action", intent)
    return intent


def _payment_method(call: Call, intent: Json) -> tuple[Json | None, Json]:
    given = [name for name in ("confirmation_token", "payment_method") if name in call.params]
    if len(given) > 1:
        raise invalid(f"You may only specify one of these parameters: {', '.join(given)}.", param=given[0])
    if given == ["confirmation_token"]:
        return confirmation_tokens.use(call, call.params["confirmation_token"], intent)
    if given == ["payment_method"]:
        return None, payment_methods.resolve(call, call.params["payment_method"], param="payment_method")
    if intent["payment_method"] is None:
        raise invalid(_MISSING, code="setup_intent_unexpected_state", setup_intent=dict(intent))
    return None, call.find("payment_method", intent["payment_method"])
