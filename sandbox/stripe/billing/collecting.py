"""Collecting an invoice: the customer's card is charged, with him there or without.

https://docs.stripe.com/billing/subscriptions/overview#payment-status
"""

import dataclasses

from sandbox.stripe.billing import invoice_outcomes, invoice_payments, subscription_life
from sandbox.stripe.call import Call
from sandbox.stripe.confirming import confirm_intent
from sandbox.stripe.errors import ApiError, invalid
from sandbox.worlds import Json

NO_METHOD = (
    "This customer has no attached payment source or default payment method. Please consider adding a default"
    " payment method."
)


def confirm_and_note(call: Call, intent: Json, *, waits_for_owner: bool = False) -> Json:
    """Confirm an intent; the invoice that it pays, if any, learns what became of it."""
    try:
        confirm_intent(call, intent, waits_for_owner=waits_for_owner)
    except ApiError as error:
        if error.status == 402:
            invoice_outcomes.note(call, intent)
        raise
    invoice_outcomes.note(call, intent)
    return intent


def attempt(call: Call, invoice: Json, *, method: str | None = None, off_session: bool = True) -> Json:
    """Charge the invoice's intent to a card, its subscription's or customer's own unless one is given.

    A card that asks for its owner leaves the intent in `requires_action`; with the world's configuration
    `renewal_authentication` "declined", it is declined as `authentication_required`.
    :raises ApiError: 402 it was declined; 400 there is no card.
    """
    intent = invoice_payments.intent_of(call.world, invoice)
    method = method or method_of(call, subscription_life.of_invoice(call, invoice))
    if intent is None or method is None:
        raise invalid(NO_METHOD, code="resource_missing")
    params = {"payment_method": method, "off_session": off_session}
    waits = call.world.config.get("renewal_authentication") != "declined"
    return confirm_and_note(dataclasses.replace(call, params=params), intent, waits_for_owner=waits)


def method_of(call: Call, subscription: Json) -> str | None:
    """Return the card that a subscription is charged to: its own, else its customer's."""
    customer = call.find("customer", subscription["customer"])
    found = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    return str(found) if found else None


def check_own_method(call: Call, customer: str, method_id: str, *, param: str) -> str:
    """Return the id of a card. :raises ApiError: it is not attached to this customer."""
    method = call.find("payment_method", method_id, param=param)
    if method["customer"] != customer:
        message = (
            f"The customer does not have a payment method with the ID {method_id}. The payment method must be"
            " attached to the customer."
        )
        raise invalid(message, code="resource_missing", param=param)
    return method_id
