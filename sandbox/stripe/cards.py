"""Stripe's test cards and what each of them does. https://docs.stripe.com/testing"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.stripe.errors import ApiError

_MESSAGES = {
    "card_declined": "Your card was declined.",
    "card_velocity_exceeded": (
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."
    ),
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "insufficient_funds": "Your card has insufficient funds.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
}
_ADVICE = {
    "expired_card": "confirm_card_data",
    "incorrect_cvc": "confirm_card_data",
    "lost_card": "do_not_try_again",
    "stolen_card": "do_not_try_again",
}
_DISTINCT_CODES = ("expired_card", "incorrect_cvc", "processing_error")


@dataclass(frozen=True)
class Decline:
    """Why an issuer, or Radar, says no. `reason` is the decline code."""

    reason: str
    by_radar: bool = False

    @property
    def code(self) -> str:
        return self.reason if self.reason in _DISTINCT_CODES else "card_declined"

    @property
    def message(self) -> str:
        return _MESSAGES.get(self.reason, _MESSAGES["card_declined"])

    @property
    def advice(self) -> str:
        return _ADVICE.get(self.reason, "try_again_later")


@dataclass(frozen=True)
class Card:
    """One test card.

    `three_ds`: "none", "optional" (only if the request asks), "frictionless" (authenticated without a page),
    "required" (the buyer must act) or "broken" (looking it up fails)
    `passes_off_session`: "never", "always" or "once set up"
    `decline` strikes at the charge, after the challenge if there is one
    `refund`: "succeeds", "is pending first" or "fails later"; as a fault, "stays pending" too
    `country`: of the bank that gave it; "" for a basic card (`payment_methods.face_of`)
    `dispute`: the reason for which its owner disputes every charge; `only_inquires` if he just asks
    """

    number: str
    name: str = ""
    brand: str = "visa"
    three_ds: str = "none"
    passes_off_session: str = "always"
    decline: Decline | None = None
    can_be_attached: bool = True
    risk: str = "normal"
    refund: str = "succeeds"
    dispute: str | None = None
    only_inquires: bool = False
    warns_of_fraud: bool = False
    is_available_at_once: bool = False
    country: str = ""


def _declined(number: str, name: str, reason: str, **fields: bool) -> Card:
    by_radar = fields.pop("by_radar", False)
    return Card(number, name, decline=Decline(reason, by_radar), **{"can_be_attached": False, **fields})  # type: ignore[arg-type]


def _asks(number: str, name: str, *, reason: str | None = None, off_session: str = "never") -> Card:
    decline = Decline(reason) if reason else None
    return Card(number, name, three_ds="required", passes_off_session=off_session, decline=decline)


CARDS = [
    Card("4242424242424242", "visa"),
    Card("5555555555554444", "mastercard", brand="mastercard"),
    Card("378282246310005", "amex", brand="amex"),
    _asks("4000002500003155", "authenticationRequiredOnSetup", off_session="once set up"),
    _asks("4000002760003184", "authenticationRequired"),
    _asks("4000003800000446", "authenticationRequiredSetupForOffSession", off_session="always"),
    _asks("4000000000003220", "threeDSecure2Required"),
    Card("4000000032200000", three_ds="frictionless"),
    _asks("4000008400001629", "threeDSecureRequiredChargeDeclined", reason="generic_decline"),
    _asks(
        "4000008260003178",
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        reason="insufficient_funds",
    ),
    Card("4000008400001280", "threeDSecureRequiredProcessingError", three_ds="broken"),
    Card("4000000000003055", "threeDSecureOptional", three_ds="optional"),
    Card("4000000000003097", "threeDSecureOptionalProcessingError", three_ds="optional and broken"),
    _declined("4000000000000002", "visa_chargeDeclined", "generic_decline"),
    _declined("4000000000009995", "visa_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    _declined("4000000000009987", "visa_chargeDeclinedLostCard", "lost_card"),
    _declined("4000000000009979", "visa_chargeDeclinedStolenCard", "stolen_card"),
    _declined("4000000000000069", "chargeDeclinedExpiredCard", "expired_card"),
    _declined("4000000000000127", "chargeDeclinedIncorrectCvc", "incorrect_cvc"),
    _declined("4000000000000119", "chargeDeclinedProcessingError", "processing_error"),
    _declined("4000000000006975", "visa_chargeDeclinedVelocityLimitExceeded", "card_velocity_exceeded"),
    _declined("4000000000000341", "chargeCustomerFail", "generic_decline", can_be_attached=True),
    _declined("4100000000000019", "radarBlock", "fraudulent", by_radar=True),
    Card("4000000000009235", "riskLevelElevated", risk="elevated"),
    Card("4000000000000259", "createDispute", dispute="fraudulent"),
    Card("4000000000002685", "createDisputeProductNotReceived", dispute="product_not_received"),
    Card("4000000000001976", "createDisputeInquiry", dispute="fraudulent", only_inquires=True),
    Card("4000000000005423", "createIssuerFraudRecord", warns_of_fraud=True),
    Card("4000000000007726", "pendingRefund", refund="is pending first"),
    Card("4000000000005126", "refundFail", refund="fails later"),
    Card("4000000000000077", "bypassPending", is_available_at_once=True),
    Card("4000000000001208"),
    Card("4000002760000016", "de", country="DE"),
    Card("4000002500000003", "fr", country="FR"),
    Card("4000008260000000", "gb", country="GB"),
    Card("4000003920000003", "jp", country="JP"),
    Card("4000000360000006", "au", country="AU"),
]
_BY_NUMBER = {card.number: card for card in CARDS}
_BY_NAME = {f"pm_card_{card.name}": card for card in CARDS if card.name}
_BY_NAME["pm_card_chargeDeclined"] = _BY_NUMBER["4000000000000002"]
_BY_NAME["pm_card_chargeDeclinedInsufficientFunds"] = _BY_NUMBER["4000000000009995"]
_BY_NAME["pm_card_visa_debit"] = _BY_NUMBER["4242424242424242"]


def by_name(name: str) -> Card | None:
    """Return the card behind a `pm_card_…` name."""
    return _BY_NAME.get(name)


def by_number(number: str) -> Card:
    """Return the card of a number that `check` let pass. One that is not on the list is declined."""
    return _BY_NUMBER.get(number) or Card(
        number, decline=Decline("test_mode_live_card"), can_be_attached=False
    )


def check(number: str, month: int, year: int, cvc: str) -> None:
    """Refuse what no card can be. :raises ApiError: 402 with the code that names the field."""
    if not number.isdecimal() or not 12 <= len(number) <= 19 or not _luhn(number):
        raise _wrong("incorrect_number", "Your card number is incorrect.", "number")
    if not 1 <= month <= 12:
        raise _wrong("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month")
    today = datetime.now(UTC)
    year = year + 2000 if year < 100 else year
    if year > today.year + 50 or (year, month) < (today.year, today.month):
        raise _wrong("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year")
    if cvc and not (cvc.isdecimal() and len(cvc) in ((4,) if brand_of(number) == "amex" else (3, 4))):
        raise _wrong("invalid_cvc", "Your card's security code is invalid.", "cvc")


def brand_of(number: str) -> str:
    """Return the brand that a number begins like."""
    if number[:2] in ("34", "37"):
        return "amex"
    return "mastercard" if number[:1] == "5" else "visa"


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(sum(divmod(2 * d, 10)) if place % 2 else d for place, d in enumerate(digits)) % 10 == 0


def _wrong(code: str, message: str, param: str) -> ApiError:
    return ApiError(402, "card_error", message, code=code, param=param)
