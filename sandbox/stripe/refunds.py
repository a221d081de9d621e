"""Refunds: never more than was captured. https://docs.stripe.com/refunds, https://docs.stripe.com/api/refunds"""

from typing import Any

from sandbox.copying import copied
from sandbox.stripe import dispute_life, fraud_warnings, known_cards, later
from sandbox.stripe.balance import book_refund
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import invalid, refuse_unserved
from sandbox.stripe.lists import list_objects
from sandbox.stripe.money import readable
from sandbox.stripe.tax import recording
from sandbox.worlds import Json

SETTLES_AFTER_SECONDS = 3
_SERVED = {"amount", "charge", "expand", "metadata", "payment_intent", "reason"}


def create(call: Call) -> Json:
    """Answer POST /v1/refunds. :raises ApiError: nothing was paid, or less than this is left."""
    refuse_unserved(call.params, _SERVED, of="a refund")
    charge = _charge(call)
    _refuse_disputed(call, charge)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = call.params.get("amount", left)
    if amount < 1:
        message = "This value must be greater than or equal to 1."
        raise invalid(message, code="parameter_invalid_integer", param="amount")
    if amount > left:
        asked, rest = readable(amount, charge["currency"]), readable(left, charge["currency"])
        message = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})"
        raise invalid(message, param="amount")
    return _refund(call, charge, amount)


def retrieve(call: Call) -> Json:
    """Answer GET /v1/refunds/{refund}."""
    return call.find("refund", call.ids["refund"])


def update(call: Call) -> Json:
    """Answer POST /v1/refunds/{refund}: only metadata can change."""
    refund = call.find("refund", call.ids["refund"])
    was = copied(refund)
    refund["metadata"] = call.merge_metadata(refund["metadata"])
    call.save(refund)
    for event in ("refund.updated", "charge.refund.updated"):
        call.emit(event, refund, was=was)
    return refund


def list_refunds(call: Call) -> Json:
    """Answer GET /v1/refunds."""
    return list_objects(call, "refund", "/v1/refunds", "charge", "payment_intent")


def _charge(call: Call) -> Json:
    params = call.params
    if ("charge" in params) == ("payment_intent" in params):
        message = "You must provide one of these parameters: charge, payment_intent."
        raise invalid(message, code="parameter_missing", param="payment_intent")
    id: Any = params.get("charge")
    if id is None:
        intent = call.find("payment_intent", params["payment_intent"], param="payment_intent")
        id = intent["latest_charge"] if intent["status"] == "succeeded" else None
        if id is None:
            message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise invalid(message, param="payment_intent")
    charge = call.find("charge", id, param="charge")
    if not charge["paid"]:
        raise invalid(f"Charge {charge['id']} was not paid and cannot be refunded.", param="charge")
    return charge


def _refuse_disputed(call: Call, charge: Json) -> None:
    """Refuse while the bank has the money. https://docs.stripe.com/error-codes#charge-disputed"""
    for dispute in call.world.all("dispute"):
        took = not dispute["status"].startswith("warning") and dispute["status"] != "won"
        if dispute["charge"] == charge["id"] and took:
            message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
            raise invalid(message, code="charge_disputed")


def _refund(call: Call, charge: Json, amount: int) -> Json:
    behaviour = _behaviour(call, charge)
    is_pending = behaviour in ("is pending first", "stays pending")
    refund = blank(
        "refund",
        id=new_id("re"),
        amount=amount,
        charge=charge["id"],
        created=call.now,
        currency=charge["currency"],
        destination_details={"card": {"type": "pending" if is_pending else "refund"}, "type": "card"},
        metadata=call.merge_metadata({}),
        payment_intent=charge["payment_intent"],
        reason=call.params.get("reason"),
        status="pending" if is_pending else "succeeded",
    )
    refund["customer"] = charge["customer"]
    refund["payment_method"] = charge["payment_method"]
    if is_pending:
        refund["pending_reason"] = "processing" if behaviour == "is pending first" else "insufficient_funds"
    refund["balance_transaction"] = book_refund(call, refund, charge)["id"]
    call.save(refund)
    _note_on_charge(call, charge, refund)
    recording.reverse(call, refund)
    if behaviour in ("is pending first", "fails later"):
        later.plan(call, "refund", refund["id"], after_seconds=SETTLES_AFTER_SECONDS)
    return refund


def _behaviour(call: Call, charge: Json) -> str:
    """Return what the world's faults want of every refund, else what its card does."""
    wanted = call.world.faults.value("stripe", "refunds")
    return wanted or known_cards.card_of(call, charge["payment_method"]).refund


def _note_on_charge(call: Call, charge: Json, refund: Json) -> None:
    was = copied(charge)
    charge["amount_refunded"] += refund["amount"]
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    if refund["reason"] == "fraudulent":
        charge["fraud_details"] = {"user_report": "fraudulent"}
        known_cards.block(call, charge["payment_method_details"]["card"]["fingerprint"])
    call.save(charge)
    call.emit("refund.created", refund)
    call.emit("charge.refunded", charge, was=was)
    fraud_warnings.review(call, charge)
    dispute_life.review_refund(call, charge)
