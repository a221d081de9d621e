"""A film's map: a picture of what was seen, its figures and its viewers, and both as CSV."""

import csv
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.admin.lists import may
from videos.models import Video, WatchProgress
from videos.watching import map_picture, viewers, watch_map
from videos.watching.clock import clock

_PARTS = 20
_VIEWERS = 30
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would carry out


def urls(site: Any) -> list[URLPattern]:
    @require_safe
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        return _page(request, pk, site.each_context(request))

    view = site.admin_view
    return [
        path("<int:pk>/watched/", view(page), name="videos_video_watched"),
        path("<int:pk>/watched/seconds.csv", view(seconds_csv), name="videos_video_watched_seconds"),
        path("<int:pk>/watched/viewers.csv", view(viewers_csv), name="videos_video_watched_viewers"),
    ]


def _page(request: HttpRequest, pk: int, site_context: dict[str, Any]) -> HttpResponse:
    video = _video(request, pk)
    film = watch_map.of(video)
    typed = request.GET.get("before", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
    shown = viewers.newest(video, before=before, limit=_VIEWERS + 1)
    context = {
        "title": _("What was watched of %(video)s") % {"video": video.title},
        "opts": Video._meta,
        "video": video,
        "film": film,
        "hours": f"{film.played_seconds / 3600:.1f}",
        "picture": map_picture.draw(film),
        "parts": [(clock(part.start), clock(part.stop), part) for part in film.parts(_PARTS)],
        "viewers": [(each, clock(each.played_seconds)) for each in shown[:_VIEWERS]],
        "older": shown[_VIEWERS - 1].row_id if len(shown) > _VIEWERS else None,
        "is_newest": before is None,
    }
    return render(request, "admin/videos/video/watched.html", site_context | context)


@require_safe
def seconds_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Each second of the film, the last report included."""
    video = _video(request, pk)
    film = watch_map.of(video)
    rows = enumerate(zip(film.saw, film.played, strict=True))
    table = ([second, saw, played, max(0, played - saw)] for second, (saw, played) in rows)
    return _csv(f"watched-{video.slug}.csv", ["second", "viewers", "plays", "replays"], table)


@require_safe
def viewers_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Each viewer, as far as the reports go."""
    video = _video(request, pk)
    head = ["viewer", "seen_percent", "hours_played", "stopped_at_second", "completed_at", "last_report_at"]
    return _csv(f"viewers-{video.slug}.csv", head, map(_row, viewers.everyone(video)))


def _row(viewer: viewers.FilmViewer) -> list[object]:
    return [
        f"'{viewer.name}" if viewer.name.startswith(_FORMULA) else viewer.name,
        viewer.seen_percent,
        f"{viewer.played_seconds / 3600:.2f}",
        viewer.position_seconds,
        viewer.completed_at.isoformat() if viewer.completed_at else "",
        viewer.reported_at.isoformat(),
    ]


def _csv(name: str, head: list[str], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """A table that is sent while it is read."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    writer = csv.writer(_Line())
    lines = (writer.writerow(row) for row in itertools.chain([head], rows))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


class _Line:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _video(request: HttpRequest, pk: int) -> Video:
    """The viewers are people: who may see the list of their progress may see this."""
    if not may(request, "view", WatchProgress):
        raise PermissionDenied
    return get_object_or_404(Video.objects.with_texts(), pk=pk)
