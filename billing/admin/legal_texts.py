"""Terms of sale and privacy notices: a new edition is added, none is ever changed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin
from billing.models import LegalText


class LegalTextForm(forms.ModelForm[LegalText]):
    class Meta:
        model = LegalText
        fields = ("kind", "effective_at", "body_en", "body_ko", "body_ja")

    def clean_effective_at(self) -> Any:
        """Never in the past: an order's edition is told by when its price was shown."""
        at = self.cleaned_data["effective_at"]
        if at < timezone.now() - timedelta(minutes=5):
            self.add_error(
                "effective_at", _("An edition can't be in force before it is here. Choose now or later.")
            )
        return at


@admin.register(LegalText)
class LegalTextAdmin(OfficeAdmin[LegalText]):
    form = LegalTextForm
    list_display = ("__str__", "kind", "number", "effective_at")
    list_filter = ("kind",)
    search_help_text = _("The number of an edition.")

    def find(self, term: str) -> Q:
        return Q(number=int(term)) if term.isdecimal() else Q(pk__in=[])

    def has_change_permission(self, request: HttpRequest, obj: LegalText | None = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new edition mostly changes little of the last one."""
        last = LegalText.objects.order_by("-effective_at").first()
        kept = ("kind", "body_en", "body_ko", "body_ja")
        words = {name: getattr(last, name) for name in kept} if last else {}
        return {**words, "effective_at": timezone.now()}

    def save_model(self, request: HttpRequest, obj: LegalText, form: Any, change: bool) -> None:
        last = LegalText.objects.filter(kind=obj.kind).aggregate(last=Max("number"))["last"]
        obj.number = (last or 0) + 1
        super().save_model(request, obj, form, change)
