"""Memberships, to be read: Stripe decides when they renew, and their members when they end."""

from datetime import datetime

from django.contrib import admin
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from accounts.models import normalize_email
from billing.models import Membership, Order


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin[Membership]):
    list_display = ("member", "state", "paid_until", "cancels_at_period_end", "ended_at", "subscription_id")
    list_filter = ("state", "cancels_at_period_end")
    list_select_related = ("order",)
    search_help_text = _("An e-mail address, an order's reference, or Stripe's sub_… or cus_….")
    fields = (
        *("order", "state", "paid_until", "cancels_at_period_end", "ended_at", "end_wanted_at"),
        *("subscription_id", "customer_id", "look_after"),
    )

    def find(self, term: str) -> Q:
        if "@" in term:
            return Q(order_id__in=Order.objects.filter(email=normalize_email(term)).values("id"))
        if term.startswith("sub_"):
            return Q(subscription_id=term)
        if term.startswith("cus_"):
            return Q(customer_id=term)
        return Q(order_id__in=Order.objects.filter(reference=term.lower()).values("id"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        paid = Q(periods__order__state=Order.State.PAID)
        return super().get_queryset(request).annotate(until=Max("periods__ends_at", filter=paid))

    @admin.display(description=_("member"))
    def member(self, membership: Membership) -> str:
        return f"{membership.order.email} · {membership.order.reference[:8]}…"

    @admin.display(description=_("paid until"))
    def paid_until(self, membership: Membership) -> datetime | None:
        until: datetime | None = vars(membership)["until"]
        return until
