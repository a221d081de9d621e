"""What the database itself keeps of the books, tried past all of our code; on SQLite too (`tests/sqlite`)."""

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from billing.books import entries
from billing.books.entries import Line, Posting
from billing.models import BalanceTransaction, LedgerEntry
from tests.saboteurs.rows import saved

pytestmark = pytest.mark.django_db(transaction=True)


def posting(cause: str = "sale:1", *lines: Line) -> Posting:
    usual = (Line("due_from_stripe", "usd", 790), Line("sales", "usd", -790))
    return Posting(cause, timezone.now(), lines or usual)


def books() -> list[Any]:
    return list(LedgerEntry.objects.order_by("id").values_list())


@pytest.mark.parametrize("model", [LedgerEntry, BalanceTransaction])
@pytest.mark.parametrize("act", ["change", "delete"])
def test_what_is_booked_stays_as_it_is(model: type[models.Model], act: str) -> None:
    entries.post([posting()])
    saved(BalanceTransaction)
    rows = model._default_manager.order_by("pk")
    before = list(rows.values())
    changes = {"currency": "krw"}

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(**changes) if act == "change" else rows.delete()

    assert list(rows.values()) == before != []


@pytest.mark.parametrize(
    "lines",
    [
        [Line("sales", "usd", -790)],
        [Line("due_from_stripe", "usd", 790), Line("sales", "usd", -789)],
        [Line("due_from_stripe", "usd", 790), Line("sales", "krw", -790)],
        [Line("due_from_stripe", "usd", 790), Line("sales", "usd", -790), Line("tax", "eur", 1)],
    ],
    ids=["one side", "unequal", "two currencies", "a third one"],
)
def test_a_set_that_does_not_balance_is_not_committed(lines: list[Line]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        entries.post([posting("sale:1", *lines)])

    assert books() == []


def test_nothing_is_added_to_a_set_that_is_booked() -> None:
    entries.post([posting()])
    before = books()

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            cause="sale:1", line=3, account="sales", currency="usd", amount_minor=1, booked_at=timezone.now()
        )

    assert books() == before


def test_one_cause_is_booked_once() -> None:
    first = entries.post([posting()])
    before = books()

    again = entries.post([posting(), posting()])

    assert (first, again) == (2, 0)
    assert books() == before


def test_a_set_may_be_written_line_by_line_in_one_transaction() -> None:
    whole = posting("balance:1", Line("exchange", "krw", 9900), Line("due_from_stripe", "krw", -9900))

    with transaction.atomic():
        for row in whole.rows():
            LedgerEntry.objects.post([row])

    assert len(books()) == 2


def test_a_hundred_sets_are_one_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        lines = entries.post(posting(f"sale:{number}") for number in range(100))

    assert lines == 200
