"""Days for nothing and changes of plan, those of long ago too: to be read by who answers a member."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin, moment_text
from billing.admin import searching
from billing.models import Membership, MembershipPeriod, Order, PlanChange, Trial

_UNDER_WAY = Q(closed_at=None)
_PAID = Q(order__state=Order.State.PAID)
_OUTCOMES: dict[str, tuple[Promise, Q]] = {
    "under_way": (_("Under way"), _UNDER_WAY),
    "paid": (_("Paid and changed"), _PAID & ~_UNDER_WAY),
    "unchanged": (_("Nothing changed"), ~_PAID & ~_UNDER_WAY),
}
_IS_OVER = Q(order__membership__state=Membership.State.ENDED)
_HAS_PAID = Q(has_paid=True)
_STANDINGS: dict[str, tuple[Promise, Q]] = {
    "free": (_("In its free days"), ~_HAS_PAID & ~_IS_OVER),
    "paid": (_("Went on and paid"), _HAS_PAID),
    "left": (_("Ended without paying"), ~_HAS_PAID & _IS_OVER),
}


class OutcomeFilter(SimpleListFilter):
    title = _("outcome")
    parameter_name = "outcome"
    choices_by_name = _OUTCOMES

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _rows) in self.choices_by_name.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.choices_by_name.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class StandingFilter(OutcomeFilter):
    choices_by_name = _STANDINGS


@admin.register(PlanChange)
class PlanChangeAdmin(ReadOnlyAdmin[PlanChange]):
    list_display = ("member", "plan", "due", "asked_at", "outcome", "closed_at")
    list_filter = (OutcomeFilter,)
    list_select_related = ("order__offer__collection", "order__price", "membership__order")
    search_help_text = _("An e-mail address, or the reference of the change's or the membership's order.")
    fields = (
        "membership",
        "order",
        "plan",
        "due",
        "credit",
        "prorated_at",
        "asked_at",
        "outcome",
        "closed_at",
    )

    def find(self, term: str) -> Q:
        orders = searching.order(term)
        return Q(order_id__in=orders) | Q(
            membership_id__in=Membership.objects.filter(order_id__in=orders).values("id")
        )

    @admin.display(description=_("member"))
    def member(self, change: PlanChange) -> str:
        return f"{change.membership.order.email} · {change.membership.order.reference[:8]}…"

    @admin.display(description=_("to which plan"))
    def plan(self, change: PlanChange) -> str:
        return f"{change.order.offer}, {change.order.price}"

    @admin.display(description=_("due at once"))
    def due(self, change: PlanChange) -> str:
        return change.order.total_text

    @admin.display(description=_("taken off for days already paid"))
    def credit(self, change: PlanChange) -> str:
        return change.order.credit_text

    @admin.display(description=_("outcome"))
    def outcome(self, change: PlanChange) -> Promise:
        if change.closed_at is None:
            return _OUTCOMES["under_way"][0]
        return _OUTCOMES["paid" if change.order.is_paid else "unchanged"][0]


@admin.register(Trial)
class TrialAdmin(ReadOnlyAdmin[Trial]):
    list_display = ("member", "collection", "days", "began_at", "ends_at", "outcome")
    list_filter = (StandingFilter,)
    list_select_related = ("order__membership", "order__period", "collection")
    search_help_text = _("An e-mail address, or the reference of the membership's first order.")
    fields = ("order", "user", "collection", "days", "began_at", "ends_at", "outcome", "card_fingerprint")

    def find(self, term: str) -> Q:
        return Q(order_id__in=searching.order(term))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trial]:
        paid = MembershipPeriod.objects.filter(
            membership__order=OuterRef("order"), order__state=Order.State.PAID, order__total_minor__gt=0
        )
        return super().get_queryset(request).annotate(has_paid=Exists(paid))

    @admin.display(description=_("member"))
    def member(self, trial: Trial) -> str:
        return f"{trial.order.email} · {trial.order.reference[:8]}…"

    @admin.display(description=_("free days"))
    def days(self, trial: Trial) -> int:
        return trial.order.trial_days

    @admin.display(description=_("began"))
    def began_at(self, trial: Trial) -> str:
        return moment_text(trial.order.paid_at)

    @admin.display(description=_("free until"))
    def ends_at(self, trial: Trial) -> str:
        period: MembershipPeriod | None = getattr(trial.order, "period", None)
        return moment_text(period.ends_at if period else None)

    @admin.display(description=_("outcome"))
    def outcome(self, trial: Trial) -> Promise:
        if vars(trial)["has_paid"]:
            return _STANDINGS["paid"][0]
        membership: Membership | None = getattr(trial.order, "membership", None)
        is_over = membership is not None and membership.state == Membership.State.ENDED
        return _STANDINGS["left" if is_over else "free"][0]
