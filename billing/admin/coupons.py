"""Coupons, made and changed here; their uses, to be read. Who did it stays in the log."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin, ReadOnlyAdmin
from accounts.models import normalize_email
from billing.models import Coupon, CouponAmount, CouponUse
from billing.models.coupons import normalize_code
from videos import money


class CouponForm(forms.ModelForm[Coupon]):
    class Meta:
        model = Coupon
        fields = (
            "code",
            "percent",
            "uses_limit",
            "uses_per_buyer",
            "starts_at",
            "ends_at",
            "offers",
            "is_active",
        )
        help_texts = {
            "code": _("The shop keeps it in capitals; buyers may type it in any case."),
            "percent": _("1 to 100, or leave it empty and give amounts below. 100 buys without a card."),
            "uses_limit": _("How often it can be used by everybody together. Empty: no limit."),
            "uses_per_buyer": _(
                "A buyer is known by the browser and by the address; either counts. Empty: no limit."
            ),
            "starts_at": _("Not before this moment. Empty: from now on."),
            "ends_at": _(
                "Not from this moment on. A price shown before holds for its half hour. Empty: no end."
            ),
            "offers": _("Choose none, and it holds for everything on sale."),
            "is_active": _("Switched off, it stops at once, also for prices that were shown with it."),
        }

    def clean_code(self) -> str:
        return normalize_code(self.cleaned_data["code"])

    def clean_uses_limit(self) -> int | None:
        limit: int | None = self.cleaned_data["uses_limit"]
        if limit is not None and limit < self.instance.used:
            raise forms.ValidationError(
                _("%(count)s uses are held or spent already."), params={"count": self.instance.used}
            )
        return limit


class CouponAmountForm(forms.ModelForm[CouponAmount]):
    class Meta:
        model = CouponAmount
        fields = ("currency", "amount_minor")
        help_texts = {
            "amount_minor": _(
                "In the currency's smallest unit, as everywhere in the office: 200 is $2.00, and 200 is ₩200."
            )
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("currency") and given.get("amount_minor") is not None:
            try:
                money.check_amount(given["amount_minor"], given["currency"])
            except money.BadAmount as error:
                self.add_error("amount_minor", error.args[0])
        return given


class CouponAmounts(forms.BaseInlineFormSet[CouponAmount, Coupon, forms.ModelForm[CouponAmount]]):
    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        has_amounts = any(not row.get("DELETE") for row in rows)
        if has_amounts and self.instance.percent is not None:
            raise forms.ValidationError(_("Give a percentage or amounts, not both."))
        if not has_amounts and self.instance.percent is None:
            raise forms.ValidationError(_("Give a percentage, or at least one amount."))


class CouponAmountInline(admin.TabularInline[CouponAmount, Coupon]):
    model = CouponAmount
    form = CouponAmountForm
    formset = CouponAmounts
    extra = 1


@admin.register(Coupon)
class CouponAdmin(OfficeAdmin[Coupon]):
    form = CouponForm
    list_display = ("code", "worth", "used", "uses_limit", "starts_at", "ends_at", "is_active")
    list_filter = ("is_active",)
    search_help_text = _("The beginning of the code.")
    autocomplete_fields = ("offers",)
    readonly_fields = ("used",)
    inlines = (CouponAmountInline,)
    fieldsets = (
        (None, {"fields": ("code", "is_active")}),
        (_("What it takes off"), {"fields": ("percent",)}),
        (_("How often"), {"fields": (("uses_limit", "used"), "uses_per_buyer")}),
        (_("When and for what"), {"fields": (("starts_at", "ends_at"), "offers")}),
    )

    def find(self, term: str) -> Q:
        return Q(code__startswith=normalize_code(term))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coupon]:
        amounts = Prefetch("amounts", CouponAmount.objects.order_by("id"))
        return super().get_queryset(request).prefetch_related(amounts)

    @admin.display(description=_("worth"))
    def worth(self, coupon: Coupon) -> str:
        if coupon.percent is not None:
            return f"{coupon.percent} %"
        return " · ".join(str(each) for each in coupon.amounts.all())


@admin.register(CouponUse)
class CouponUseAdmin(ReadOnlyAdmin[CouponUse]):
    list_display = ("coupon", "order", "address", "discount", "is_spent", "held_at")
    list_select_related = ("coupon", "order")
    search_help_text = _("The beginning of the code, an order's reference, or an e-mail address.")
    fields = ("coupon", "order", "address", "discount", "is_spent", "held_at", "turn")

    def find(self, term: str) -> Q:
        if "@" in term:
            return Q(address=normalize_email(term))
        return Q(order__reference=term.lower()) | Q(coupon__code__startswith=normalize_code(term))

    @admin.display(description=_("taken off"))
    def discount(self, use: CouponUse) -> str:
        return use.order.discount_text

    @admin.display(description=_("paid"), boolean=True)
    def is_spent(self, use: CouponUse) -> bool:
        return use.order.is_paid
