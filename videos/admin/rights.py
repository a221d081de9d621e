"""Who may watch what: found, given and taken away, each with a reason that stays on record."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.lists import BACK_TO, OfficeAdmin, may
from accounts.models import User, normalize_email
from videos import entitlements
from videos.models import Entitlement


class StateFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("valid", _("May watch now")), ("ended", _("Ended")), ("revoked", _("Revoked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entitlement]) -> QuerySet[Entitlement]:
        rows, now = Entitlement.objects.filter(pk__in=queryset.values("pk")), timezone.now()
        if self.value() == "valid":
            return queryset.filter(pk__in=rows.valid(at=now).values("pk"))
        if self.value() == "revoked":
            return queryset.filter(revoked_at__isnull=False)
        if self.value() == "ended":
            late = Q(ends_at__lte=now) | Q(ends_at=None, start_by__lte=now)
            return queryset.filter(late, revoked_at=None)
        return queryset


class GiftForm(forms.ModelForm[Entitlement]):
    """A film or a collection for somebody who has an account, and why."""

    # One form is one gift, however often it is sent.
    reference = forms.CharField(
        max_length=32, initial=lambda: secrets.token_hex(16), widget=forms.HiddenInput
    )
    email = forms.EmailField(label=_("E-mail"), help_text=_("The e-mail address of an account."))
    note = forms.CharField(label=_("Why"), max_length=200, help_text=_("Stays on record with your name."))

    class Meta:
        model = Entitlement
        fields = ("reference", "video", "collection", "note")

    def clean_email(self) -> User:
        user = User.objects.filter(email=normalize_email(self.cleaned_data["email"])).first()
        if user is None:
            raise forms.ValidationError(_("Nobody has an account under this address. Nothing was given."))
        return user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and bool(data.get("video")) == bool(data.get("collection")):
            raise forms.ValidationError(_("Choose one: a video or a collection."))
        return data


class ReasonForm(forms.Form):
    because = forms.CharField(label=_("Why"), max_length=200, help_text=_("Stays on record with your name."))


@admin.register(Entitlement)
class EntitlementAdmin(OfficeAdmin[Entitlement]):
    list_display = ("what", "holder", "reason", "state", "starts_at", "ends_at")
    list_select_related = ("user", "video", "collection")
    list_filter = (StateFilter, "reason")
    search_help_text = _("A whole e-mail address, or a purchase's reference.")
    autocomplete_fields = ("video", "collection")
    add_fields = ("email", "video", "collection", "note", "reference")
    fields = (
        *("reference", "what", "user", "reason", "note", "state", "starts_at", "start_by"),
        *("hours_once_started", "ends_at", "revoked_at", "revoked_because"),
    )
    readonly_fields = ("what", "state")
    actions = ("revoke",)

    def find(self, term: str) -> Q:
        if "@" in term:
            return Q(user=User.objects.filter(email=normalize_email(term)).values("id")[:1])
        return Q(reference=term)

    def has_change_permission(self, request: HttpRequest, obj: Entitlement | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Entitlement | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_revoke_permission(request)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return may(request, "change", Entitlement)

    def get_form(
        self, request: HttpRequest, obj: Entitlement | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Entitlement]]:
        return super().get_form(request, obj, change, **kwargs if obj else {**kwargs, "form": GiftForm})

    def get_fields(self, request: HttpRequest, obj: Entitlement | None = None) -> Any:
        return self.fields if obj else self.add_fields

    def save_model(self, request: HttpRequest, obj: Entitlement, form: Any, change: bool) -> None:
        data = form.cleaned_data
        given = entitlements.give(
            data["video"] or data["collection"],
            data["email"],
            reference=data["reference"],
            note=data["note"],
            at=timezone.now(),
        )
        obj.pk = given.pk
        obj.refresh_from_db()

    def log_addition(self, request: HttpRequest, obj: Entitlement, message: Any) -> Any:
        told = _now("Given to %(to)s: %(why)s") % {"to": obj.user, "why": obj.note}
        return super().log_addition(request, obj, told)

    @admin.action(description=_("Revoke…"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Entitlement]) -> HttpResponse | None:
        form = ReasonForm(request.POST if "because" in request.POST else None)
        if form.is_valid():
            self._revoke(request, queryset, because=form.cleaned_data["because"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Take away the right to watch"),
            "opts": self.opts,
            "form": form,
            "rights": queryset,
            "back_to": request.POST.get(BACK_TO, ""),
        }
        return TemplateResponse(request, "admin/videos/entitlement/revoke.html", context)

    @transaction.atomic
    def _revoke(self, request: HttpRequest, rights: QuerySet[Entitlement], *, because: str) -> None:
        now = timezone.now()
        gone = [right for right in rights if entitlements.revoke(right, because=because, at=now)]
        for right in gone:
            self.log_change(request, right, _now("Revoked: %(why)s") % {"why": because})
        told = ngettext("%d right was taken away.", "%d rights were taken away.", len(gone)) % len(gone)
        self.message_user(request, told, messages.SUCCESS if gone else messages.WARNING)

    @admin.display(description=_("what"))
    def what(self, right: Entitlement) -> str:
        return str(right.video or right.collection or _("Everything"))

    @admin.display(description=_("whose"))
    def holder(self, right: Entitlement) -> str:
        """The account, or for a guest the beginning of the purchase's reference."""
        return str(right.user or f"{right.reference[:8]}…")

    @admin.display(description=_("state"))
    def state(self, right: Entitlement) -> str:
        if right.revoked_at:
            return str(_("Revoked"))
        if not right.is_valid(at=timezone.now()):
            return str(_("Ended"))
        return str(_("Not started") if right.is_rental and not right.is_started else _("May watch now"))
