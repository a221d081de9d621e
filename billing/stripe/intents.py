"""A payment at Stripe in our words: what it has come to, or one of three ways of not knowing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Intent:
    """A PaymentIntent in our words.

    `decline_code` tells why its last attempt took nothing, "" if it did not fail. The countries (ISO 3166, ""
    where Stripe does not know) are the bank's that gave the card, and the one that the buyer named with it.
    `tax_calculation` names what Stripe Tax worked out for it, if it did.
    `change_key` names the try to put another card on file that it was made for, if it was.
    `card_fingerprint` is the same wherever the same card is tried, "" if Stripe did not tell.
    """

    id: str
    status: str
    amount_minor: int
    currency: str
    livemode: bool
    order_reference: str
    charge_id: str
    challenge_url: str
    decline_code: str
    received_minor: int
    tried_card: str
    card_country: str
    stated_country: str
    card_fingerprint: str
    tax_calculation: str = ""
    change_key: str = ""
    card_last4: str = ""

    @property
    def is_paid(self) -> bool:
        return self.status == "succeeded"

    @property
    def needs_challenge(self) -> bool:
        return self.status == "requires_action"

    @property
    def wants_another_card(self) -> bool:
        return self.status in ("requires_payment_method", "requires_confirmation")

    @property
    def is_canceled(self) -> bool:
        return self.status == "canceled"


class StripeUnavailable(Exception):
    """Stripe was not reached or is out of order, and nothing was done: try again later."""


class StripeRefused(Exception):
    """Stripe understood and will never do it: our request is wrong, or the state has moved on."""

    def __init__(self, code: str, intent: Intent | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.intent = intent


class OutcomeUnknown(Exception):
    """The call may have been carried out: ask before anything else is done.

    `is_over` tells that Stripe did answer, with an error of its own, so that the call has ended.
    """

    def __init__(self, *, is_over: bool) -> None:
        super().__init__()
        self.is_over = is_over
