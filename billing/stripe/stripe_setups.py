"""A card that is put on file without being charged, in Stripe's dialect: SetupIntents, told as `Intent`.

They take no money: amounts are zero and the currency is empty.
"""

from typing import Any, Final

from billing.models import CardChange, Payment
from billing.stripe import stripe_gateway
from billing.stripe.intent_reading import get_text
from billing.stripe.intents import Intent, StripeRefused
from billing.stripe.stripe_gateway import reading, speaking

_ID: Final = "seti_"
_EXPAND: Final = ["payment_method"]


def confirm(payment: Payment, *, intent_id: str, return_url: str) -> Intent:
    """Put this attempt's card on file. A decline is an answer, not an error, as with `stripe_gateway.charge`,
    whose errors these are too.

    Source: https://docs.stripe.com/api/setup_intents/confirm
    """
    params: Any = {
        **stripe_gateway.card(payment.confirmation_token),
        "return_url": return_url,
        # A ConfirmationToken asks for Stripe.js's own dialog unless told otherwise.
        "use_stripe_sdk": False,
        "expand": _EXPAND,
    }
    try:
        with speaking() as client:
            options: Any = {"idempotency_key": payment.idempotency_key}
            return _intent(client.v1.setup_intents.confirm(intent_id, params, options))
    except StripeRefused:
        now = _retrieve(intent_id)
        if now.is_paid or now.is_canceled or not now.decline_code:
            raise StripeRefused("setup_intent_unexpected_state", now) from None
        return now


def put_on_file(change: CardChange, *, customer_id: str, return_url: str) -> Intent:
    """Make an intent that puts this try's card on a customer's file, and confirm it. As `confirm` answers.

    Source: https://docs.stripe.com/api/setup_intents/create
    """
    params: Any = {
        **stripe_gateway.card(change.confirmation_token),
        "customer": customer_id,
        "allowed_payment_method_types": ["card"],
        "usage": "off_session",
        "confirm": True,
        "return_url": return_url,
        "use_stripe_sdk": False,
        "metadata": {"change": change.idempotency_key},
        "expand": _EXPAND,
    }
    try:
        with speaking() as client:
            return _intent(
                client.v1.setup_intents.create(params, {"idempotency_key": change.idempotency_key})
            )
    except StripeRefused as error:
        declined = getattr(getattr(error.__cause__, "error", None), "setup_intent", None)
        if declined is None:
            raise
        return _retrieve(declined.id)


def forget(card: str) -> None:
    """Take a card off its customer's file for good.

    :raises StripeRefused: it is on nobody's file, or never was.
    Source: https://docs.stripe.com/api/payment_methods/detach
    """
    with speaking() as client:
        client.v1.payment_methods.detach(card)


def retrieve(intent_id: str) -> Intent:
    """Read an intent of either kind as it is now. Raises as `stripe_gateway.retrieve` does."""
    return _retrieve(intent_id) if intent_id.startswith(_ID) else stripe_gateway.retrieve(intent_id)


def _retrieve(intent_id: str) -> Intent:
    with reading() as client:
        return _intent(client.v1.setup_intents.retrieve(intent_id, {"expand": _EXPAND}))


def _intent(told: Any) -> Intent:
    error = told.last_setup_error
    method = (error.payment_method if error else None) or told.payment_method
    card = method.card if method else None
    billing = method.billing_details if method else None
    # Absent, not None, where Stripe.js was to ask.
    action = getattr(told.next_action, "redirect_to_url", None)
    return Intent(
        id=told.id,
        status=told.status,
        amount_minor=0,
        currency="",
        livemode=told.livemode,
        order_reference="",
        charge_id="",
        challenge_url=(action.url or "") if action else "",
        decline_code=(get_text(error, "decline_code") or get_text(error, "code")) if error else "",
        received_minor=0,
        tried_card=method.id if method else "",
        card_country=(card.country or "") if card else "",
        stated_country=(billing.address.country or "") if billing and billing.address else "",
        card_fingerprint=(card.fingerprint or "") if card else "",
        change_key=get_text(told.metadata, "change"),
    )
