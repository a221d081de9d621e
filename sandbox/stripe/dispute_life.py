"""A dispute from the bank's letter to its end, and the money that moves meanwhile.

https://docs.stripe.com/disputes/how-disputes-work and https://docs.stripe.com/disputes/withdrawing: the sum
and a fee leave the balance at once; an inquiry takes nothing; what is not answered in time is lost.
"""

from datetime import UTC, datetime, timedelta

from sandbox.copying import copied
from sandbox.stripe import fraud_warnings, later
from sandbox.stripe.balance import book
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank, samples
from sandbox.stripe.errors import invalid
from sandbox.stripe.settlement import convert, settlement_currency
from sandbox.worlds import Json

DAYS_TO_ANSWER = 9
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
_NETWORK_REASONS = {"fraudulent": "10.4", "product_not_received": "13.1", "subscription_canceled": "13.2"}
_FEE_CENTS = 1500  # https://stripe.com/pricing


def dispute(call: Call, charge_id: str, *, reason: str = "fraudulent", inquiry: bool = False) -> None:
    """Let the bank dispute what is left of a charge. :raises ApiError: nothing is, or it did so before.

    A fully refunded card charge cannot be disputed: https://docs.stripe.com/refunds
    """
    charge = call.find("charge", charge_id)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0 or charge["disputed"]:
        raise invalid(f"Charge {charge_id} is refunded, unpaid or disputed already.")
    made = _blank(call, charge, left, reason, inquiry)
    call.save(made)
    charge["disputed"] = True
    call.save(charge)
    call.emit("charge.dispute.created", made)
    if not inquiry:
        _withdraw(call, made)
    fraud_warnings.review(call, charge)
    seconds = made["evidence_details"]["due_by"] - call.now
    later.plan(call, "dispute_due", made["id"], after_seconds=seconds)


def submit(call: Call, found: Json) -> None:
    """Send what is staged to the bank; it decides by the words that Stripe's test mode knows."""
    details = found["evidence_details"]
    details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
    is_inquiry = found["status"].startswith("warning")
    found["status"] = "warning_under_review" if is_inquiry else "under_review"
    later.plan(call, "dispute_verdict", found["id"], after_seconds=1)


def win(call: Call, dispute_id: str) -> None:
    """Let the bank decide for the shop: the money comes back, an inquiry is closed.

    The fee does not, unless the world's configuration `dispute_fee_returned` says so: accounts differ.
    """
    found = _open(call, dispute_id)
    if _is_inquiry(found):
        return _end(call, found, "warning_closed")
    fee = -_fee(call, found) if call.world.config.get("dispute_fee_returned") else 0
    back = book(
        call,
        found,
        found["amount"],
        "adjustment",
        category="dispute_reversal",
        fees=[("Dispute fee refund", fee)],
        description=f"Chargeback reversal for {found['charge']}",
    )
    found["balance_transactions"].append(copied(back))
    _end(call, found, "won")
    call.emit("charge.dispute.funds_reinstated", found)


def lose(call: Call, dispute_id: str) -> None:
    """Let the bank decide for its customer: what was taken stays taken."""
    found = _open(call, dispute_id)
    _end(call, found, "warning_closed" if _is_inquiry(found) else "lost")


def escalate(call: Call, dispute_id: str) -> None:
    """Turn an inquiry into a dispute: now the money is taken. :raises ApiError: it is none."""
    found = _open(call, dispute_id)
    if not _is_inquiry(found):
        raise invalid(f"Dispute {dispute_id} is not an inquiry.")
    was = copied(found)
    found |= {"status": "needs_response", "is_charge_refundable": False}
    found["payment_method_details"]["card"]["case_type"] = "chargeback"
    call.save(found)
    call.emit("charge.dispute.updated", found, was=was)
    _withdraw(call, found)


def miss(call: Call, dispute_id: str) -> None:
    """Close a dispute that nobody answered before it was due."""
    found = _open(call, dispute_id)
    if found["status"].endswith("needs_response"):
        found["evidence_details"]["past_due"] = True
        lose(call, dispute_id)


def review_refund(call: Call, charge: Json) -> None:
    """Close the inquiry into a charge that is refunded in full: the buyer has what he asked for."""
    for found in call.world.all("dispute"):
        if found["charge"] == charge["id"] and charge["refunded"] and found["status"] in OPEN:
            _end(call, found, "warning_closed")


def _open(call: Call, dispute_id: str) -> Json:
    found = call.find("dispute", dispute_id)
    if found["status"] not in OPEN:
        raise invalid("This dispute is already closed.")
    return found


def _is_inquiry(found: Json) -> bool:
    return bool(found["status"].startswith("warning"))


def _end(call: Call, found: Json, status: str) -> None:
    was = copied(found)
    found |= {"status": status, "is_charge_refundable": False}
    call.save(found)
    call.emit("charge.dispute.updated", found, was=was)
    call.emit("charge.dispute.closed", found)


def _withdraw(call: Call, found: Json) -> None:
    taken = book(
        call,
        found,
        -found["amount"],
        "adjustment",
        category="dispute",
        fees=[("Dispute fee", _fee(call, found))],
        description=f"Chargeback withdrawal for {found['charge']}",
    )
    found["balance_transactions"].append(copied(taken))
    call.save(found)
    call.emit("charge.dispute.funds_withdrawn", found)


def _fee(call: Call, found: Json) -> int:
    return convert(call.world, _FEE_CENTS, "usd", settlement_currency(call.world, found["currency"]))[0]


def _blank(call: Call, charge: Json, amount: int, reason: str, inquiry: bool) -> Json:
    due = datetime.fromtimestamp(call.now, UTC) + timedelta(days=DAYS_TO_ANSWER)
    brand = charge["payment_method_details"]["card"]["brand"]
    card = {"brand": brand, "case_type": "inquiry" if inquiry else "chargeback", "network": brand}
    card["network_reason_code"] = _NETWORK_REASONS.get(reason)
    evidence = dict.fromkeys(samples()["dispute"]["evidence"])
    details = {"due_by": int(due.replace(hour=23, minute=59, second=59).timestamp()), "has_evidence": False}
    return blank(
        "dispute",
        id=new_id("du"),
        amount=amount,
        balance_transactions=[],
        charge=charge["id"],
        created=call.now,
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={**evidence, "enhanced_evidence": {}},
        evidence_details={
            **details,
            **{"enhanced_eligibility": {}, "past_due": False},
            **{"submission_count": 0, "submission_method": "not_submitted"},
        },
        is_charge_refundable=inquiry,
        metadata={},
        payment_intent=charge["payment_intent"],
        payment_method_details={"card": card, "type": "card"},
        reason=reason,
        status="warning_needs_response" if inquiry else "needs_response",
    )
