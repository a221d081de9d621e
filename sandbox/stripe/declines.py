"""A decline as the error that is answered and kept. https://docs.stripe.com/declines/codes"""

from sandbox.stripe.cards import Decline
from sandbox.stripe.errors import ApiError
from sandbox.worlds import Json

_PARAMS = {"expired_card": "exp_month", "incorrect_cvc": "cvc"}

AUTHENTICATION_FAILURE = "payment_intent_authentication_failure"
SETUP_FAILURE = "setup_intent_authentication_failure"


def declined(decline: Decline, *, charge: str | None = None) -> ApiError:
    """Return the 402 of a declined card."""
    return ApiError(
        402,
        "card_error",
        decline.message,
        advice_code=decline.advice,
        charge=charge,
        code=decline.code,
        decline_code=decline.reason,
        network_decline_code=None if decline.by_radar else "01",
        param=_PARAMS.get(decline.code),
    )


def authentication_required() -> ApiError:
    """Return the 402 of a card that asks for its owner when he is not there."""
    message = "Your card was declined. This transaction requires authentication."
    code = "authentication_required"
    return ApiError(402, "card_error", message, code=code, decline_code=code)


def authentication_failed(code: str = AUTHENTICATION_FAILURE) -> ApiError:
    """Return the error that stays on an intent whose buyer failed the bank's page. It is never answered."""
    message = (
        "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new"
        " PaymentMethod to attempt to fulfill this PaymentIntent again."
    )
    return ApiError(402, "invalid_request_error", message, code=code)


def as_last_error(error: ApiError, method: Json) -> Json:
    """Return an error as `last_payment_error` keeps it."""
    return {**error.body()["error"], "payment_method": method}
