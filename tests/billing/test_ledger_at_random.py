"""Whatever happens to money, in whatever order: debits are credits, and the records give the ledger again."""

import random
from collections import defaultdict
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from billing.books import balance, ledger
from billing.models import BalanceTransaction, LedgerEntry, Order, Refund
from billing.reconciling import reconciliation
from billing.refunding import refunds
from billing.taxing import tax_table
from tests import factories
from tests.attacks import Visitor
from tests.moments import later
from tests.money_events import Years
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

EVENTS = 10_000
STEPS = 36


def differences_of_sides() -> dict[str, int]:
    """By currency, what debits have more than credits."""
    sides: dict[str, int] = defaultdict(int)
    for total in ledger.totals():
        sides[total.currency] += total.balance
    return dict(sides)


def test_ten_thousand_events_balance_and_are_derived_again() -> None:
    sets = Years(seed=7).write(EVENTS)

    compared = ledger.check()

    assert sets >= EVENTS
    assert compared.booked.sets == compared.derived.sets == sets
    assert compared.booked.hash == compared.derived.hash
    sides = differences_of_sides()
    assert set(sides) == {"usd", "eur", "jpy", "krw", "bhd", "kwd", "isk", "ugx"}
    assert not any(sides.values())
    accounts = set(LedgerEntry.objects.values_list("account", flat=True))
    assert {"exchange", "disputes", "refunds", "stripe_fees", "paid_out", "tax"} < accounts


def test_all_that_was_sold_has_come_through_stripe() -> None:
    """Each sale, refund and failure has its movement, so nothing is due any more."""
    Years(seed=8).write(500)

    due = [total.balance for total in ledger.totals() if total.account == "due_from_stripe"]

    assert len(due) == 8
    assert not any(due)


def test_the_hash_tells_what_minds_and_nothing_else() -> None:
    Years(seed=9).write(50)
    whole = ledger.check().derived.hash
    assert ledger.check().derived.hash == whole

    BalanceTransaction.objects.bulk_create([_copy(BalanceTransaction.objects.order_by("id")[0])])
    compared = ledger.check()

    assert compared.derived.hash != whole == compared.booked.hash
    assert compared.missing == ["balance:txn_copy"]


class Play:
    """Random acts of buyers, staff and banks on a shop and its world, over the socket."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.dice = random.Random(seed)  # noqa: S311 - it plays, it guards nothing

    def buy(self) -> None:
        visitor = Visitor(self.world)
        self.world.configure(issuer_country=self.dice.choice(["KR", "DE", "FI", "CH", "US", "BR", ""]))
        currency = self.dice.choice(["usd", "krw", "jpy", "isk", "bhd", "ugx"])
        assert visitor.pay(visitor.quote("noon", currency=currency)).json()["state"] == "paid"

    def refund(self) -> None:
        order = self.dice.choice(list(Order.objects.order_by("id")))
        step = {"isk": 100, "ugx": 100, "bhd": 10}.get(order.currency, 1)
        amount = step * self.dice.randint(1, order.total_minor // step)
        wish = refunds.Wish(
            amount_minor=amount,
            after_minor=order.refunded_minor,
            reason=Refund.Reason.OTHER,
            ends_access=False,
            asker=Refund.Asker.SHOP,
        )
        refunds.ask(order, wish, at=timezone.now())

    def give_back_past_us(self) -> None:
        order = self.dice.choice(list(Order.objects.order_by("id")))
        self.world.api("POST", "refunds", payment_intent=order.intent_id, amount=order.total_minor)

    def fail(self) -> None:
        refund = self.dice.choice(list(Refund.objects.filter(state="succeeded").order_by("id")))
        self.world.fail_refund(str(refund.refund_id))
        if self.dice.random() < 0.5:  # else nobody tells us
            refunds.look(refund, at=timezone.now())

    def dispute(self) -> None:
        charge = self.dice.choice(self.world.objects("charge"))["id"]
        self.world.dispute(charge, inquiry=self.dice.random() < 0.3)

    def decide(self) -> None:
        end = self.dice.choice([self.world.win_dispute, self.world.lose_dispute])
        end(self.dice.choice(self.world.objects("dispute"))["id"])

    def fetch(self) -> None:
        balance.fetch(at=timezone.now())


@pytest.mark.parametrize("settled_in", ["usd", {"krw": "usd", "ugx": "eur"}], ids=["dollars", "some of each"])
def test_whatever_the_shop_and_the_banks_do_the_three_sides_agree(world: World, settled_in: Any) -> None:
    factories.film_on_sale("noon", usd=790, krw=9900, jpy=1200, isk=150000, bhd=1250, ugx=3000000)
    world.configure(settlement_currency=settled_in)
    tax_table.load(tax_table.SHIPPED)
    play = Play(world, seed=len(str(settled_in)))
    acts = [
        *(play.buy, play.buy, play.refund, play.refund, play.give_back_past_us, play.fail),
        *(play.dispute, play.decide, play.fetch),
    ]
    play.buy()

    for _ in range(STEPS):
        try:
            play.dice.choice(acts)()
        except (AssertionError, IndexError, refunds.NotLeft):
            continue  # nothing to act on, or the bank would not

    left = list(reconciliation.reconcile(since=later(-60), until=later(60), at=timezone.now(), fix=True))
    assert [each for each in left if not each.is_repaired] == []
    assert not any(differences_of_sides().values())
    compared = ledger.check()
    assert compared.is_same
    assert compared.booked.sets > STEPS // 2
    for total in ledger.totals():
        if total.account == "due_from_stripe":
            assert total.balance == 0, total
    for order in Order.objects.all():
        kept = order.tax_minor - sum(each.tax_minor for each in order.refunds.filter(state__in=Refund.LIVE))
        assert kept == -_tax_booked(order) >= 0
        assert kept == 0 or not order.is_refunded


def _tax_booked(order: Order) -> int:
    tax = LedgerEntry.objects.filter(account="tax", cause__in=ledger.causes_of(order))
    return int(tax.aggregate(sum=Sum("amount_minor", default=0))["sum"])


def _copy(row: BalanceTransaction) -> BalanceTransaction:
    row.pk, row.transaction_id = None, "txn_copy"
    return row
