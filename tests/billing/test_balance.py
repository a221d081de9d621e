"""What Stripe did to the balance, fetched over the socket, kept and booked."""

from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from django.db.models import Sum
from pytest_django import Settings

from billing.books import balance
from billing.models import BalanceTransaction, LedgerEntry, Order
from billing.stripe import stripe_gateway, stripe_lists
from billing.stripe.intents import StripeRefused, StripeUnavailable
from tests import factories
from tests.attacks import Visitor
from tests.moments import later
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

Totals = dict[tuple[str, str], int]


@pytest.fixture
def buyer(world: World) -> Visitor:
    """Somebody before a film that is sold in several currencies."""
    factories.film_on_sale("noon", usd=790, krw=9900, jpy=1200, isk=150000, bhd=1250, ugx=3000000)
    return Visitor(world)


def buy(buyer: Visitor, currency: str = "usd") -> Order:
    """A sale in this currency; each time to a browser of its own."""
    other = Visitor(buyer.world)
    answer = other.pay(other.quote("noon", currency=currency))
    assert answer.json()["state"] == "paid", answer.content
    return Order.objects.get(reference=answer.json()["order"])


def totals() -> Totals:
    """What stands on each account, accounts of nothing left out."""
    rows = LedgerEntry.objects.values("account", "currency").annotate(sum=Sum("amount_minor"))
    return {(row["account"], row["currency"]): row["sum"] for row in rows if row["sum"]}


def test_a_sale_is_due_from_stripe_until_stripe_tells_of_it(buyer: Visitor) -> None:
    buy(buyer)
    before = totals()

    fetched = balance.fetch(at=later(0))

    assert before == {("due_from_stripe", "usd"): 790, ("sales", "usd"): -790}
    assert fetched == 1
    assert totals() == {("stripe_balance", "usd"): 737, ("stripe_fees", "usd"): 53, ("sales", "usd"): -790}


@pytest.mark.parametrize(
    ("currency", "total", "settled", "fee"),
    [
        *(("krw", 9900, 723, 51), ("jpy", 1200, 804, 53), ("isk", 150000, 1080, 61)),
        *(("bhd", 1250, 331, 40), ("ugx", 3000000, 810, 53)),
    ],
)
def test_a_settlement_in_another_currency_goes_through_the_exchange(
    buyer: Visitor, world: World, currency: str, total: int, settled: int, fee: int
) -> None:
    world.configure(settlement_currency="usd")
    buy(buyer, currency)

    balance.fetch(at=later(0))

    assert totals() == {
        ("sales", currency): -total,
        ("exchange", currency): total,
        ("exchange", "usd"): -settled,
        ("stripe_fees", "usd"): fee,
        ("stripe_balance", "usd"): settled - fee,
    }
    row = BalanceTransaction.objects.get()
    assert row.exchange_rate is not None
    assert round(total * row.exchange_rate) == settled


@pytest.mark.parametrize("currency", ["krw", "isk", "bhd", "ugx"])
def test_a_currency_that_settles_as_itself_needs_no_exchange(buyer: Visitor, currency: str) -> None:
    order = buy(buyer, currency)

    balance.fetch(at=later(0))

    assert {each for _, each in totals()} == {currency}
    assert totals()["sales", currency] == -order.total_minor
    assert ("due_from_stripe", currency) not in totals()


def test_a_dispute_takes_the_sum_and_a_fee_and_a_won_one_brings_the_sum_back(
    buyer: Visitor, world: World
) -> None:
    world.configure(settlement_currency="usd", exchange_rates={"krw": 0.001})
    order = buy(buyer, "krw")
    dispute = world.dispute(order.payments.get().charge_id)
    balance.fetch(at=later(0))
    lost = totals()

    world.win_dispute(dispute["id"])
    balance.fetch(at=later(0))

    assert (lost["disputes", "krw"], lost["stripe_balance", "usd"]) == (9900, -1500 - 59)
    assert totals() == {
        ("sales", "krw"): -9900,
        ("exchange", "krw"): 9900,
        ("exchange", "usd"): -990,
        ("stripe_fees", "usd"): 1559,
        ("stripe_balance", "usd"): 990 - 1559,
    }


def test_what_was_fetched_is_not_fetched_again(buyer: Visitor) -> None:
    for _ in range(3):
        buy(buyer)
    first = balance.fetch(at=later(0))
    before = list(LedgerEntry.objects.order_by("id").values_list())

    again = balance.fetch(at=later(0))
    buy(buyer)
    third = balance.fetch(at=later(0))

    assert (first, again, third) == (3, 0, 1)
    assert list(LedgerEntry.objects.order_by("id").values_list())[: len(before)] == before


def test_a_fetch_goes_on_where_the_last_one_was_cut(buyer: Visitor) -> None:
    buy(buyer)
    balance.fetch(at=later(0))
    first = BalanceTransaction.objects.get()
    for _ in range(5):
        buy(buyer)
    balance.keep(list(islice(stripe_lists.balance_after(first.transaction_id), 3)))

    fetched = balance.fetch(at=later(0))

    assert fetched == 2
    assert BalanceTransaction.objects.count() == 6
    assert ("due_from_stripe", "usd") not in totals()


def test_a_silent_stripe_leaves_the_books_as_they_are(buyer: Visitor, world: World) -> None:
    buy(buyer)
    world.faults(stripe={"fail_next": [{"call": "GET /v1/balance_transactions", "how": "503"}]})

    with pytest.raises(StripeUnavailable):
        balance.fetch(at=later(0))
    before = totals()

    assert before == {("due_from_stripe", "usd"): 790, ("sales", "usd"): -790}
    assert balance.fetch(at=later(0)) == 1


def test_a_shop_that_sold_nothing_asks_stripe_nothing(buyer: Visitor, world: World) -> None:
    asked = len(world.report()["requests"])

    assert balance.fetch(at=later(0)) == 0
    assert len(world.report()["requests"]) == asked


def test_another_account_s_transaction_is_refused(world: World) -> None:
    with pytest.raises(StripeRefused):
        list(stripe_lists.balance_after("txn_of_another_account"))


@pytest.mark.parametrize(
    "read", [stripe_lists.balance_between, stripe_lists.charges_between, stripe_lists.refunds_between]
)
def test_a_key_that_stripe_does_not_know_reads_nothing(world: World, settings: Settings, read: Any) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_sandbox_nobodys"

    with pytest.raises(StripeUnavailable):
        list(read(later(-60), later(60)))


def test_lists_are_read_to_their_end(buyer: Visitor, world: World) -> None:
    orders = [buy(buyer) for _ in range(2)]
    world.api("POST", "refunds", payment_intent=orders[0].intent_id, amount=100)
    since, until = later(-60), later(60)

    charges = list(stripe_lists.charges_between(since, until))
    refunds = list(stripe_lists.refunds_between(since, until))

    assert [(each.order_reference, each.status) for each in charges] == [
        (order.reference, "succeeded") for order in orders[::-1]
    ]
    assert [(each.intent_id, each.amount_minor, each.status) for each in refunds] == [
        (orders[0].intent_id, 100, "succeeded")
    ]
    assert not list(stripe_lists.charges_between(since - timedelta(hours=1), since))
    assert stripe_gateway.retrieve(charges[0].intent_id).is_paid
