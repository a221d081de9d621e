"""Early fraud warnings, to be read, and the refund that they suggest: the order's own form."""

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin, may
from billing.admin import searching
from billing.admin.refunds import RefundForm
from billing.models import FraudWarning, Order


@admin.register(FraudWarning)
class FraudWarningAdmin(ReadOnlyAdmin[FraudWarning]):
    list_display = ("warning_id", "warned_at", "fraud_type", "total", "given_back", "is_actionable", "which")
    list_select_related = ("order",)
    list_filter = ("is_actionable",)
    search_help_text = _(
        "An order's reference or its beginning, an e-mail address, or Stripe's issfr_…, pi_… or ch_…."
    )
    fields = (
        *("order", "warning_id", "fraud_type", "is_actionable", "warned_at", "total", "given_back"),
        "charge_id",
    )
    actions = ("refund",)

    def find(self, term: str) -> Q:
        its_own = {"issfr_": "warning_id", "ch_": "charge_id", "py_": "charge_id"}
        return searching.by_id_of_stripe(term, its_own) or Q(order_id__in=searching.orders(term))

    def has_refund_permission(self, request: HttpRequest) -> bool:
        return may(request, "refund", Order)

    @admin.action(description=_("Refund…"), permissions=["refund"])
    def refund(self, request: HttpRequest, queryset: QuerySet[FraudWarning]) -> HttpResponse | None:
        """Show the order's form, which says already why; pressed there, it is any refund by staff."""
        warning = queryset.select_related("order").first()
        if (
            warning is None
            or queryset.count() > 1
            or not warning.is_actionable
            or not warning.order.left_minor
        ):
            told = gettext("Choose one warning where a refund still helps.")
            self.message_user(request, told, messages.WARNING)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Give money back"),
            "opts": Order._meta,
            "form": RefundForm(order=warning.order),
            "order": warning.order,
        }
        return TemplateResponse(request, "admin/billing/order/refund.html", context)

    @admin.display(description=_("order"))
    def which(self, warning: FraudWarning) -> str:
        return f"{warning.order.reference[:8]}…"

    @admin.display(description=_("total"))
    def total(self, warning: FraudWarning) -> str:
        return warning.order.total_text

    @admin.display(description=_("sum given back"))
    def given_back(self, warning: FraudWarning) -> str:
        return warning.order.refunded_text
