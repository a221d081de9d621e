"""Disputes, to be read and answered: once, by who may, with who, when and why on record."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import tasks as mail
from accounts.admin.lists import ReadOnlyAdmin
from accounts.jobs import enqueue
from billing.admin import searching
from billing.admin.dispute_forms import AcceptForm, EvidenceForm
from billing.disputing import answers
from billing.models import Dispute, DisputeAnswer


class WaitingFilter(SimpleListFilter):
    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("waiting", _("The bank waits for one"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        return queryset.filter(state__in=Dispute.ANSWERABLE) if self.value() == "waiting" else queryset


class AnswerInline(admin.StackedInline[DisputeAnswer, Dispute]):
    """What was told the bank, as it was sent."""

    model = DisputeAnswer
    extra = 0
    fields = ("kind", "state", "asked_by", "asked_at", "note", "sent", "answered_at", "refused_because")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[DisputeAnswer]:
        return super().get_queryset(request).select_related("asked_by").order_by("number")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever sees the dispute

    @admin.display(description=_("evidence"))
    def sent(self, answer: DisputeAnswer) -> str:
        return "\n\n".join(answer.evidence.values()) or "-"


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
    inlines = (AnswerInline,)
    actions = ("send_evidence", "accept")

    def find(self, term: str) -> Q:
        its_own = {"du_": "dispute_id", "dp_": "dispute_id", "ch_": "charge_id", "py_": "charge_id"}
        return searching.by_id_of_stripe(term, its_own) or Q(order_id__in=searching.orders(term))

    def has_view_permission(self, request: HttpRequest, obj: Dispute | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_answer_permission(request)

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.submit_evidence")

    @admin.action(description=_("Send evidence…"), permissions=["answer"])
    def send_evidence(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> HttpResponse | None:
        return self._answer(request, queryset, EvidenceForm, action="send_evidence")

    @admin.action(description=_("Accept the dispute…"), permissions=["answer"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> HttpResponse | None:
        return self._answer(request, queryset, AcceptForm, action="accept")

    def _answer(
        self, request: HttpRequest, queryset: QuerySet[Dispute], kind: type[AcceptForm], *, action: str
    ) -> HttpResponse | None:
        dispute = queryset.select_related("order").first()
        is_one = dispute is not None and queryset.count() == 1
        if dispute is None or not is_one or not answers.is_possible(dispute, kind.kind, at=timezone.now()):
            told = gettext("Choose one dispute that waits for such an answer, and has none yet.")
            self.message_user(request, told, messages.WARNING)
            return None
        form = kind(request.POST if "note" in request.POST else None, dispute=dispute)
        if form.is_valid():
            self._send(request, form)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Send evidence") if action == "send_evidence" else gettext("Accept the dispute"),
            "opts": self.opts,
            "form": form,
            "dispute": dispute,
            "deadline": self.deadline(dispute),
            "action": action,
        }
        return TemplateResponse(request, "admin/billing/dispute/answer.html", context)

    def _send(self, request: HttpRequest, form: AcceptForm) -> None:
        try:
            answer = form.send(asked_by_id=request.user.pk or 0)
        except answers.NotAnswerable:
            told = gettext("The bank waits for no answer any more. Nothing was sent; look once more.")
            self.message_user(request, told, messages.ERROR)
            return
        facts = {"kind": answer.get_kind_display(), "state": answer.get_state_display(), "why": answer.note}
        self.log_change(request, answer.dispute, gettext("%(kind)s: %(why)s") % facts)
        level = messages.SUCCESS if answer.is_live else messages.ERROR
        self.message_user(request, gettext("%(kind)s: %(state)s") % facts, level)
        enqueue(mail.send_mail)

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
