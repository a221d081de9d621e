"""Films that leave, and have left; the page by which staff have one leave, after they saw what that means."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin, may
from accounts.jobs import enqueue
from billing import tasks
from billing.leaving import prospects
from videos.models import TakeDown, Video
from videos.publishing import taking_down

_LEAVES_ALREADY = _("This film leaves already, or has left.")


class TakeDownForm(forms.Form):
    """`confirmed` comes with the page that says what would happen."""

    video = forms.ModelChoiceField(
        Video.objects.all(), to_field_name="slug", label=_("film"), widget=forms.TextInput
    )
    leaves_at = forms.DateTimeField(
        label=_("leaves at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    cause = forms.ChoiceField(label=_("cause"), choices=TakeDown.Cause.choices)
    owners = forms.ChoiceField(label=_("owners"), choices=TakeDown.Owners.choices)
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Stays on record with your name; buyers don't see it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _("By the clock of %(time_zone)s; left out, at once.")
        for field in self.fields.values():
            field.label = capfirst(field.label)
        self.fields["leaves_at"].help_text = told % {"time_zone": timezone.get_current_timezone_name()}

    def clean_leaves_at(self) -> datetime | None:
        leaves_at: datetime | None = self.cleaned_data["leaves_at"]
        if leaves_at is not None and leaves_at < timezone.now():
            raise forms.ValidationError(_("That has passed. Leave it out to have the film leave at once."))
        return leaves_at

    def clean_video(self) -> Video:
        video: Video = self.cleaned_data["video"]
        if TakeDown.objects.standing().filter(video=video).exists():
            raise forms.ValidationError(_LEAVES_ALREADY)
        return video


@admin.register(TakeDown)
class TakeDownAdmin(ReadOnlyAdmin[TakeDown]):
    list_display = ("video", "leaves_at", "owners", "cause", "state", "asked_by")
    list_filter = ("owners", "cause")
    list_select_related = ("video", "asked_by")
    search_help_text = _("The beginning of the film's address.")
    actions = ("call_off",)
    fields = (
        *("video", "leaves_at", "owners", "cause", "reason", "state", "asked_by", "asked_at"),
        *("called_off_at", "told_at", "have_it", "goes_back", "for_staff"),
    )

    def find(self, term: str) -> Q:
        return Q(video__slug__startswith=term.lower())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request, "add", TakeDown)

    def has_call_off_permission(self, request: HttpRequest) -> bool:
        return may(request, "add", TakeDown)

    def is_open_to(self, action: str, row: TakeDown) -> bool:
        return row.called_off_at is None and row.is_ahead(at=timezone.now())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TakeDownForm(request.POST or None, initial={"video": request.GET.get("video", "")})
        given = form.cleaned_data if form.is_valid() else None
        if given and "confirmed" in request.POST:
            try:
                return self._take_down(request, given)
            except taking_down.AlreadyLeaving:  # by somebody else, in this very moment
                form.add_error("video", _LEAVES_ALREADY)
                given = None
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Have a film leave"),
            "opts": self.opts,
            "form": form,
            "given": given,
            "time_zone": timezone.get_current_timezone_name(),
            "prospect": given
            and prospects.of(
                given["video"], leaves_at=given["leaves_at"] or now, owners=given["owners"], at=now
            ),
        }
        return TemplateResponse(request, "admin/videos/takedown/take_down.html", context)

    def _take_down(self, request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
        now = timezone.now()
        with transaction.atomic():
            asked = taking_down.take_down(
                given["video"],
                leaves_at=given["leaves_at"] or now,
                cause=given["cause"],
                owners=given["owners"],
                reason=given["reason"],
                by_id=request.user.pk,
                at=now,
            )
            self.log_addition(request, asked, _now("Taken down: %(why)s") % {"why": asked.reason})
        enqueue(tasks.follow_leaving)
        self.message_user(request, _now("It is written down. Owners who lose it are told."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:videos_takedown_change", args=[asked.pk]))

    @admin.action(description=_("Let it stay after all"), permissions=["call_off"])
    def call_off(self, request: HttpRequest, queryset: QuerySet[TakeDown]) -> None:
        for taken in queryset.select_related("video"):
            try:
                with transaction.atomic():
                    taking_down.call_off(taken, at=timezone.now())
                    self.log_change(request, taken, _now("Called off"))
            except taking_down.HasLeft:
                told = _now("%(film)s has left, or stays anyway: nothing was changed.")
                self.message_user(request, told % {"film": taken.video}, messages.WARNING)
            else:
                told = _now("%(film)s stays.") % {"film": taken.video}
                self.message_user(request, told, messages.SUCCESS)

    @admin.display(description=_("state"))
    def state(self, taken: TakeDown) -> Promise:
        if taken.called_off_at is not None:
            return _("Called off")
        return _("Leaves") if taken.is_ahead(at=timezone.now()) else _("Has left")

    @admin.display(description=_("orders that could watch on"))
    def have_it(self, taken: TakeDown) -> str:
        found = prospects.of_take_down(taken)
        return _now("Own: %(owned)d · rent: %(rented)d · in a collection: %(parts)d") % {
            "owned": found.owned,
            "rented": found.rented,
            "parts": found.in_collections,
        }

    @admin.display(description=_("still to go back by itself"))
    def goes_back(self, taken: TakeDown) -> str:
        found = prospects.of_take_down(taken)
        return f"{found.orders_given_back}: {' + '.join(found.back) or '-'}"

    @admin.display(description=_("collections bought whole, for you to decide"))
    def for_staff(self, taken: TakeDown) -> str:
        return "\n".join(f"{order.reference} · {order.offer}" for order in prospects.for_staff(taken)) or "-"
