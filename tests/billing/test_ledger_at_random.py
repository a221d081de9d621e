"""Whatever happens to money, in whatever order: debits are credits, and the records give the ledger again."""

import random
from collections import defaultdict
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import QuerySet, Sum
from django.utils import timezone

from billing.books import balance, ledger
from billing.models import BalanceTransaction, Coupon, DisputeTax, LedgerEntry, Order, Refund
from billing.reconciling import reconciliation
from billing.refunding import refunds
from billing.taxing import tax_table
from tests import factories
from tests.attacks import Visitor
from tests.moments import later
from tests.money_events import Years
from tests.sandbox_client import World
from tests.stripe_words import WORTH

pytestmark = [pytest.mark.django_db, pytest.mark.long]

EVENTS = 10_000
STEPS = 72


def differences_of_sides() -> dict[str, int]:
    """By currency, what debits have more than credits."""
    sides: dict[str, int] = defaultdict(int)
    for total in ledger.totals():
        sides[total.currency] += total.balance
    return dict(sides)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [7, 8])
def test_ten_thousand_events_balance_and_are_derived_again(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """In two halves, for two processes."""
    happened = Years(seed).write(EVENTS // 2)

    assert happened.total() >= EVENTS // 2
    assert min(happened.values()) > 20, happened
    call_command("ledger", "rebuild", "--check")
    from_the_records, in_the_ledger, verdict = capsys.readouterr().out.splitlines()
    assert from_the_records.split(":")[1].split() == in_the_ledger.split(":")[1].split()
    assert verdict == "They are the same."
    sides = differences_of_sides()
    assert set(sides) == set(WORTH)
    assert not any(sides.values())
    accounts = set(LedgerEntry.objects.values_list("account", flat=True))
    assert accounts == set(LedgerEntry.Account.values) - {"unexplained"}
    assert_each_account_is_what_the_rows_say()


def assert_each_account_is_what_the_rows_say() -> None:
    """All that was sold has come through Stripe, and what is owed of it is what was not given back."""
    booked = {(total.account, total.currency): total.balance for total in ledger.totals()}
    for currency in WORTH:
        orders = Order.objects.filter(state="paid", currency=currency)
        given = Refund.objects.filter(state__in=Refund.LIVE, currency=currency)
        lost = DisputeTax.objects.filter(currency=currency)
        tax = _sum(orders, "tax_minor") - _sum(given, "tax_minor") - _sum(lost, "amount_minor")
        assert booked["due_from_stripe", currency] == 0
        assert booked["tax", currency] == -tax < 0
        assert booked["discounts", currency] == _sum(orders, "discount_minor") > 0
        assert booked["refunds", currency] == _sum(given, "amount_minor") - _sum(given, "tax_minor")
        assert _sum(orders, "refunded_minor") == _sum(given, "amount_minor") > 0


def _sum(rows: "QuerySet[Any]", name: str) -> int:
    return int(rows.aggregate(sum=Sum(name, default=0))["sum"])


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
        currency = self.dice.choice(["usd", "krw", "jpy", "isk", "kwd", "ugx"])
        coupon = self.dice.choice(["", "FIFTH"])
        quote = visitor.quote("noon", currency=currency, coupon=coupon)
        assert visitor.pay(quote).json()["state"] == "paid"

    def refund(self) -> None:
        order = self.dice.choice(list(Order.objects.order_by("id")))
        step = {"isk": 100, "ugx": 100, "kwd": 10}.get(order.currency, 1)
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
    factories.film_on_sale("noon", usd=790, krw=9900, jpy=1200, isk=150000, kwd=1250, ugx=3000000)
    Coupon.objects.create(code="FIFTH", percent=20, uses_per_buyer=None)
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
        given = _sum(order.refunds.filter(state__in=Refund.LIVE), "tax_minor")
        lost = _sum(DisputeTax.objects.filter(dispute__order=order), "amount_minor")
        kept = order.tax_minor - given - lost
        assert kept == -_tax_booked(order) >= 0
        assert kept == 0 or not order.is_refunded


def _tax_booked(order: Order) -> int:
    tax = LedgerEntry.objects.filter(account="tax", cause__in=ledger.causes_of(order))
    return _sum(tax, "amount_minor")


def _copy(row: BalanceTransaction) -> BalanceTransaction:
    row.pk, row.transaction_id = None, "txn_copy"
    return row
