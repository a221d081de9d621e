"""Memberships: Stripe decides when they renew, and their members when they end. The office moves them to
another price, with a reason, and reads the rest.
"""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.lists import BACK_TO, ReadOnlyAdmin, moment_text
from billing.admin import searching
from billing.admin.renewals import CardChangeInline, PlanChangeInline, UnpaidRenewalInline
from billing.joining import price_moves
from billing.models import CardOnFile, Membership, Order, PriceMove


class ReasonForm(forms.Form):
    because = forms.CharField(label=_("Why"), max_length=200, help_text=_("Stays on record with your name."))


def named(term: str) -> Q:
    """This will say which membership is meant, by the form of what was typed."""
    its_own = {"sub_": "subscription_id", "cus_": "customer_id"}
    return searching.by_id_of_stripe(term, its_own) or Q(order_id__in=searching.order(term))


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin[Membership]):
    list_display = (
        "member",
        "state",
        "current_price",
        "paid_until",
        "cancels_at_period_end",
        "ended_at",
        "subscription_id",
    )
    actions = ("move",)
    list_filter = ("state", "cancels_at_period_end")
    list_select_related = ("order", "order__price", "price")
    search_help_text = _("An e-mail address, an order's reference, or Stripe's sub_… or cus_….")
    fields = (
        *("order", "state", "current_price", "paid_until", "cancels_at_period_end", "ended_at"),
        *("end_wanted_at", "card"),
        *("subscription_id", "customer_id", "look_after"),
    )
    inlines = (CardChangeInline, PlanChangeInline, UnpaidRenewalInline)

    def find(self, term: str) -> Q:
        return named(term)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        paid = Q(periods__order__state=Order.State.PAID)
        return super().get_queryset(request).annotate(until=Max("periods__ends_at", filter=paid))

    def has_move_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.move_membership"))

    @admin.action(description=_("Move to the offer's price of now…"), permissions=["move"])
    def move(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse | None:
        form = ReasonForm(request.POST if "because" in request.POST else None)
        memberships = queryset.select_related("order__price", "price")
        if form.is_valid():
            self._move(request, memberships, because=form.cleaned_data["because"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Move members to the price of now"),
            "opts": self.opts,
            "form": form,
            "prospects": price_moves.prospects(memberships),
            "days": settings.MEMBERSHIP_PRICE_NOTICE_DAYS,
            "back_to": request.POST.get(BACK_TO, ""),
        }
        return TemplateResponse(request, "admin/billing/membership/move.html", context)

    @transaction.atomic
    def _move(self, request: HttpRequest, memberships: QuerySet[Membership], *, because: str) -> None:
        moved = price_moves.move(
            memberships, reason=because, asked_by=request.user.pk or 0, at=timezone.now()
        )
        for each in moved:
            told = _now("Moved to %(price)s: %(why)s") % {"price": each.to_price, "why": because}
            self.log_change(request, each.membership, told)
        told = ngettext("%d member is moved and mailed.", "%d members are moved and mailed.", len(moved))
        self.message_user(request, told % len(moved), messages.SUCCESS if moved else messages.WARNING)

    @admin.display(description=_("price"))
    def current_price(self, membership: Membership) -> str:
        return str(membership.current_price)

    @admin.display(description=_("member"))
    def member(self, membership: Membership) -> str:
        return f"{membership.order.email} · {membership.order.reference[:8]}…"

    @admin.display(description=_("card on file"))
    def card(self, membership: Membership) -> str:
        card: CardOnFile | None = getattr(membership, "card", None)
        return f"{card}, {card.expiry}" if card else ""

    @admin.display(description=_("paid until"))
    def paid_until(self, membership: Membership) -> str:
        return moment_text(vars(membership)["until"])


@admin.register(PriceMove)
class PriceMoveAdmin(ReadOnlyAdmin[PriceMove]):
    list_display = ("member", "from_price", "to_price", "asked_at", "not_before", "applied_at", "dropped_at")
    list_select_related = ("membership__order", "from_price", "to_price")
    search_help_text = _("An e-mail address, an order's reference, or Stripe's sub_… or cus_….")
    fields = (
        *("membership", "from_price", "to_price", "reason", "asked_by", "asked_at", "not_before"),
        *("applied_at", "dropped_at"),
    )

    def find(self, term: str) -> Q:
        return Q(membership_id__in=Membership.objects.filter(named(term)).values("id"))

    @admin.display(description=_("member"))
    def member(self, move: PriceMove) -> str:
        return f"{move.membership.order.email} · {move.membership.order.reference[:8]}…"
