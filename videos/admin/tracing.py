"""Whose code stands in a recording: what `manage.py trace` tells, as a page of the office."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.admin.lists import may
from videos import tracing
from videos.models import PlaybackSession, Video, ViewerCode
from videos.tracing import Candidate, Sighting

_LONGEST = 40
_SHOWN_CANDIDATES = 5
_SHOWN_SESSIONS = 20


class TraceForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=_LONGEST,
        help_text=_("Ten characters; type ? for one that can't be read."),
    )
    film = forms.SlugField(label=_("Film"), required=False, help_text=_("Its address, if it is known."))
    second = forms.IntegerField(label=_("Second of the film"), required=False, min_value=0)
    seen_at = forms.DateTimeField(
        label=_("Seen at"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def clean_film(self) -> Video | None:
        slug = self.cleaned_data["film"]
        found = Video.objects.filter(slug=slug).first()
        if slug and found is None:
            raise forms.ValidationError(_("There is no such film."))
        return found

    def sighting(self) -> Sighting:
        told = self.cleaned_data
        return Sighting(film=told["film"], second=told["second"], seen_at=told["seen_at"])


@dataclass(frozen=True)
class Shown:
    """A candidate in words."""

    candidate: Candidate

    @property
    def who(self) -> str:
        code = self.candidate.code
        bought = ", ".join(tracing.purchases(code))
        who = str(code.user) if code.user else _now("A guest's browser")
        return f"{who} ({bought})" if bought else who

    @property
    def sentence(self) -> str:
        candidate = self.candidate
        if candidate.is_certain:
            told = _now(
                "All that was read fits. For anybody else's code, %d characters of it would have to be wrong."
            )
            return told % candidate.margin
        if candidate.misread:
            told = ngettext(
                "Only if %d of the characters was misread. Look again before you act.",
                "Only if %d of the characters were misread. Not to be acted upon.",
                candidate.misread,
            )
            return told % candidate.misread
        return _now("What was read fits, but is too little to be sure. Look again before you act.")


def urls(office: "admin.ModelAdmin[PlaybackSession]") -> list[URLPattern]:
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest) -> HttpResponse:
        if not may(request, "view", PlaybackSession):
            raise PermissionDenied
        return _end(request, office) if request.method == "POST" else _page(request, office)

    return [path("trace/", office.admin_site.admin_view(page), name="videos_playbacksession_trace")]


def _page(request: HttpRequest, office: "admin.ModelAdmin[PlaybackSession]") -> HttpResponse:
    form = TraceForm(request.GET if "code" in request.GET else None)
    context: dict[str, Any] = {"title": _now("Trace a recording"), "opts": PlaybackSession._meta}
    context |= {"form": form, "is_asked": form.is_valid()}
    if form.is_valid():
        found = tracing.candidates(form.cleaned_data["code"])
        leading = tracing.leading(found)
        traces = tracing.sessions(leading.code, form.sighting()) if leading else []
        context |= {
            "found": [Shown(each) for each in found[:_SHOWN_CANDIDATES]],
            "is_undecided": bool(found) and leading is None,
            "traces": traces[:_SHOWN_SESSIONS],
            "may_end": leading is not None
            and leading.is_certain
            and may(request, "change", PlaybackSession)
            and not all(each.session.ended_at for each in traces),
        }
    site = office.admin_site.each_context(request)
    return render(request, "admin/videos/playbacksession/trace.html", site | context)


def _end(request: HttpRequest, office: "admin.ModelAdmin[PlaybackSession]") -> HttpResponse:
    """On a reading that names one viewer for certain, and nothing less."""
    if not may(request, "change", PlaybackSession):
        raise PermissionDenied
    try:
        code, ended = tracing.end_certain(request.POST.get("code", "")[:_LONGEST], at=timezone.now())
    except tracing.NotCertain:
        told = _now("Nothing was ended: give the whole code of the viewer whom you mean.")
        office.message_user(request, told, messages.ERROR)
    else:
        said = ngettext("%d session was ended.", "%d sessions were ended.", ended) % ended
        office.message_user(request, said, messages.SUCCESS if ended else messages.WARNING)
        _note(request, office, code, said)
    return redirect("admin:videos_playbacksession_trace")


def _note(
    request: HttpRequest, office: "admin.ModelAdmin[PlaybackSession]", code: ViewerCode, said: str
) -> None:
    """In the trail of each session's viewer: under his newest one."""
    newest = code.sessions.order_by("-id").first()
    if newest is not None:
        told = _now("Traced by the code %(code)s: %(said)s") % {"code": code, "said": said}
        office.log_change(request, newest, told)
