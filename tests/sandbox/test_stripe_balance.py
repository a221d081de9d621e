"""The balance: what charges bring, what refunds take, in the currency in which the world settles."""

from typing import Any

import pytest
import stripe

from tests.sandbox.stripe_stage import Buyer, error_of


def _transaction(buyer: Buyer, intent: Any) -> Any:
    return buyer.stripe.balance_transactions.retrieve(intent.latest_charge.balance_transaction)


def test_a_charge_brings_its_amount_less_a_fee_that_a_refund_does_not_return(buyer: Buyer) -> None:
    intent = buyer.pay(expand=["latest_charge.balance_transaction"])

    refund = buyer.stripe.refunds.create({"payment_intent": intent.id, "expand": ["balance_transaction"]})

    brought, taken = intent.latest_charge.balance_transaction, refund.balance_transaction
    assert (brought.amount, brought.fee, brought.net) == (1999, 88, 1911)
    assert [(fee.amount, fee.type) for fee in brought.fee_details] == [(88, "stripe_fee")]
    assert (taken.amount, taken.fee, taken.net, taken.type) == (-1999, 0, -1999, "refund")


@pytest.mark.parametrize(
    ("currency", "amount", "settled", "fee"),
    [("krw", 9900, 723, 51), ("isk", 150000, 1080, 61), ("bhd", 1250, 331, 40), ("usd", 1999, 1999, 88)],
)
def test_a_world_may_settle_in_another_currency(
    buyer: Buyer, currency: str, amount: int, settled: int, fee: int
) -> None:
    buyer.world.configure(settlement_currency="usd")

    found = _transaction(buyer, buyer.pay(amount=amount, currency=currency))

    assert (found.currency, found.amount, found.fee, found.net) == ("usd", settled, fee, settled - fee)
    assert found.exchange_rate is None or round(amount * found.exchange_rate) == settled


@pytest.mark.parametrize(("currency", "amount", "fee"), [("isk", 150000, 8600), ("krw", 9900, 698)])
def test_a_fee_is_whole_in_what_the_currency_can_express(
    buyer: Buyer, currency: str, amount: int, fee: int
) -> None:
    found = _transaction(buyer, buyer.pay(amount=amount, currency=currency))

    assert (found.currency, found.amount, found.fee, found.exchange_rate) == (currency, amount, fee, None)


def test_a_refund_is_taken_at_the_rate_of_its_own_day(buyer: Buyer) -> None:
    buyer.world.configure(settlement_currency={"krw": "usd"}, exchange_rates={"krw": 0.001})
    intent = buyer.pay(amount=10000, currency="krw")

    buyer.world.configure(exchange_rates={"krw": 0.002})
    refund = buyer.stripe.refunds.create({"payment_intent": intent.id, "expand": ["balance_transaction"]})

    assert _transaction(buyer, intent).amount == 1000
    assert (refund.balance_transaction.amount, refund.balance_transaction.exchange_rate) == (-2000, 0.2)


def test_money_is_available_two_days_later(buyer: Buyer) -> None:
    intent = buyer.pay()
    first = _transaction(buyer, intent).status

    buyer.world.shift_clock("stripe", 2 * 86400 + 5)
    later = buyer.stripe.charges.retrieve(intent.latest_charge.id, {"expand": ["balance_transaction"]})

    assert (first, later.balance_transaction.status) == ("pending", "available")


def test_the_list_is_narrowed_and_paged(buyer: Buyer) -> None:
    intents = [buyer.pay() for _ in range(3)]
    refund = buyer.stripe.refunds.create({"payment_intent": intents[0].id, "amount": 10})
    all_of_it = buyer.stripe.balance_transactions

    charges = list(all_of_it.list({"type": "charge", "limit": 1}).auto_paging_iter())

    assert [each.source for each in charges] == [intent.latest_charge.id for intent in intents[::-1]]
    assert [each.amount for each in all_of_it.list({"source": refund.id})] == [-10]
    assert len(all_of_it.list({"created": {"gte": intents[0].created}})) == 4
    assert len(all_of_it.list({"currency": "eur"})) == 0
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        all_of_it.list({"payout": "po_1"})
    assert error_of(refusal).param == "payout"


def test_a_source_can_be_expanded(buyer: Buyer) -> None:
    intent = buyer.pay()

    found = buyer.stripe.balance_transactions.list({"expand": ["data.source"]}).data[0]

    assert found.source.payment_intent == intent.id
