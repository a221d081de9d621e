"""What only we know of a card: the number behind it, whether its owner set it up, whether it was spent."""

from sandbox.stripe import cards
from sandbox.stripe.call import Call
from sandbox.stripe.cards import Card
from sandbox.stripe.errors import invalid
from sandbox.worlds import Json

_CARD = "_card"  # of a payment method or confirmation token, whose object does not show the number
_BLOCKED = "_blocked_card"
_SPENT = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared"
    " with a connected account without Customer attachment, or was detached from a Customer. It may not be"
    " used again. To use a PaymentMethod multiple times, you must attach it to a Customer first."
)


def remember_number(call: Call, id: str, number: str) -> None:
    """Keep which test card stands behind an object."""
    call.world.put(_CARD, id, {"number": number, "is_set_up": False})


def card_of(call: Call, id: str) -> Card:
    """Return the test card behind a payment method or confirmation token."""
    kept = call.world.get(_CARD, id)
    return cards.by_number(kept["number"] if kept else "")


def mark_set_up(call: Call, id: str) -> None:
    """Note that the buyer authenticated this card for later charges without him."""
    kept = call.world.get(_CARD, id)
    if kept is not None:
        call.world.put(_CARD, id, {**kept, "is_set_up": True})


def mark_spent(call: Call, id: str) -> None:
    """Note that a card was used, or detached, and belongs to no customer: that was its only use."""
    kept = call.world.get(_CARD, id)
    if kept is not None:
        call.world.put(_CARD, id, {**kept, "is_spent": True})


def check_usable(call: Call, method: Json, customer: str | None) -> None:
    """Refuse a card that was spent, or is another customer's.

    Source: https://docs.stripe.com/payments/payment-methods#transactional-payment-methods
    """
    if method["customer"] is None and (call.world.get(_CARD, method["id"]) or {}).get("is_spent"):
        raise invalid(_SPENT, param="payment_method")
    if method["customer"] not in (None, customer):
        message = (
            f"The PaymentMethod {method['id']} belongs to a Customer. Please include the Customer in the"
            " `customer` parameter of the PaymentIntent."
        )
        raise invalid(message, param="payment_method")


def is_set_up(call: Call, id: str) -> bool:
    """Tell whether the card may be charged without its owner."""
    kept = call.world.get(_CARD, id)
    return bool(kept and kept["is_set_up"])


def block(call: Call, fingerprint: str) -> None:
    """Put a card on the block list. https://docs.stripe.com/api/refunds/create#create_refund-reason"""
    call.world.put(_BLOCKED, fingerprint, {"at": call.now})


def is_blocked(call: Call, method: Json) -> bool:
    """Tell whether Radar lets no charge of this card through any more."""
    return call.world.get(_BLOCKED, method["card"]["fingerprint"]) is not None
