"""States of a payment intent. https://docs.stripe.com/payments/paymentintents/lifecycle"""

from sandbox.stripe.errors import ApiError, invalid
from sandbox.worlds import Json

FINAL = ("succeeded", "canceled")


def refuse_state(intent: Json, message: str) -> ApiError:
    """Return the refusal of what the intent's state does not allow; the intent comes with it."""
    return invalid(message, code="payment_intent_unexpected_state", payment_intent=dict(intent))
