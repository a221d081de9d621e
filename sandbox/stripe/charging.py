"""Charging a card, and what a success or a decline leaves behind.

https://docs.stripe.com/api/charges/object, https://docs.stripe.com/payments/paymentintents/lifecycle
"""

import dataclasses
import uuid

from sandbox.stripe import aftermath, known_cards, payment_methods
from sandbox.stripe.balance import book_charge
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.cards import Card, Decline
from sandbox.stripe.contract import blank
from sandbox.stripe.declines import as_last_error, declined
from sandbox.stripe.errors import ApiError
from sandbox.stripe.tax import recording
from sandbox.worlds import Json


def charge(call: Call, intent: Json, method: Json, *, authentication: str | None = None) -> None:
    """Charge the intent's amount and bring the intent to its next state.

    `authentication`: "challenge" or "frictionless" if the buyer was authenticated.
    :raises ApiError: 402, the card was declined; the intent waits for another one.
    """
    call.follow(intent["customer"])
    card = known_cards.card_of(call, method["id"])
    if known_cards.is_blocked(call, method):
        card = dataclasses.replace(card, decline=Decline("fraudulent", by_radar=True))
    if card.decline is None:
        made = _charge(call, intent, method, card, authentication)
        _succeed(call, intent, method, made)
        _spend(call, method)
        aftermath.follow(call, made, card)
        return
    _spend(call, method)
    failed = _charge(call, intent, method, card, authentication)
    call.emit("charge.failed", failed)
    intent["latest_charge"] = failed["id"]
    raise fail(call, intent, method, declined(card.decline, charge=failed["id"]))


def fail(call: Call, intent: Json, method: Json, error: ApiError) -> ApiError:
    """Send the intent back for another payment method; returns the error with the intent in it."""
    call.follow(intent["customer"])
    intent |= {
        "last_payment_error": as_last_error(error, method),
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    call.save(intent)
    call.emit("payment_intent.payment_failed", intent)
    error.error["payment_intent"] = dict(intent)
    error.error["payment_method"] = method
    return error


def _spend(call: Call, method: Json) -> None:
    if method["customer"] is None:
        known_cards.mark_spent(call, method["id"])


def _succeed(call: Call, intent: Json, method: Json, made: Json) -> None:
    intent |= {
        "amount_received": intent["amount"],
        "last_payment_error": None,
        "latest_charge": made["id"],
        "next_action": None,
        "payment_method": method["id"],
        "status": "succeeded",
    }
    call.save(intent)
    if intent["setup_future_usage"] and intent["customer"]:
        payment_methods.attach_to(call, method, intent["customer"])
        known_cards.mark_set_up(call, method["id"])
    recording.commit(call, intent)
    call.emit("charge.succeeded", made)
    call.emit("payment_intent.succeeded", intent)


def _charge(call: Call, intent: Json, method: Json, card: Card, authentication: str | None) -> Json:
    decline, amount = card.decline, intent["amount"]
    suffix = intent["statement_descriptor_suffix"]
    made = blank(
        "charge",
        id=new_id("ch"),
        amount=amount,
        amount_captured=0 if decline else amount,
        billing_details=method["billing_details"],
        calculated_statement_descriptor=f"SANDBOX* {suffix}"[:22] if suffix else "SANDBOX",
        captured=not decline,
        created=call.now,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        failure_code=decline and decline.code,
        failure_message=decline and decline.message,
        fraud_details={},
        metadata=dict(intent["metadata"]),
        outcome=_outcome(decline, card),
        paid=not decline,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"card": _details(intent, method, authentication), "type": "card"},
        receipt_email=intent["receipt_email"],
        refunded=False,
        statement_descriptor_suffix=suffix,
        status="failed" if decline else "succeeded",
    )
    if not decline:
        when = call.now if card.is_available_at_once else call.now + 2 * 86400
        made["balance_transaction"] = book_charge(call, made, available_on=when)["id"]
    return call.save(made)


def _outcome(decline: Decline | None, card: Card) -> Json:
    outcome: Json = {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": "elevated_risk_level" if card.risk == "elevated" else None,
        "risk_level": card.risk,
        "risk_score": 70 if card.risk == "elevated" else 20,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }
    if decline is None:
        return outcome
    if decline.by_radar:
        blocked = {"network_status": "not_sent_to_network", "type": "blocked", "reason": "highest_risk_level"}
        return {
            **outcome,
            **blocked,
            "risk_level": "highest",
            "seller_message": "Stripe blocked this payment.",
        }
    return {
        **outcome,
        "advice_code": decline.advice,
        "network_decline_code": "01",
        "network_status": "declined_by_network",
        "reason": decline.reason,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def _details(intent: Json, method: Json, authentication: str | None) -> Json:
    face = method["card"]
    shown = (
        "brand",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
    )
    passed = {**face["checks"], "cvc_check": "pass" if face["checks"]["cvc_check"] else None}
    return {
        **{name: face[name] for name in shown},
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "checks": passed,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": face["brand"],
        "network_token": {"used": False},
        "network_transaction_id": uuid.uuid4().hex[:15],
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "three_d_secure": _three_d_secure(authentication),
        "transaction_link_id": None,
        "wallet": None,
    }


def _three_d_secure(authentication: str | None) -> Json | None:
    if authentication is None:
        return None
    return {
        "authentication_flow": authentication,
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": str(uuid.uuid4()),
        "version": "2.2.0",
    }
