"""A PaymentIntent as Stripe's library gives it, told in our words."""

from typing import Any

from billing.stripe.intents import Intent


def read(intent: Any) -> Intent:
    """This will tell a PaymentIntent, with its latest charge if that was asked for, in our words."""
    error, charge = intent.last_payment_error, intent.latest_charge
    return Intent(
        id=intent.id,
        status=intent.status,
        amount_minor=intent.amount,
        currency=intent.currency,
        livemode=intent.livemode,
        order_reference=get_text(intent.metadata, "order"),
        charge_id=charge if isinstance(charge, str) else (charge.id if charge else ""),
        challenge_url=_challenge_url(intent),
        decline_code=(get_text(error, "decline_code") or get_text(error, "code")) if error else "",
        received_minor=intent.amount_received or 0,
        tried_card=_card_tried(intent),
        card_country=_card_country(charge),
        stated_country=_stated_country(charge),
        card_fingerprint=_fingerprint(intent),
        tax_calculation=_tax_calculation(intent),
        card_last4=_card_last4(charge),
    )


def _card_country(charge: Any) -> str:
    details = charge.payment_method_details if _is_whole(charge) else None
    return (details.card.country or "") if details and details.card else ""


def _card_last4(charge: Any) -> str:
    details = charge.payment_method_details if _is_whole(charge) else None
    return (details.card.last4 or "") if details and details.card else ""


def _stated_country(charge: Any) -> str:
    """What the Payment Element asked the buyer, which it does not do of every card."""
    billing = charge.billing_details if _is_whole(charge) else None
    return (billing.address.country or "") if billing and billing.address else ""


def _card_tried(intent: Any) -> str:
    """The PaymentMethod of the last attempt: a refused one is taken off the intent and kept in its error."""
    refused = intent.last_payment_error.payment_method if intent.last_payment_error else None
    method = refused or intent.payment_method
    return method if isinstance(method, str) else (method.id if method else "")


def _fingerprint(intent: Any) -> str:
    """What tells cards apart, from the refused one or the one charged.

    Source: https://docs.stripe.com/api/payment_methods/object#payment_method_object-card-fingerprint
    """
    refused = intent.last_payment_error.payment_method if intent.last_payment_error else None
    if refused is not None and refused.card is not None:
        return refused.card.fingerprint or ""
    details = intent.latest_charge.payment_method_details if _is_whole(intent.latest_charge) else None
    return (details.card.fingerprint or "") if details and details.card else ""


def _tax_calculation(intent: Any) -> str:
    """Source: https://docs.stripe.com/api/payment_intents/object#payment_intent_object-hooks"""
    inputs = getattr(getattr(intent, "hooks", None), "inputs", None)
    return get_text(getattr(inputs, "tax", None), "calculation")


def _challenge_url(intent: Any) -> str:
    # Absent, not None, where Stripe.js was to ask: as for a renewal that nobody was there for.
    redirect = getattr(intent.next_action, "redirect_to_url", None)
    return (redirect.url or "") if redirect else ""


def get_text(source: Any, name: str) -> str:
    """A StripeObject is no dict, and lacks the keys that were not sent."""
    try:
        return str(source[name] or "")
    except (KeyError, TypeError):
        return ""


def _is_whole(charge: Any) -> bool:
    """Whether the charge is there and not just named."""
    return charge is not None and not isinstance(charge, str)
