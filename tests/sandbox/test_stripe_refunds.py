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


def test_a_failed_refund_gives_the_money_back_to_the_balance_and_may_be_tried_again(buyer: Buyer) -> None:
    intent = buyer.pay()
    part, rest = (
        buyer.stripe.refunds.create({"payment_intent": intent.id, "amount": amount}) for amount in (999, 1000)
    )

    buyer.world.fail_refund(rest.id, reason="lost_or_stolen_card")

    failed = buyer.stripe.refunds.retrieve(rest.id, {"expand": ["failure_balance_transaction", "charge"]})
    returned = failed.failure_balance_transaction
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert (returned.amount, returned.type, returned.source) == (1000, "refund_failure", rest.id)
    assert (failed.charge.amount_refunded, failed.charge.refunded) == (999, False)
    again = buyer.stripe.refunds.create({"payment_intent": intent.id})
    assert (again.amount, part.status) == (1000, "succeeded")


def test_a_refund_ends_once(buyer: Buyer) -> None:
    refund = buyer.stripe.refunds.create({"payment_intent": buyer.pay().id})
    buyer.world.fail_refund(refund.id)

    with pytest.raises(AssertionError, match="failed and cannot fail"):
        buyer.world.fail_refund(refund.id)
    with pytest.raises(AssertionError, match="not pending"):
        buyer.world.complete_refund(refund.id)


def test_refunds_stay_pending_while_the_world_says_so(buyer: Buyer) -> None:
    buyer.world.faults(stripe={"refunds": "stays pending"})

    refund = buyer.stripe.refunds.create({"payment_intent": buyer.pay().id})
    buyer.world.complete_refund(refund.id)

    changed = buyer.world.events("refund.updated")[0]["data"]
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    assert (changed["object"]["status"], changed["previous_attributes"]["status"]) == ("succeeded", "pending")


def test_each_refund_is_told_once_and_its_key_is_good_for_one(buyer: Buyer) -> None:
    intent = buyer.pay()
    params = {"payment_intent": intent.id, "amount": 500, "reason": "fraudulent"}

    first, again = (buyer.stripe.refunds.create(params, {"idempotency_key": "refund-1"}) for _ in range(2))

    assert first.id == again.id
    assert len(buyer.world.events("refund.created")) == 1
    told = buyer.world.events("charge.refunded")[0]["data"]
    assert (told["object"]["amount_refunded"], told["previous_attributes"]["amount_refunded"]) == (500, 0)
    assert told["object"]["fraud_details"] == {"user_report": "fraudulent"}


def test_refunds_are_listed_by_what_they_refund(buyer: Buyer) -> None:
    one, other = buyer.pay(), buyer.pay()
    refunds = [buyer.stripe.refunds.create({"payment_intent": one.id, "amount": 100}).id for _ in range(3)]
    buyer.stripe.refunds.create({"payment_intent": other.id})

    of_intent = buyer.stripe.refunds.list({"payment_intent": one.id, "limit": 2})
    of_charge = buyer.stripe.refunds.list({"charge": one.latest_charge.id, "created": {"gte": one.created}})

    assert [refund.id for refund in of_intent.auto_paging_iter()] == refunds[::-1]
    assert len(of_charge) == 3


def test_a_refund_for_fraud_blocks_the_card(buyer: Buyer) -> None:
    intent = buyer.pay()
    buyer.stripe.refunds.create({"payment_intent": intent.id, "reason": "fraudulent"})

    with pytest.raises(stripe.CardError) as blocked:
        buyer.pay()

    charge = buyer.stripe.charges.retrieve(error_of(blocked).charge)
    assert (charge.outcome.type, charge.outcome.network_status) == ("blocked", "not_sent_to_network")
    assert buyer.pay("5555555555554444").status == "succeeded"
