"""The books in the office: read by everybody who may, found by what a colleague has at hand, added up."""

import secrets

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from billing.books import balance, entries
from billing.books.entries import Line, Posting
from billing.models import BalanceTransaction, LedgerEntry, Order
from tests import factories, office
from tests.attacks import Visitor
from tests.moments import later
from tests.saboteurs.rows import saved
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

TOTALS = "/admin/billing/ledgerentry/totals/"


def _fill(count: int) -> None:
    for _ in range(count):
        lines = (Line("due_from_stripe", "krw", 9900), Line("sales", "krw", -9900))
        entries.post([Posting(f"sale:{secrets.token_hex(16)}", timezone.now(), lines)])
        saved(BalanceTransaction)


@pytest.fixture
def order(world: World) -> Order:
    """A sale in won that settled in dollars."""
    factories.film_on_sale("noon")
    world.configure(settlement_currency="usd")
    visitor = Visitor(world)
    made = visitor.pay(visitor.quote("noon", currency="krw")).json()
    balance.fetch(at=later(0))
    return Order.objects.get(reference=made["order"])


@pytest.mark.parametrize("model", [LedgerEntry, BalanceTransaction])
def test_a_list_costs_the_same_however_long_it_is(cho: User, model: type[Model]) -> None:
    browser = office.signed_in(cho)
    _fill(5)
    short = office.statements(browser, office.page(model))
    _fill(50)

    long = office.statements(browser, office.page(model))

    assert len(long) == len(short) <= 3
    assert not any("COUNT(" in sql for sql in long)


def test_the_totals_cost_the_same_however_many_there_are(cho: User) -> None:
    browser = office.signed_in(cho)
    short = office.statements(browser, TOTALS)
    _fill(20)

    assert len(office.statements(browser, TOTALS)) == len(short) <= 3


def test_the_totals_tell_what_each_account_holds(cho: User, order: Order) -> None:
    body = office.text(office.signed_in(cho).get(TOTALS))

    cells = " ".join(body.split())
    assert "Sales</a> </th> <td>₩0</td> <td>₩9,900</td> <td>-₩9,900</td>" in cells
    assert "Stripe balance</a> </th> <td>$6.72</td> <td>$0.00</td> <td>$6.72</td>" in cells
    assert "?account__exact=sales&amp;currency=krw" in cells


def test_a_korean_colleague_reads_korean(cho: User, order: Order) -> None:
    browser = office.signed_in(cho)

    body = office.text(browser.get(f"/ko{TOTALS}"))

    assert "차변" in body
    assert "Stripe에서 받을 돈" in body


def test_entries_are_found_by_what_is_at_hand(cho: User, order: Order) -> None:
    _fill(3)
    browser = office.signed_in(cho)
    moved = BalanceTransaction.objects.get(intent_id=order.intent_id)

    def shown(**query: str) -> set[str]:
        body = office.text(browser.get(office.page(LedgerEntry), query))
        return {cause for cause in LedgerEntry.objects.values_list("cause", flat=True) if cause in body}

    both = {f"sale:{order.reference}", f"balance:{moved}"}
    assert shown(q=order.reference) == shown(q=order.reference[:8]) == shown(q=str(order.intent_id)) == both
    assert shown(q=str(moved)) == {f"balance:{moved}"}
    assert shown(q=f"sale:{order.reference}") == {f"sale:{order.reference}"}
    assert shown(currency="usd", account__exact="stripe_fees") == {f"balance:{moved}"}
    assert shown(q="re_unknown") == set()


def test_movements_are_found_by_what_moved_them(cho: User, order: Order) -> None:
    _fill(3)
    moved = BalanceTransaction.objects.get(intent_id=order.intent_id)

    for term in (moved.transaction_id, moved.intent_id, moved.source_id):
        body = office.text(office.signed_in(cho).get(office.page(BalanceTransaction), {"q": term}))
        assert "1 shown" in body
        assert "$7.23" in body


@pytest.mark.parametrize("model", [LedgerEntry, BalanceTransaction])
@pytest.mark.parametrize("what", ["add", "change", "delete"])
def test_the_books_can_only_be_read(cho: User, model: type[Model], what: str) -> None:
    _fill(1)
    row = model._default_manager.order_by("pk")[0]

    refused = office.signed_in(cho).post(
        office.page(model, what, *([] if what == "add" else [row.pk])), {"post": "yes", "amount_minor": 1}
    )

    assert refused.status_code == 403


def test_staff_without_rights_see_nothing(bo: User) -> None:
    browser = office.signed_in(bo)

    assert browser.get(TOTALS).status_code == 403
    assert browser.get(office.page(LedgerEntry)).status_code == 403
    assert office.signed_in(bo, "billing.view_ledgerentry").get(TOTALS).status_code == 200
