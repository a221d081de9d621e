"""What a refused card means, in the buyer's words: what happened, that nothing was charged, what to do.

Codes that speak of fraud, loss or theft are never named: the person at the keyboard may be the thief.
Source: https://docs.stripe.com/declines/codes
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_GENERAL = _("Your bank declined the card, and nothing was charged. Try another card, or ask your bank.")
_WRONG_NUMBER = _("The card number isn't right, so nothing was charged. Check it and pay again.")
_WRONG_CVC = _("The security code isn't right, so nothing was charged. Check it and pay again.")
_WRONG_DATE = _("The expiry date isn't right, so nothing was charged. Check it and pay again.")
_NOT_PROVEN = _(
    "Your bank could not confirm that it was you, and nothing was charged. Try again, or use another card."
)
_LATER = _(
    "The bank could not be reached, and nothing was charged. Pay again in a moment, or use another card."
)

_SENTENCES: dict[str, Promise] = {
    "insufficient_funds": _("There isn't enough money on the card, and nothing was charged. Use another card."),
    "withdrawal_count_limit_exceeded": _("The card's limit is used up, and nothing was charged. Use another card."),
    "card_velocity_exceeded": _("The card's limit is used up, and nothing was charged. Use another card."),
    "expired_card": _("The card has expired, and nothing was charged. Use another card."),
    "incorrect_number": _WRONG_NUMBER,
    "invalid_number": _WRONG_NUMBER,
    "incorrect_cvc": _WRONG_CVC,
    "invalid_cvc": _WRONG_CVC,
    "invalid_expiry_month": _WRONG_DATE,
    "invalid_expiry_year": _WRONG_DATE,
    "processing_error": _LATER,
    "issuer_not_available": _LATER,
    "try_again_later": _LATER,
    "reenter_transaction": _LATER,
    "payment_intent_authentication_failure": _NOT_PROVEN,
    "authentication_required": _NOT_PROVEN,
    "authentication_not_handled": _NOT_PROVEN,
    "card_not_supported": _("This card can't be used for this kind of purchase. Nothing was charged. Use another card."),
    "currency_not_supported": _("This card can't pay in this currency. Nothing was charged. Choose another currency or card."),
    "transaction_not_allowed": _("This card can't be used for this kind of purchase. Nothing was charged. Use another card."),
    "call_issuer": _("Your bank wants a word with you about this card. Nothing was charged. Ask them, or use another card."),
    "duplicate_transaction": _("The bank took this for a payment made twice and declined it. Nothing was charged. Wait a minute, or use another card."),
    "trial_used": _("Free days are given once per person and card, and nothing was charged. This is the price without them."),
    "no_answer": _("The payment could not be sent, and nothing was charged. Pay again in a moment."),
}  # fmt: skip


def sentence(decline_code: str) -> Promise:
    """This will give the sentence for a refusal; codes unknown, or better not named, get the general one."""
    return _SENTENCES.get(decline_code, _GENERAL)
