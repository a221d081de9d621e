"""Confirming a payment intent: find the card, ask the bank for its owner if need be, charge.

https://docs.stripe.com/api/payment_intents/confirm, https://docs.stripe.com/payments/3d-secure/authentication-flow
"""

from urllib.parse import urlsplit

from sandbox.stripe import challenges, confirmation_tokens, known_cards, payment_methods
from sandbox.stripe.call import Call
from sandbox.stripe.cards import Card, Decline
from sandbox.stripe.charging import charge, fail
from sandbox.stripe.declines import authentication_required, declined
from sandbox.stripe.errors import invalid
from sandbox.stripe.states import refuse_state
from sandbox.worlds import Json

_SOURCES = ("confirmation_token", "payment_method", "payment_method_data")
_MISSING = (
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the"
    " PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a"
    " payment method or ConfirmationToken."
)
_NO_RETURN_URL = (
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of"
    " these payment methods might redirect your customer off of your page, you must provide a `return_url`."
    " If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to"
    " `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and"
    " Payment Intents."
)


def confirm_intent(call: Call, intent: Json, *, waits_for_owner: bool = False) -> Json:
    """Try to pay the intent with the card that the call brings, or the one it has.

    Confirming while a challenge is open voids that challenge. Off session a card that asks for its owner is
    declined, unless the intent waits for him.
    :raises ApiError: 402 declined; 400 the intent is past this, or nothing to pay with.
    """
    _check_state(intent)
    check_return_url(call, intent)
    token, method = _payment_method(call, intent)
    for name in ("receipt_email", "setup_future_usage"):
        if name in call.params:
            intent[name] = call.params[name] or None
    challenges.void(call, intent)
    intent |= {"last_payment_error": None, "next_action": None, "payment_method": method["id"]}
    card = known_cards.card_of(call, method["id"])
    if card.three_ds == "broken" or (_is_3ds_asked(intent) and card.three_ds == "optional and broken"):
        raise fail(call, intent, method, declined(Decline("generic_decline")))
    if not _needs_challenge(call, intent, card):
        charge(
            call, intent, method, authentication="frictionless" if card.three_ds == "frictionless" else None
        )
        return intent
    is_alone = call.params.get("off_session") and not waits_for_owner
    if call.params.get("error_on_requires_action") or is_alone:
        raise fail(call, intent, method, authentication_required())
    return_url = call.params.get("return_url") or (token or {}).get("return_url")
    with_sdk = call.params.get("use_stripe_sdk", bool(token and token["use_stripe_sdk"])) or not return_url
    challenges.begin(call, intent, method, return_url=return_url, with_sdk=with_sdk)
    call.emit("payment_intent.requires_action", intent)
    return intent


def _check_state(intent: Json) -> None:
    if intent["status"] == "succeeded":
        message = "it has already succeeded after being previously confirmed."
    elif intent["status"] == "canceled":
        message = "it has a status of canceled. Only a PaymentIntent that is not canceled may be confirmed."
    else:
        return
    raise refuse_state(intent, f"You cannot confirm this PaymentIntent because {message}")


def check_return_url(call: Call, intent: Json) -> None:
    """Refuse an address that is none, or none at all where a method might redirect."""
    url, automatic = call.params.get("return_url"), intent["automatic_payment_methods"]
    if (
        url is None
        and automatic
        and automatic["allow_redirects"] == "always"
        and not call.params.get("off_session")
    ):
        raise invalid(_NO_RETURN_URL, param="return_url")
    if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
        raise invalid("Not a valid URL", code="url_invalid", param="return_url")


def _payment_method(call: Call, intent: Json) -> tuple[Json | None, Json]:
    """Return the confirmation token, if there is one, and the payment method."""
    given = [name for name in _SOURCES if name in call.params]
    if len(given) > 1:
        raise invalid(f"You may only specify one of these parameters: {', '.join(given)}.", param=given[0])
    if given == ["confirmation_token"]:
        return confirmation_tokens.use(call, call.params["confirmation_token"], intent)
    if given == ["payment_method"]:
        method = payment_methods.resolve(call, call.params["payment_method"], param="payment_method")
        known_cards.check_usable(call, method, intent["customer"])
        return None, method
    if given == ["payment_method_data"]:
        return None, payment_methods.from_data(call, call.params["payment_method_data"])
    if intent["payment_method"] is None:
        raise refuse_state(intent, _MISSING)
    return None, call.find("payment_method", intent["payment_method"])


def _is_3ds_asked(intent: Json) -> bool:
    return intent["payment_method_options"]["card"]["request_three_d_secure"] in ("any", "challenge")


def _needs_challenge(call: Call, intent: Json, card: Card) -> bool:
    if card.three_ds == "optional":
        return _is_3ds_asked(intent)
    if card.three_ds != "required":
        return False
    if not call.params.get("off_session") or card.passes_off_session == "never":
        return True
    is_ready = known_cards.is_set_up(call, intent["payment_method"])
    return card.passes_off_session == "once set up" and not is_ready
