"""Orders and payments, to be read. Money moves by the shop's own verbs, never by a form here."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from accounts.models import normalize_email
from billing import order_history
from billing.models import Order, Payment
from videos import money


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin[Order]):
    list_display = ("short_reference", "created_at", "state", "total", "email", "offer", "paid_at")
    list_select_related = ("offer__video", "offer__collection")
    list_filter = ("state",)
    search_help_text = _("A reference or its beginning, a whole e-mail address, or Stripe's pi_….")
    fields = (
        *("reference", "state", "total", "offer", "email", "user"),
        *("created_at", "paid_at", "intent_id", "language", "time_zone"),
    )

    def find(self, term: str) -> Q:
        if "@" in term:
            return Q(email=normalize_email(term))
        return Q(intent_id=term) if term.startswith("pi_") else Q(reference__startswith=term.lower())

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Order | None = None,
        **kwargs: Any,
    ) -> Any:
        moments = order_history.tell(obj) if obj else []
        history = [(moment, _address(moment.row)) for moment in moments]
        return super().render_change_form(request, context | {"history": history}, *args, obj=obj, **kwargs)

    @admin.display(description=_("reference"))
    def short_reference(self, order: Order) -> str:
        return f"{order.reference[:8]}…"

    @admin.display(description=_("total"))
    def total(self, order: Order) -> str:
        return order.total_text


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin[Payment]):
    list_display = ("attempt", "sent_at", "state", "amount", "decline_code", "decided_at", "intent_id")
    list_select_related = ("order",)
    list_filter = ("state",)
    search_help_text = _(
        "An order's reference or its beginning, an e-mail address, or Stripe's pi_… or ch_…."
    )
    fields = (
        *("order", "number", "state", "amount", "decline_code", "sent_at", "decided_at"),
        *("under_way_until", "looked_at", "look_after", "confirmation_token", "intent_id", "charge_id"),
    )

    def find(self, term: str) -> Q:
        if "@" in term:
            return Q(order_id__in=Order.objects.filter(email=normalize_email(term)).values("id"))
        if term.startswith("pi_"):
            return Q(order_id__in=Order.objects.filter(intent_id=term).values("id"))
        if term.startswith(("ch_", "py_")):
            return Q(charge_id=term)
        return Q(idempotency_key__startswith=term.lower())

    @admin.display(description=_("order and attempt"))
    def attempt(self, payment: Payment) -> str:
        return f"{payment.order.reference[:8]}… {payment.number}"

    @admin.display(description=_("amount"))
    def amount(self, payment: Payment) -> str:
        return money.format_amount(payment.amount_minor, payment.currency)


def _address(row: Model | None) -> str:
    if row is None:
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
