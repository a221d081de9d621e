"""Renewals that were not paid by themselves, with what their members tried: to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from billing.admin import searching
from billing.models import CardChange, Membership, PlanChange, RenewalPayment, UnpaidRenewal


class HistoryInline(admin.TabularInline[Any, Any]):
    """What happened, to be read by who may see the row that it belongs to."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True


class RenewalPaymentInline(HistoryInline):
    model = RenewalPayment
    ordering = ("number",)
    fields = readonly_fields = ("number", "state", "is_on_file", "decline_code", "sent_at", "decided_at")


class CardChangeInline(HistoryInline):
    model = CardChange
    ordering = ("number",)
    fields = readonly_fields = ("number", "state", "decline_code", "sent_at", "decided_at", "intent_id")


class PlanChangeInline(HistoryInline):
    model = PlanChange
    ordering = ("asked_at", "id")
    fields = readonly_fields = ("order", "asked_at", "closed_at")
    show_change_link = True


class UnpaidRenewalInline(HistoryInline):
    model = UnpaidRenewal
    ordering = ("noted_at", "id")
    fields = readonly_fields = ("invoice_id", "amount", "state", "decline_code", "noted_at", "closed_at")
    show_change_link = True

    @admin.display(description=_("amount"))
    def amount(self, renewal: UnpaidRenewal) -> str:
        return renewal.amount_text


@admin.register(UnpaidRenewal)
class UnpaidRenewalAdmin(ReadOnlyAdmin[UnpaidRenewal]):
    list_display = ("member", "amount", "state", "decline_code", "noted_at", "closed_at", "link_until")
    list_filter = ("state",)
    list_select_related = ("membership__order",)
    search_help_text = _("An e-mail address, an order's reference, or Stripe's in_… or pi_….")
    fields = (
        *("membership", "amount", "state", "starts_at", "ends_at", "decline_code"),
        *("noted_at", "closed_at", "link_until", "invoice_id", "intent_id"),
    )
    inlines = (RenewalPaymentInline,)

    def find(self, term: str) -> Q:
        if term.startswith("in_"):
            return Q(invoice_id=term)
        if term.startswith("pi_"):
            return Q(intent_id=term)
        of_order = Membership.objects.filter(order__in=searching.order(term))
        return Q(membership__in=of_order.values("id"))

    @admin.display(description=_("member"))
    def member(self, renewal: UnpaidRenewal) -> str:
        order = renewal.membership.order
        return f"{order.email} · {order.reference[:8]}…"

    @admin.display(description=_("amount"))
    def amount(self, renewal: UnpaidRenewal) -> str:
        return renewal.amount_text
