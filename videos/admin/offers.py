"""Offers and their prices. A changed amount is a new version; what was sold keeps its own."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin
from videos import pricing
from videos.models import Collection, Offer, Price, Video

_EARLIER_SHOWN = 50


def current_prices(offer: Offer) -> str:
    """This will write what an offer costs now, in each currency; from prices already fetched."""
    return " · ".join(price.text for price in offer.prices.all() if price.retired_at is None)


class OfferInline(admin.TabularInline[Offer, Any]):
    """An overview; terms and prices are changed on the offer's own page."""

    model = Offer
    fields = readonly_fields = (
        "kind",
        "interval",
        "days_to_start",
        "hours_once_started",
        "trial_days",
        "prices",
        "is_active",
    )
    show_change_link = True
    extra = max_num = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        return super().get_queryset(request).select_related("video", "collection").prefetch_related("prices")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("prices"))
    def prices(self, offer: Offer) -> str:
        return current_prices(offer)


class OfferForm(forms.ModelForm[Offer]):
    class Meta:
        model = Offer
        fields = (
            *("kind", "interval", "video", "collection"),
            *("days_to_start", "hours_once_started", "trial_days", "is_active"),
        )

    def _get_validation_exclusions(self) -> set[str]:
        # The terms stand read-only on the page, but whether it may be on sale hangs on them.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"kind", "interval", "video", "collection"}


class PriceForm(forms.ModelForm[Price]):
    stop = forms.BooleanField(label=_("stop selling"), required=False)

    class Meta:
        model = Price
        fields = ("currency", "amount_minor")
        help_texts = {
            "amount_minor": _(
                "As Stripe counts: $7.90 is 790, ₩9,900 is 9900, BHD 1.500 is 1500, ISK 500 is 50000."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["currency"].disabled = True
        else:
            self.fields["stop"].disabled = True

    def apply(self, offer: Offer, *, at: datetime) -> None:
        """Do to the offer what the row asks for."""
        if self.cleaned_data["stop"]:
            pricing.retire(self.instance, at=at)
        else:
            currency, amount_minor = self.cleaned_data["currency"], self.cleaned_data["amount_minor"]
            pricing.change(offer, currency=currency, amount_minor=amount_minor, at=at)


class PricesFormSet(forms.BaseInlineFormSet[Price, Offer, forms.ModelForm[Price]]):
    def clean(self) -> None:
        super().clean()
        currencies = [form.cleaned_data.get("currency") for form in self.forms if form.is_valid()]
        named = [currency for currency in currencies if currency]
        if len(named) > len(set(named)):
            raise forms.ValidationError(
                _("An offer has one price in each currency: change the one that is there.")
            )


class PriceInline(admin.TabularInline[Price, Offer]):
    model = Price
    form = PriceForm
    formset = PricesFormSet
    fields = ("currency", "amount_minor", "as_written", "since", "stop")
    readonly_fields = ("as_written", "since")
    extra = 0
    can_delete = False
    verbose_name = _("price")
    verbose_name_plural = _("prices now")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        return super().get_queryset(request).filter(retired_at=None).order_by("currency")

    @admin.display(description=_("as people read it"))
    def as_written(self, price: Price) -> str:
        return price.text if price.pk else ""

    @admin.display(description=_("from"))
    def since(self, price: Price) -> str:
        return _moment(price.created_at) if price.pk else ""


@admin.register(Offer)
class OfferAdmin(OfficeAdmin[Offer]):
    form = OfferForm
    list_display = (
        "id",
        "kind",
        "interval",
        "target",
        "prices",
        "days_to_start",
        "hours_once_started",
        "trial_days",
        "is_active",
    )
    list_display_links = ("id", "kind")
    list_filter = ("is_active", "kind")
    list_select_related = ("video", "collection")
    search_help_text = _("The beginning of the film's or the collection's address.")
    autocomplete_fields = ("video", "collection")
    fields = (
        ("kind", "interval"),
        "video",
        "collection",
        ("days_to_start", "hours_once_started"),
        # May change at any time: what was begun, or shown with a quote, keeps its own.
        "trial_days",
        "is_active",
        "earlier_prices",
    )
    inlines = (PriceInline,)

    def find(self, term: str) -> Q:
        slug = slugify(term)
        videos = Video.objects.filter(slug__startswith=slug)
        collections = Collection.objects.filter(slug__startswith=slug)
        return Q(video_id__in=videos.values("id")) | Q(collection_id__in=collections.values("id"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        return super().get_queryset(request).prefetch_related("prices")

    def get_readonly_fields(self, request: HttpRequest, obj: Offer | None = None) -> tuple[str, ...]:
        # Other terms are another offer: buyers were shown these.
        terms = ("kind", "interval", "video", "collection", "days_to_start", "hours_once_started")
        return (*(terms if obj else ()), "earlier_prices")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)  # only notes for the log what was changed
        now = timezone.now()
        for row in formset.forms:
            if row.has_changed():
                row.apply(form.instance, at=now)

    @admin.display(description=_("prices"))
    def prices(self, offer: Offer) -> str:
        return current_prices(offer)

    @admin.display(description=_("earlier prices"))
    def earlier_prices(self, offer: Offer) -> str:
        gone = [price for price in offer.prices.all() if price.retired_at] if offer.pk else []
        gone.sort(key=lambda price: price.pk, reverse=True)
        rows = [
            (price.text, _moment(price.created_at), _moment(price.retired_at))
            for price in gone[:_EARLIER_SHOWN]
        ]
        return format_html_join("", "<div>{} ({} – {})</div>", rows) or "-"


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""
