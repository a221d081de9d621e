"""Orders and payments, to be read, and money given back by the same verb as everywhere."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import tasks as mail
from accounts.admin.lists import ReadOnlyAdmin, may
from accounts.jobs import enqueue
from billing import order_history
from billing.admin import playing, searching
from billing.admin.refunds import RefundForm
from billing.models import Order, Payment, TaxCalculation
from billing.owning import days
from billing.receipts import mailed_links
from billing.refunding import refunds
from videos import money


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin[Order]):
    list_display = ("short_reference", "created_at", "state", "total", "email", "offer", "paid_at")
    list_select_related = ("offer__video", "offer__collection")
    list_filter = ("state",)
    search_help_text = _(
        "A reference or its beginning, a whole e-mail address, Stripe's pi_…, a card's last four digits, "
        "a day (2026-07-01); or several of these with spaces between."
    )
    fields = (
        *(
            "reference",
            "state",
            "total",
            "discount",
            "coupon",
            "given_back",
            "receipt_number",
            "papers",
            "offer",
            "email",
            "user",
        ),
        *("created_at", "paid_at", "intent_id", "language", "time_zone", "terms"),
        *("tax", "card_country", "card_last4", "stated_country"),
    )
    actions = ("refund",)

    def find(self, term: str) -> Q:
        return searching.of_buyer(term)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        if (day := days.read(search_term)) is None:
            return super().get_search_results(request, queryset, search_term)
        begun = searching.begun_on(day)
        if len(begun) > searching.OF_A_DAY_AT_MOST:
            told = gettext("These are the newest thousand of that day. Add the card's last four digits.")
            self.message_user(request, told, messages.WARNING)
        return queryset.filter(pk__in=begun[: searching.OF_A_DAY_AT_MOST]), False

    def has_view_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_refund_permission(request)

    def get_urls(self) -> list[URLPattern]:
        return [playing.url(self), *super().get_urls()]

    def has_refund_permission(self, request: HttpRequest) -> bool:
        return may(request, "refund", Order)

    @admin.action(description=_("Refund…"), permissions=["refund"])
    def refund(self, request: HttpRequest, queryset: QuerySet[Order]) -> HttpResponse | None:
        order = queryset.first()
        if order is None or queryset.count() > 1 or not order.is_paid or not order.left_minor:
            told = gettext("Choose one paid order of which something is left.")
            self.message_user(request, told, messages.WARNING)
            return None
        form = RefundForm(request.POST if "after" in request.POST else None, order=order)
        if form.is_valid():
            self._give_back(request, form)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Give money back"),
            "opts": self.opts,
            "form": form,
            "order": order,
        }
        return TemplateResponse(request, "admin/billing/order/refund.html", context)

    def _give_back(self, request: HttpRequest, form: RefundForm) -> None:
        try:
            given = form.carry_out(asked_by_id=request.user.pk)
        except refunds.Disputed:
            told = gettext(
                "A bank holds this money, so it cannot be given back here as well. "
                "Nothing was done; see the dispute."
            )
            self.message_user(request, told, messages.ERROR)
            return
        except refunds.NotLeft:
            told = gettext(
                "More has been given back since you opened the form. Nothing was done; look once more."
            )
            self.message_user(request, told, messages.ERROR)
            return
        facts = {"amount": given.amount_text, "state": given.get_state_display(), "why": given.note}
        self.log_change(request, given.order, gettext("Refund of %(amount)s: %(why)s") % facts)
        level = messages.SUCCESS if given.is_live else messages.ERROR
        self.message_user(request, gettext("Refund of %(amount)s: %(state)s") % facts, level)
        enqueue(mail.send_mail)

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

    @admin.display(description=_("receipt and credit notes"))
    def papers(self, order: Order) -> str:
        """As the buyer has them, by the link that his mail has."""
        if order.receipt_number is None:
            return "-"
        return format_html(
            '<a href="{}">{}</a>', mailed_links.link_to(order), gettext("Open, or send the link")
        )

    @admin.display(description=_("reference"))
    def short_reference(self, order: Order) -> str:
        return f"{order.reference[:8]}…"

    @admin.display(description=_("total"))
    def total(self, order: Order) -> str:
        return order.total_text

    @admin.display(description=_("taken off"))
    def discount(self, order: Order) -> str:
        return order.discount_text

    @admin.display(description=_("tax"))
    def tax(self, order: Order) -> str:
        facts = {"amount": order.tax_text, "rate": order.tax_rate_text, "country": order.tax_country}
        if not order.is_paid or order.is_free:
            return ""
        if not order.tax_country:
            return gettext("None: country unknown")
        if order.tax_basis_points is None:
            return gettext("None: no rate known of %(country)s") % facts
        return gettext("%(amount)s (%(rate)s in %(country)s)") % facts

    @admin.display(description=_("sum given back"))
    def given_back(self, order: Order) -> str:
        return order.refunded_text


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
        "tax_by",
    )

    def find(self, term: str) -> Q:
        if "@" in term or term.startswith("pi_"):
            return Q(order_id__in=searching.orders(term))
        if term.startswith(("ch_", "py_")):
            return Q(charge_id=term)
        return Q(idempotency_key__startswith=term.lower())

    @admin.display(description=_("tax worked out by"))
    def tax_by(self, payment: Payment) -> str:
        found = TaxCalculation.objects.filter(payment=payment).first()
        return str(found) if found else gettext("The table of rates")

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
