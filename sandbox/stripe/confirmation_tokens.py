"""Confirmation tokens: a card on its way from the page to the server, good for one use.

https://docs.stripe.com/api/confirmation_tokens (they expire 12 hours after they were made)
"""

from sandbox.stripe import known_cards, payment_methods
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import invalid
from sandbox.worlds import Json

LIFETIME_SECONDS = 12 * 3600
_PROMISE = "_promise"  # what Elements was told in the page: the intent must agree with it


def retrieve(call: Call) -> Json:
    """Answer GET /v1/confirmation_tokens/{confirmation_token}."""
    return call.find("confirmation_token", call.ids["confirmation_token"])


def create_test_token(call: Call) -> Json:
    """Answer POST /v1/test_helpers/confirmation_tokens, which makes one without a page."""
    params = call.params
    if "payment_method" in params:
        method = payment_methods.resolve(call, params["payment_method"], param="payment_method")
    elif "payment_method_data" in params:
        method = payment_methods.from_data(call, params["payment_method_data"])
    else:
        raise invalid(
            "Missing required param: payment_method.", code="parameter_missing", param="payment_method"
        )
    number = known_cards.card_of(call, method["id"]).number
    return make(
        call,
        method["card"],
        number,
        method["billing_details"],
        return_url=params.get("return_url"),
        setup_future_usage=params.get("setup_future_usage"),
    )


def make(
    call: Call,
    face: Json,
    number: str,
    billing: Json,
    *,
    return_url: str | None = None,
    setup_future_usage: str | None = None,
    promise: Json | None = None,
) -> Json:
    """Keep a new token. `promise` holds the `amount` and `currency` that Elements was given."""
    preview = {
        "allow_redisplay": "unspecified",
        "billing_details": billing,
        "card": face,
        "customer": None,
        "customer_account": None,
        "type": "card",
    }
    token = blank(
        "confirmation_token",
        id=new_id("ctoken"),
        created=call.now,
        expires_at=call.now + LIFETIME_SECONDS,
        payment_method_options={"card": {"cvc_token": None}},
        payment_method_preview=preview,
        return_url=return_url,
        setup_future_usage=setup_future_usage or None,
        use_stripe_sdk=True,
    )
    known_cards.remember_number(call, token["id"], number)
    call.world.put(_PROMISE, token["id"], promise or {})
    return call.save(token)


def use(call: Call, id: str, intent: Json) -> tuple[Json, Json]:
    """Spend a token on an intent; returns it and the payment method that comes of it.

    :raises ApiError: unknown, used, expired, or made for another amount, currency or future usage.
    """
    token = call.find("confirmation_token", id, param="confirmation_token")
    if token["payment_intent"] or token["setup_intent"]:
        raise _refuse("This ConfirmationToken has already been used. Create a new one.")
    if call.now >= token["expires_at"]:
        raise _refuse("This ConfirmationToken has expired. Create a new one.")
    is_setup = intent["object"] == "setup_intent"
    promise = {} if is_setup else call.world.get(_PROMISE, id) or {}
    for name in ("amount", "currency", "setup_future_usage"):
        if name in promise and promise[name] != intent[name]:
            message = f"The PaymentIntent's {name} does not match the one that Elements was created with."
            raise _refuse(message)
    token[intent["object"]] = intent["id"]
    call.save(token)
    preview = token["payment_method_preview"]
    number = known_cards.card_of(call, id).number
    return token, payment_methods.make(call, preview["card"], number, preview["billing_details"])


def _refuse(message: str) -> Exception:
    return invalid(message, param="confirmation_token")
