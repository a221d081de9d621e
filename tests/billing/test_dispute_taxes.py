"""The tax of what a bank gave back is not owed, to the last coin, and owed again if the bank turns."""

from dataclasses import replace

import pytest
from django.utils import timezone

from billing.books import balance, ledger, money_report
from billing.disputing import dispute_outcomes
from billing.models import Dispute, DisputeTax, LedgerEntry, Order, TaxRate
from billing.refunding import refund_outcomes, refunds
from billing.stripe import stripe_disputes
from tests import factories
from tests.attacks import Visitor
from tests.refunding import give_back, wish
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(world: World) -> Order:
    """Sold for $7.90 in Germany, $1.26 of it tax."""
    world.configure(issuer_country="DE")
    TaxRate.objects.create(country="DE", starts_on="2021-01-01", basis_points=1900)
    factories.film_on_sale("noon")
    visitor = Visitor(world)
    assert visitor.pay(visitor.quote("noon")).json()["state"] == "paid"
    order = Order.objects.get()
    assert order.tax_minor == 126
    return order


def _dispute(world: World, order: Order, *, is_lost: bool) -> Dispute:
    told = world.dispute(order.payments.get().charge_id)
    (world.lose_dispute if is_lost else world.win_dispute)(told["id"])
    dispute_outcomes.hear(stripe_disputes.retrieve(told["id"]), at=timezone.now())
    return Dispute.objects.get()


def _move(dispute: Dispute, *states: str) -> None:
    """What Stripe tells of an appeal, which the sandbox's bank hears of nobody."""
    told = stripe_disputes.retrieve(dispute.dispute_id)
    for state in states:
        dispute_outcomes.note(dispute, replace(told, state=state), at=timezone.now())


def _owed() -> int:
    """The tax that is owed by the books."""
    return -sum(LedgerEntry.objects.filter(account="tax").values_list("amount_minor", flat=True))


def test_what_is_lost_is_not_taxed(world: World, order: Order) -> None:
    _dispute(world, order, is_lost=True)
    balance.fetch(at=timezone.now())

    assert _owed() == 0
    assert ledger.check().is_same
    assert f"dispute_tax:{DisputeTax.objects.get().key}" in ledger.causes_of(order)
    (row,) = [each for each in money_report.of(f"{timezone.localdate():%Y-%m}") if each.country == "DE"]
    assert (row.sales, row.tax, row.disputes) == (664, 0, 664)


def test_what_is_won_is_taxed_as_before(world: World, order: Order) -> None:
    _dispute(world, order, is_lost=False)

    assert _owed() == 126
    assert not DisputeTax.objects.exists()


def test_an_appeal_alone_changes_nothing_and_a_later_win_brings_the_tax_again(
    world: World, order: Order
) -> None:
    dispute = _dispute(world, order, is_lost=True)

    _move(dispute, "lost", "appeal_under_review")
    assert _owed() == 0

    _move(dispute, "won", "won")
    assert _owed() == 126
    assert ledger.check().is_same

    _move(dispute, "lost")
    assert _owed() == 0
    assert list(DisputeTax.objects.order_by("number").values_list("amount_minor", flat=True)) == [
        126,
        -126,
        126,
    ]


def test_a_part_given_back_before_and_the_rest_lost_leave_nothing(world: World, order: Order) -> None:
    """A third of the sum, whose tax is rounded, and then the rest."""
    part = give_back(order, 263)
    _dispute(world, order, is_lost=True)

    assert (part.tax_minor, DisputeTax.objects.get().amount_minor) == (42, 84)
    assert _owed() == 0


def test_a_part_that_comes_back_later_is_taxed_alone(world: World, order: Order) -> None:
    part = give_back(order, 263)
    _dispute(world, order, is_lost=True)
    world.fail_refund(str(part.refund_id))
    refunds.look(part, at=timezone.now())

    assert _owed() == 42
    assert ledger.check().is_same


@pytest.mark.parametrize("cents", [263, 790])
def test_a_part_that_never_went_is_lost_with_the_rest(world: World, order: Order, cents: int) -> None:
    """It was set aside when the bank took the whole, so that its tax was left to it."""
    part = refunds.write(order, wish(cents, after_minor=0), at=timezone.now())
    _dispute(world, order, is_lost=True)
    for _ in range(2):
        refund_outcomes.refuse(part, because="charge_disputed", at=timezone.now())

    assert _owed() == 0
    assert sum(DisputeTax.objects.values_list("amount_minor", flat=True)) == 126
    assert ledger.check().is_same


def test_a_loss_in_another_currency_takes_no_tax(world: World, order: Order) -> None:
    """Banks may dispute in their own: whose sum is no part of what was paid."""
    told = stripe_disputes.retrieve(world.dispute(order.payments.get().charge_id)["id"])

    dispute_outcomes.hear(replace(told, state="lost", currency="eur"), at=timezone.now())

    assert _owed() == 126
