"""The film's file on a video's page: from the browser to Kollus, with its state and what is missing yet."""

import logging
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.admin.lists import may
from accounts.jobs import hint
from accounts.models import User
from videos import tasks
from videos.kollus import api_client
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.models import KollusFilm, Upload, Video
from videos.publishing import readiness, uploads

logger = logging.getLogger(__name__)


class FileForm(forms.Form):
    """What the page says of the file that was picked."""

    name = forms.CharField(max_length=255)
    size = forms.IntegerField(min_value=1, max_value=2**50)
    mark = forms.RegexField(r"^[0-9a-f]{64}$")
    replace = forms.BooleanField(required=False)


def urls(admin_view: Any) -> list[URLPattern]:
    return [
        path("<int:pk>/upload/", admin_view(begin), name="videos_video_upload"),
        path("<int:pk>/upload/sent/", admin_view(sent), name="videos_video_sent"),
        path("<int:pk>/film/", admin_view(state), name="videos_video_film"),
    ]


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the page an address for one try."""
    video = _video(request, pk, "change")
    form = FileForm(request.POST)
    if not form.is_valid():
        return _refuse("invalid", _("This file cannot be sent: it is empty, or has no name."), 400)
    if not api_client.is_set_up():
        return _refuse("not_set_up", _("KOLLUS_API_TOKEN is not set, so nothing can be sent to Kollus."), 409)
    data = form.cleaned_data
    file = uploads.File(name=data["name"], size=data["size"], mark=data["mark"])
    by = cast(User, request.user)  # the admin lets nobody else in
    try:
        address = uploads.begin(video, file, replace=data["replace"], by=by, at=timezone.now())
    except uploads.AlreadyHere:
        return _refuse("already_here", _("This very file has arrived already. Nothing is sent again."), 409)
    except uploads.WouldReplace:
        sentence = _("This video has a film. Send this file in its place? Who bought it sees the new one.")
        return _refuse("would_replace", sentence, 409)
    except KollusUnavailable:
        return _refuse(
            "unavailable", _("Kollus does not answer. Nothing was sent; try again in a minute."), 503
        )
    except KollusRefused as error:
        logger.error("Kollus gives no upload address", extra={"why": str(error)})
        return _refuse("refused", _("Kollus refuses to take a file. The log says why."), 502)
    return JsonResponse({"url": address.url, "key": address.upload_file_key})


@require_POST
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear from the page that it is through, which makes us ask Kollus."""
    video = _video(request, pk, "change")
    if uploads.note_sent(video, request.POST.get("key", ""), at=timezone.now()):
        hint(tasks.look_at_kollus)
    return HttpResponse(status=204)


@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes by itself."""
    return render(request, "admin/videos/video/_film_state.html", context(_video(request, pk, "view")))


def context(video: Video) -> dict[str, Any]:
    """What that part shows."""
    upload = video.uploads.order_by("-id").first()
    needs = readiness.needs(video)
    said: KollusFilm | None = getattr(video, "at_kollus", None)
    return {
        "original": video,
        "upload": upload,
        "is_moving": bool(upload and upload.state in (Upload.State.UPLOADED, Upload.State.TRANSCODED)),
        "needs": needs,
        "missing_count": sum(bool(need.missing) for need in needs),
        "is_set_up": api_client.is_set_up(),
        "is_stale": api_client.is_set_up() and said is not None and said.is_stale(at=timezone.now()),
    }


def _video(request: HttpRequest, pk: int, act: str) -> Video:
    if not (may(request, act, Video) or may(request, "change", Video)):
        raise PermissionDenied
    return get_object_or_404(Video.objects.with_texts(), pk=pk)


def _refuse(code: str, sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"code": code, "sentence": sentence}, status=status)
