"""A month's money: what the ledger says, to the unit, in one query, and for who may see it."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from billing.books import entries, money_report
from billing.books.entries import Line, Posting
from billing.models import BalanceTransaction, LedgerEntry, Order, Refund
from tests import office
from tests.saboteurs.rows import fresh
from tests.statements import counted

pytestmark = pytest.mark.django_db

REPORT = "/admin/billing/ledgerentry/money-report/"
NOVEMBER = datetime(2026, 11, 15, tzinfo=UTC)


def _sale(country: str, *, at: datetime = NOVEMBER, **given: Any) -> Order:
    """A paid order that was taxed in this country, booked."""
    order: Order = fresh(Order)
    facts = {"state": "paid", "paid_at": at, "intent_id": f"pi_{order.reference}", "tax_country": country}
    for name, value in (facts | given).items():
        setattr(order, name, value)
    order.save()
    entries.post([entries.of_sale(order)])
    return order


def _book(cause: str, *lines: Line, at: datetime = NOVEMBER) -> None:
    entries.post([Posting(cause, at, lines)])


def _told(**options: Any) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("money_report", month="2026-11", stdout=out, **options)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_each_currency_and_country_is_a_line_that_adds_up() -> None:
    _sale("DE", tax_minor=126, tax_basis_points=1900)
    _sale("DE", tax_minor=126, tax_basis_points=1900)
    _sale("US")
    order = _sale("", total_minor=9900, currency="krw")
    _book("balance:txn_1", Line("stripe_fees", "usd", 53), Line("stripe_balance", "usd", -53))
    _book("balance:txn_2", Line("disputes", "usd", 790), Line("stripe_balance", "usd", -790))

    told = {(row["currency"], row["country"]): row for row in _told()}

    assert set(told) == {("usd", "DE"), ("usd", "US"), ("usd", ""), ("krw", "")}
    german = told["usd", "DE"]
    assert (german["sales_minor"], german["tax_minor"], german["net_minor"]) == ("1328", "252", "1328")
    assert german["sales"] == "$13.28"
    assert (told["usd", ""]["fees_minor"], told["usd", ""]["disputes_minor"]) == ("53", "790")
    assert (told["usd", ""]["net_minor"], told["usd", ""]["net"]) == ("-843", "-$8.43")
    assert told["krw", ""]["sales"] == "₩9,900"
    assert order.currency == "krw"
    assert [row["currency"] for row in _told(currency="krw")] == ["krw"]


def test_what_goes_back_and_what_stripe_takes_counts_where_the_order_was_taxed() -> None:
    order = _sale("DE", tax_minor=126, tax_basis_points=1900)
    refund, moved = fresh(Refund), fresh(BalanceTransaction)
    refund.order, refund.amount_minor, refund.tax_minor = order, 300, 48
    refund.state, refund.refund_id, refund.asked_at = "pending", "re_1", NOVEMBER
    moved.intent_id, moved.created_at = order.intent_id, NOVEMBER
    refund.save()
    moved.save()
    entries.post([*entries.of_refund(refund), entries.of_balance(moved)])

    row, *others = money_report.of("2026-11")

    assert others == []
    assert (row.country, row.sales, row.refunds, row.fees) == ("DE", 664, 252, 53)
    assert (row.tax, row.net) == (78, 664 - 252 - 53)


@pytest.mark.parametrize(
    ("at", "is_in"),
    [
        (datetime(2026, 10, 31, 14, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 31, 15, tzinfo=UTC), True),
        (datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 30, 15, tzinfo=UTC), False),
    ],
)
def test_a_month_begins_and_ends_in_the_shop_s_time_zone(in_seoul: None, at: datetime, is_in: bool) -> None:
    _sale("US", at=at)

    assert bool(money_report.of("2026-11")) is is_in


def test_the_sums_are_the_ledger_s_in_one_query() -> None:
    few = _count()
    for country in ("DE", "US", "FR", "", "KR") * 4:
        _sale(country)

    assert _count() == few == 1
    booked = -sum(LedgerEntry.objects.filter(account="sales").values_list("amount_minor", flat=True))
    assert sum(row.sales for row in money_report.of("2026-11")) == booked
    assert money_report.of("2026-12") == []


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "november", "2026-11-01", "0000-01", "9999-12"])
def test_what_is_no_month_is_refused(cho: User, month: str) -> None:
    with pytest.raises(CommandError, match="is no month"):
        call_command("money_report", month=month)

    assert office.signed_in(cho).get(REPORT, {"month": month}).status_code == 404


def test_the_office_downloads_it_and_only_with_the_right(bo: User) -> None:
    _sale("DE")
    refused = office.signed_in(bo, "billing.view_ledgerentry")
    assert refused.get(REPORT, {"month": "2026-11"}).status_code == 403
    assert "report-month" not in office.text(refused.get("/admin/billing/ledgerentry/totals/"))

    browser = office.signed_in(bo, "billing.view_ledgerentry", "billing.view_money_report")
    answer = browser.get(REPORT, {"month": "2026-11"})

    assert answer.headers["Content-Disposition"] == 'attachment; filename="money-2026-11.csv"'
    assert list(csv.DictReader(io.StringIO(answer.content.decode()))) == _told()
    assert "report-month" in office.text(browser.get("/admin/billing/ledgerentry/totals/"))


@pytest.fixture
def in_seoul(settings: Settings) -> Iterator[None]:
    settings.TIME_ZONE = "Asia/Seoul"
    yield


def _count() -> int:
    with counted() as sql:
        money_report.of("2026-11")
    return len(sql)
