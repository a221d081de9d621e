"""A month's money, by currency and the country where it was taxed, added up from the ledger's entries."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, StrIndex, Substr
from django.utils import timezone

from billing.models import BalanceTransaction, DisputeTax, LedgerEntry, Order, Refund
from videos import money

Account = LedgerEntry.Account

SUMS: Final = ("sales", "discounts", "refunds", "disputes", "fees", "tax", "net")


class BadMonth(ValueError):
    """It is no month: it is written as 2026-11."""


@dataclass(frozen=True)
class Row:
    """One currency and one country ("" where none is known) in minor units.

    Sales are what was sold before discounts, without the tax that is owed of it. Discounts, refunds, disputes
    and fees are what went, without the tax that is not owed of it any more; `net` is what sales leave after
    them, tax apart.
    """

    currency: str
    country: str
    sales: int
    discounts: int
    refunds: int
    disputes: int
    fees: int
    tax: int

    @property
    def net(self) -> int:
        return self.sales - self.discounts - self.refunds - self.disputes - self.fees


def of(month: str, *, currency: str = "") -> list[Row]:
    """This will add up a month ("2026-11", in the shop's time zone) in one query, of one currency or of all.

    A movement of Stripe's balance counts in the currency in which it settled.
    :raises BadMonth: see there.
    """
    since, until = _bounds(month)
    entries = LedgerEntry.objects.filter(booked_at__gte=since, booked_at__lt=until, account__in=_COLUMNS)
    if currency:
        entries = entries.filter(currency=currency)
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for code, country, account, total in _by_country(entries):
        sums[code, country][account] = total
    return [_row(*key, sums[key]) for key in sorted(sums)]


def table(month: str, rows: list[Row]) -> Iterator[list[str]]:
    """This will write the rows for a spreadsheet: each sum in minor units, then as people write it."""
    yield ["month", "currency", "country", *(f"{name}{end}" for name in SUMS for end in ("_minor", ""))]
    for row in rows:
        amounts = [getattr(row, name) for name in SUMS]
        written = ([str(each), money.format_amount(each, row.currency)] for each in amounts)
        yield [month, row.currency, row.country, *(cell for cells in written for cell in cells)]


# What each column is in the ledger, where money that came is below zero.
_COLUMNS: Final = {
    Account.SALES: "sales",
    Account.DISCOUNTS: "discounts",
    Account.REFUNDS: "refunds",
    Account.DISPUTES: "disputes",
    Account.STRIPE_FEES: "fees",
    Account.TAX: "tax",
}
_CAME: Final = {"sales", "tax"}


def _row(currency: str, country: str, sums: dict[str, int]) -> Row:
    found = {column: sums.get(account, 0) for account, column in _COLUMNS.items()}
    signed = {column: -total if column in _CAME else total for column, total in found.items()}
    return Row(currency, country, **signed)


def _by_country(entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry, tuple[str, str, str, int]]:
    """A set's cause names its record, and that leads to the order."""
    named = OuterRef("named")
    orders = Order.objects.filter(reference=named).values("tax_country")[:1]
    refunds = Refund.objects.filter(refund_id=named).values("order__tax_country")[:1]
    verdicts = DisputeTax.objects.filter(key=named).values("dispute__order__tax_country")[:1]
    intent = BalanceTransaction.objects.filter(transaction_id=OuterRef(OuterRef("named"))).exclude(
        intent_id=""
    )
    moved = Order.objects.filter(intent_id__in=intent.values("intent_id")).values("tax_country")[:1]
    by_record = (Subquery(each) for each in (orders, refunds, verdicts, moved))
    return (
        entries.annotate(named=Substr("cause", StrIndex("cause", Value(":")) + 1))
        .annotate(country=Coalesce(*by_record, Value("")))
        .values_list("currency", F("country"), "account")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency", "country", "account")
    )


def _bounds(month: str) -> tuple[datetime, datetime]:
    try:
        first = date.fromisoformat(f"{month}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError as error:
        raise BadMonth from error
    zone = timezone.get_default_timezone()
    since, until = (datetime(day.year, day.month, 1, tzinfo=zone) for day in (first, after))
    return since, until
