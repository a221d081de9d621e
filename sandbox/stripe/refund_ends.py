"""How a refund ends once its answer has been given: the bank took it, or sent it back.

A refund that looked successful may fail days later; the money is then back in the balance.
https://docs.stripe.com/refunds#failed-refunds
"""

from sandbox.copying import copied
from sandbox.stripe import fraud_warnings
from sandbox.stripe.balance import book
from sandbox.stripe.call import Call
from sandbox.stripe.errors import invalid

FAILURES = ("expired_or_canceled_card", "lost_or_stolen_card", "declined", "unknown")


def settle(call: Call, refund_id: str) -> None:
    """Bring the refund of a test card to its late end: a pending one succeeds, another one fails."""
    refund = call.find("refund", refund_id)
    if refund["status"] == "pending":
        succeed(call, refund_id)
    elif refund["status"] == "succeeded":
        fail(call, refund_id)


def succeed(call: Call, refund_id: str) -> None:
    """Let a pending refund reach the card. :raises ApiError: it is not pending."""
    refund = call.find("refund", refund_id)
    if refund["status"] != "pending":
        raise invalid(f"This refund is {refund['status']}, not pending.")
    was = copied(refund)
    refund.pop("pending_reason", None)
    refund |= {"status": "succeeded", "destination_details": {"card": {"type": "refund"}, "type": "card"}}
    call.save(refund)
    call.emit("refund.updated", refund, was=was)
    call.emit("charge.refund.updated", refund, was=was)


def fail(call: Call, refund_id: str, *, reason: str = "expired_or_canceled_card") -> None:
    """Send a refund back: its sum is in the balance again and the charge counts as less refunded.

    :raises ApiError: the refund has failed already, or no bank gives this reason.
    """
    refund = call.find("refund", refund_id)
    if refund["status"] not in ("pending", "succeeded"):
        raise invalid(f"This refund is {refund['status']} and cannot fail.")
    if reason not in FAILURES:
        raise invalid(f"A refund fails for one of these reasons: {', '.join(FAILURES)}.")
    was = copied(refund)
    refund.pop("pending_reason", None)
    returned = book(call, refund, refund["amount"], "refund_failure")
    refund |= {"failure_balance_transaction": returned["id"], "failure_reason": reason, "status": "failed"}
    charge = call.find("charge", refund["charge"])
    charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
    call.save(charge)
    call.save(refund)
    for event in ("refund.updated", "refund.failed", "charge.refund.updated"):
        call.emit(event, refund, was=was)
    fraud_warnings.review(call, charge)
