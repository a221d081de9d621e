"""What Stripe told us, and the way to act on it once more."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import tasks as mail
from accounts.admin.lists import ReadOnlyAdmin, may
from accounts.jobs import enqueue
from billing.inbox import webhook_inbox
from billing.models import Order, StripeEvent

_TYPES = [
    *(
        f"payment_intent.{what}"
        for what in ("created", "requires_action", "succeeded", "payment_failed", "canceled")
    ),
    *(f"charge.{what}" for what in ("succeeded", "failed", "refunded", "updated")),
    *("refund.created", "refund.updated", "refund.failed"),
    *(
        f"charge.dispute.{what}"
        for what in ("created", "updated", "funds_withdrawn", "funds_reinstated", "closed")
    ),
    *("radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"),
]


class StateFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("waiting", _("Waiting")), ("processed", _("Processed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StripeEvent]) -> QuerySet[StripeEvent]:
        if self.value() == "waiting":
            return queryset.filter(processed_at=None)
        return queryset.exclude(processed_at=None) if self.value() == "processed" else queryset


class TypeFilter(SimpleListFilter):
    """The types are ours to name: looking which ones there are would read the whole table."""

    title = _("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [(name, name) for name in _TYPES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StripeEvent]) -> QuerySet[StripeEvent]:
        return queryset.filter(type=self.value()) if self.value() in _TYPES else queryset


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnlyAdmin[StripeEvent]):
    list_display = ("event_id", "type", "outcome", "received_at", "object_id")
    list_filter = (StateFilter, TypeFilter)
    search_help_text = _("Stripe's evt_…, pi_… or ch_…, or an order's reference.")
    fields = (
        *("event_id", "type", "object_id", "api_version", "livemode", "created_at", "received_at"),
        *("processed_at", "outcome", "attempts", "try_after", "body_sha256"),
    )
    actions = ("replay",)

    def find(self, term: str) -> Q:
        if term.startswith("evt_"):
            return Q(event_id=term)
        if "_" in term:
            return Q(object_id=term)
        return Q(object_id__in=Order.objects.filter(reference=term.lower()).values("intent_id"))

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return may(request, "change", StripeEvent)

    @admin.action(description=_("Replay"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[StripeEvent]) -> None:
        now = timezone.now()
        for event in queryset.order_by("received_at", "id"):
            is_done = webhook_inbox.replay(event, at=now)
            told = _now("Replayed %(event)s: %(outcome)s") % {"event": event, "outcome": event.outcome}
            self.log_change(request, event, told)
            self.message_user(request, told, messages.SUCCESS if is_done else messages.WARNING)
            if not is_done:  # Stripe does not answer: waiting for it once is enough
                told = _now(
                    "Stripe did not answer. What waits is tried again by itself; nothing else was replayed."
                )
                self.message_user(request, told, messages.WARNING)
                break
        enqueue(mail.send_mail)
