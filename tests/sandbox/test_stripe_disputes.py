"""Disputes and fraud warnings: what the bank takes, what evidence wins back, and what the shop is told."""

from typing import Any

import pytest
import stripe

from tests.sandbox.stripe_stage import Buyer, error_of, eventually

ASKED_AND_TAKEN = ["charge.dispute.created", "charge.dispute.funds_withdrawn"]

LONG = (
    *(
        "access_activity_log",
        "cancellation_policy_disclosure",
        "cancellation_rebuttal",
        "product_description",
    ),
    *("duplicate_charge_explanation", "refund_policy_disclosure", "refund_refusal_explanation"),
    "uncategorized_text",
)


def _told(buyer: Buyer) -> list[str]:
    return [event["type"] for event in buyer.world.events() if event["type"].startswith("charge.dispute")]


def _disputed(buyer: Buyer, *, inquiry: bool = False, **changes: Any) -> Any:
    charge = buyer.pay(**changes).latest_charge.id
    return buyer.stripe.disputes.retrieve(buyer.world.dispute(charge, inquiry=inquiry)["id"])


@pytest.mark.parametrize(
    ("number", "reason", "status", "told"),
    [
        ("4000000000000259", "fraudulent", "needs_response", ASKED_AND_TAKEN),
        ("4000000000002685", "product_not_received", "needs_response", ASKED_AND_TAKEN),
        ("4000000000001976", "fraudulent", "warning_needs_response", ["charge.dispute.created"]),
    ],
)
def test_some_cards_dispute_their_charge(
    buyer: Buyer, number: str, reason: str, status: str, told: list[str]
) -> None:
    intent = buyer.pay(number)

    found = buyer.stripe.disputes.list({"payment_intent": intent.id, "expand": ["data.charge"]}).data[0]
    assert (found.reason, found.status, found.amount, found.charge.disputed) == (reason, status, 1999, True)
    assert _told(buyer) == told


def test_a_dispute_takes_its_sum_and_a_fee(buyer: Buyer) -> None:
    buyer.world.configure(settlement_currency="usd")

    dispute = _disputed(buyer, amount=10000, currency="krw")

    taken = buyer.stripe.balance_transactions.list({"source": dispute.id}).data[0]
    assert (dispute.amount, dispute.currency) == (10000, "krw")
    assert (taken.amount, taken.fee, taken.net, taken.currency) == (-730, 1500, -2230, "usd")
    assert (taken.type, taken.reporting_category) == ("adjustment", "dispute")
    assert dispute.balance_transactions[0].id == taken.id


@pytest.mark.parametrize(
    ("words", "status", "moved"),
    [("winning_evidence", "won", [-1999, 1999]), ("losing_evidence", "lost", [-1999])],
)
def test_words_of_the_evidence_decide(buyer: Buyer, words: str, status: str, moved: list[int]) -> None:
    dispute = _disputed(buyer)
    staged = buyer.stripe.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": words}, "submit": False}
    )

    sent = buyer.stripe.disputes.update(dispute.id, {"submit": True})
    buyer.world.shift_clock("stripe", 5)
    eventually(lambda: "charge.dispute.closed" in _told(buyer))

    ended = buyer.stripe.disputes.retrieve(dispute.id)
    details = staged.evidence_details
    assert (staged.status, details.has_evidence, details.submission_count) == ("needs_response", True, 0)
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert (ended.status, [each.amount for each in ended.balance_transactions]) == (status, moved)
    assert ("charge.dispute.funds_reinstated" in _told(buyer)) == (status == "won")


def test_the_fee_comes_back_only_where_the_world_says_so(buyer: Buyer) -> None:
    kept, returned = _disputed(buyer), _disputed(buyer)

    buyer.world.win_dispute(kept.id)
    buyer.world.configure(dispute_fee_returned=True)
    buyer.world.win_dispute(returned.id)

    fees = [buyer.stripe.disputes.retrieve(each.id).balance_transactions[1].fee for each in (kept, returned)]
    assert fees == [0, -1500]


def test_evidence_is_sent_once_and_in_time(buyer: Buyer) -> None:
    dispute, late = _disputed(buyer), _disputed(buyer)
    buyer.stripe.disputes.update(dispute.id, {"evidence": {"access_activity_log": "watched 40 minutes"}})

    with pytest.raises(stripe.InvalidRequestError, match="already been submitted"):
        buyer.stripe.disputes.update(dispute.id, {"evidence": {"product_description": "A film"}})
    buyer.world.shift_clock("stripe", 11 * 86400)
    eventually(lambda: "charge.dispute.closed" in _told(buyer))

    missed = buyer.stripe.disputes.retrieve(late.id)
    assert (missed.status, missed.evidence_details.past_due) == ("lost", True)
    assert buyer.stripe.disputes.retrieve(dispute.id).status == "under_review"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        buyer.stripe.disputes.update(late.id, {"evidence": {"product_description": "A film"}})


def test_giving_up_loses(buyer: Buyer) -> None:
    dispute = _disputed(buyer)

    closed = buyer.stripe.disputes.close(dispute.id)

    assert (closed.status, closed.is_charge_refundable) == ("lost", False)
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        buyer.stripe.disputes.close(dispute.id)


def test_evidence_that_is_no_text_or_too_much_is_refused(buyer: Buyer) -> None:
    dispute = _disputed(buyer)

    with pytest.raises(stripe.InvalidRequestError, match="No such file upload") as no_file:
        buyer.stripe.disputes.update(dispute.id, {"evidence": {"receipt": "file_1"}})
    with pytest.raises(stripe.InvalidRequestError, match="150000 characters"):
        buyer.stripe.disputes.update(dispute.id, {"evidence": dict.fromkeys(LONG, "x" * 20_000)})

    assert error_of(no_file).param == "evidence[receipt]"
    unchanged = buyer.stripe.disputes.retrieve(dispute.id)
    assert (unchanged.evidence.uncategorized_text, unchanged.evidence_details.has_evidence) == (None, False)


def test_an_inquiry_takes_nothing_until_it_escalates(buyer: Buyer) -> None:
    dispute = _disputed(buyer, inquiry=True)

    buyer.world.escalate_dispute(dispute.id)

    escalated = buyer.stripe.disputes.retrieve(dispute.id)
    assert (dispute.status, dispute.is_charge_refundable) == ("warning_needs_response", True)
    assert dispute.balance_transactions == []
    assert (escalated.status, escalated.balance_transactions[0].amount) == ("needs_response", -1999)


def test_a_disputed_charge_is_not_refunded_but_an_inquiry_ends_by_a_refund(buyer: Buyer) -> None:
    taken, asked = _disputed(buyer), _disputed(buyer, inquiry=True)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        buyer.stripe.refunds.create({"charge": taken.charge})
    buyer.stripe.refunds.create({"charge": asked.charge})

    assert error_of(refusal).code == "charge_disputed"
    assert buyer.stripe.disputes.retrieve(asked.id).status == "warning_closed"


def test_what_is_refunded_or_disputed_already_cannot_be_disputed(buyer: Buyer) -> None:
    intent = buyer.pay()
    buyer.stripe.refunds.create({"payment_intent": intent.id})

    for charge in (intent.latest_charge.id, _disputed(buyer).charge):
        with pytest.raises(AssertionError, match="refunded, unpaid or disputed"):
            buyer.world.dispute(charge)


def test_an_issuer_warns_and_a_refund_settles_it(buyer: Buyer) -> None:
    intent = buyer.pay("4000000000005423")
    first = buyer.stripe.radar.early_fraud_warnings.list({"payment_intent": intent.id}).data[0]

    buyer.stripe.refunds.create({"payment_intent": intent.id})

    after = buyer.stripe.radar.early_fraud_warnings.retrieve(first.id)
    assert (first.charge, first.actionable, after.actionable) == (intent.latest_charge.id, True, False)
    assert len(buyer.world.events("radar.early_fraud_warning.updated")) == 1
