"""The switch that stops the tills, on one page of its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin
from billing.buying import selling
from billing.models import Selling


class SellingForm(forms.ModelForm[Selling]):
    class Meta:
        model = Selling
        fields = ("mode", "note")
        widgets = {"mode": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("mode") != Selling.Mode.OPEN and not given.get("note"):
            self.add_error("note", _("Say why, for the colleague who finds the shop closed."))
        return given


@admin.register(Selling)
class SellingAdmin(OfficeAdmin[Selling]):
    form = SellingForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)  # which refuses
        return HttpResponseRedirect(f"{request.path}{selling.switch().pk}/change/")

    def log_change(self, request: HttpRequest, obj: Selling, message: Any) -> LogEntry:
        """Who changed the mode, when, and why, stays in the log."""
        return super().log_change(request, obj, f"{obj.mode}: {obj.note}" if obj.note else obj.mode)
