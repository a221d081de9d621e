"""Disputes, to be read and answered."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from accounts.models import normalize_email
from billing.models import Dispute, Order


class WaitingFilter(SimpleListFilter):
    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("waiting", _("The bank waits for one"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        return queryset.filter(state__in=Dispute.ANSWERABLE) if self.value() == "waiting" else queryset


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin[Dispute]):
    list_display = ("dispute_id", "opened_at", "state", "amount", "reason", "deadline", "which")
    list_select_related = ("order",)
    list_filter = (WaitingFilter, "state")
    search_help_text = _(
        "An order's reference or its beginning, an e-mail address, or Stripe's du_…, pi_… or ch_…."
    )
    fields = (
        *("order", "dispute_id", "state", "amount", "reason", "network_reason", "deadline", "submissions"),
        *("is_charge_refundable", "opened_at", "closed_at", "look_after", "charge_id"),
    )

    def find(self, term: str) -> Q:
        if "@" in term:
            return Q(order_id__in=Order.objects.filter(email=normalize_email(term)).values("id"))
        if term.startswith(("du_", "dp_")):
            return Q(dispute_id=term)
        if term.startswith(("ch_", "py_")):
            return Q(charge_id=term)
        if term.startswith("pi_"):
            return Q(order_id__in=Order.objects.filter(intent_id=term).values("id"))
        return Q(order_id__in=Order.objects.filter(reference__startswith=term.lower()).values("id"))

    @admin.display(description=_("order"))
    def which(self, dispute: Dispute) -> str:
        return f"{dispute.order.reference[:8]}…"

    @admin.display(description=_("amount"))
    def amount(self, dispute: Dispute) -> str:
        return dispute.amount_text

    @admin.display(description=_("answer by"))
    def deadline(self, dispute: Dispute) -> str:
        """The instant, and how long that is, while the bank waits."""
        if dispute.due_by is None or dispute.state not in Dispute.ANSWERABLE:
            return "-"
        due = timezone.localtime(dispute.due_by).strftime("%Y-%m-%d %H:%M %Z")
        if dispute.due_by <= timezone.now():
            return gettext("%(due)s (over)") % {"due": due}
        return gettext("%(due)s (in %(left)s)") % {"due": due, "left": timeuntil(dispute.due_by)}
