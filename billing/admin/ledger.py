"""The books, to be read: entries, what they add up to, and Stripe's movements behind them."""

import csv
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from billing.books import ledger, money_report
from billing.books.ledger import Total
from billing.models import BalanceTransaction, LedgerEntry, Order
from videos import money


class CurrencyFilter(SimpleListFilter):
    """The currencies are ours to name: looking which ones there are would read the whole table."""

    title = _("currency")
    parameter_name = "currency"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [(code, code.upper()) for code in money.CURRENCIES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(currency=self.value()) if self.value() in money.CURRENCIES else queryset


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin[LedgerEntry]):
    list_display = ("cause", "booked_at", "account", "debit", "credit")
    list_filter = ("account", CurrencyFilter)
    search_help_text = _("An order's reference or its beginning, or Stripe's pi_…, re_… or txn_….")
    fields = ("cause", "line", "account", "debit", "credit", "booked_at")

    def find(self, term: str) -> Q:
        if ":" in term:
            return Q(cause=term)
        if term.startswith("txn_"):
            return Q(cause=f"balance:{term}")
        if term.startswith("re_"):
            return Q(cause__in=[f"refund:{term}", f"refund_failed:{term}"])
        named = Q(intent_id=term) if term.startswith("pi_") else Q(reference__startswith=term.lower())
        orders = Order.objects.filter(named)[:2]
        return Q(cause__in=[cause for order in orders for cause in ledger.causes_of(order)])

    def get_urls(self) -> list[URLPattern]:
        totals = path("totals/", self.admin_site.admin_view(self.totals), name="billing_ledgerentry_totals")
        report = path(
            "money-report/", self.admin_site.admin_view(self.money_report), name="billing_ledgerentry_report"
        )
        return [totals, report, *super().get_urls()]

    def money_report(self, request: HttpRequest) -> HttpResponse:
        """A month's money as CSV, for `?month=2026-11`."""
        if not request.user.has_perm("billing.view_money_report"):
            raise PermissionDenied
        month = request.GET.get("month", "")
        try:
            rows = money_report.of(month)
        except money_report.BadMonth:
            raise Http404 from None
        headers = {"Content-Disposition": f'attachment; filename="money-{month}.csv"'}
        answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
        csv.writer(answer).writerows(money_report.table(month, rows))
        return answer

    def totals(self, request: HttpRequest) -> HttpResponse:
        """What each account holds, by currency."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = {"title": _("Totals"), "opts": self.opts, "totals": map(_shown, ledger.totals())}
        shown["month"] = f"{timezone.localtime():%Y-%m}"
        return render(
            request, "admin/billing/ledgerentry/totals.html", self.admin_site.each_context(request) | shown
        )

    @admin.display(description=_("debit"))
    def debit(self, entry: LedgerEntry) -> str:
        return entry.debit_text

    @admin.display(description=_("credit"))
    def credit(self, entry: LedgerEntry) -> str:
        return entry.credit_text


@admin.register(BalanceTransaction)
class BalanceTransactionAdmin(ReadOnlyAdmin[BalanceTransaction]):
    list_display = ("transaction_id", "created_at", "category", "amount", "fee", "net", "source_id")
    list_filter = (CurrencyFilter,)
    search_help_text = _("Stripe's txn_…, pi_…, or the ch_…, re_… or du_… that moved the balance.")
    fields = (
        *("transaction_id", "created_at", "type", "category", "source_id", "intent_id"),
        *("source_amount", "exchange_rate", "amount", "fee", "net"),
    )

    def find(self, term: str) -> Q:
        if term.startswith("txn_"):
            return Q(transaction_id=term)
        return Q(intent_id=term) if term.startswith("pi_") else Q(source_id=term)

    @admin.display(description=_("amount of the source"))
    def source_amount(self, moved: BalanceTransaction) -> str:
        return money.format_amount(moved.source_amount_minor, moved.source_currency)

    @admin.display(description=_("amount"))
    def amount(self, moved: BalanceTransaction) -> str:
        return moved.amount_text

    @admin.display(description=_("fee"))
    def fee(self, moved: BalanceTransaction) -> str:
        return moved.fee_text

    @admin.display(description=_("net"))
    def net(self, moved: BalanceTransaction) -> str:
        return moved.net_text


def _shown(total: Total) -> dict[str, object]:
    return {
        "account": LedgerEntry.Account(total.account).label,
        "name": total.account,
        "currency": total.currency,
        "debits": money.format_amount(total.debits, total.currency),
        "credits": money.format_amount(-total.credits, total.currency),
        "balance": money.format_amount(total.balance, total.currency),
    }
