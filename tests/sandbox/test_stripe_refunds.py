"""Refunds: bounded by what was paid, some of them late."""

import pytest
import stripe

from tests.sandbox.stripe_stage import Buyer, error_of, eventually


def test_refunds_add_up_to_what_was_paid_and_not_more(buyer: Buyer) -> None:
    intent = buyer.pay()

    buyer.stripe.refunds.create(
        {"payment_intent": intent.id, "amount": 999, "reason": "requested_by_customer"}
    )
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as refusal:
        buyer.stripe.refunds.create({"payment_intent": intent.id, "amount": 1001})
    rest = buyer.stripe.refunds.create({"charge": intent.latest_charge.id})

    charge = buyer.stripe.charges.retrieve(intent.latest_charge.id, {"expand": ["refunds"]})
    assert refusal.value.param == "amount"
    assert (rest.amount, charge.amount_refunded, charge.refunded, len(charge.refunds.data)) == (
        1000,
        1999,
        True,
        2,
    )
    with pytest.raises(stripe.InvalidRequestError) as again:
        buyer.stripe.refunds.create({"payment_intent": intent.id})
    assert again.value.code == "charge_already_refunded"


def test_what_was_never_paid_cannot_be_refunded(buyer: Buyer) -> None:
    with pytest.raises(stripe.CardError) as decline:
        buyer.pay("4000000000000002")
    intent_id = error_of(decline).payment_intent.id

    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        buyer.stripe.refunds.create({"payment_intent": intent_id})


@pytest.mark.parametrize(
    ("number", "first", "last", "event"),
    [
        ("4000000000007726", "pending", "succeeded", "refund.updated"),
        ("4000000000005126", "succeeded", "failed", "refund.failed"),
    ],
)
def test_a_refund_may_end_later(buyer: Buyer, number: str, first: str, last: str, event: str) -> None:
    refund = buyer.stripe.refunds.create({"payment_intent": buyer.pay(number).id})
    buyer.world.shift_clock("stripe", 60)

    eventually(lambda: buyer.world.events(event))

    assert (refund.status, buyer.stripe.refunds.retrieve(refund.id).status) == (first, last)
    charge = buyer.world.objects("charge")[0]
    assert charge["amount_refunded"] == (0 if last == "failed" else 1999)
