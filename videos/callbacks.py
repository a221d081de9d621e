"""What Kollus' players ask and tell. The caller is the viewer's own device: nothing here is believed
unsigned.

The path's secret keeps strangers out, the session's mark says whose viewing it is.
"""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from videos import playback, previews, progress
from videos.kollus import download_callback, play_callback, progress_report
from videos.kollus.play_callback import BadCallback
from videos.watching import answering, copies

logger = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["POST"])
def play(request: HttpRequest, secret: str) -> HttpResponse:
    if not _is_players(secret):
        return HttpResponseNotFound()
    try:
        question = play_callback.read(request.POST.dict())
    except BadCallback:
        logger.warning("unreadable playback callback")
        return HttpResponse("unreadable", status=400, content_type="text/plain; charset=utf-8")
    try:
        now = timezone.now()
        body = previews.answer(question, at=now) or answering.answer(question, at=now)
    except playback.UnknownSession:
        return _not_ours()
    return HttpResponse(body, content_type="text/plain; charset=utf-8", headers=play_callback.headers())


@csrf_exempt
@require_http_methods(["POST"])
def download(request: HttpRequest, secret: str) -> HttpResponse:
    if not _is_players(secret):
        return HttpResponseNotFound()
    try:
        questions = download_callback.read(request.POST.dict())
    except BadCallback:
        logger.warning("unreadable download callback")
        return HttpResponse("unreadable", status=400, content_type="text/plain; charset=utf-8")
    try:
        body = copies.answer(questions, at=timezone.now())
    except playback.UnknownSession:
        return _not_ours()
    return HttpResponse(body, content_type="text/plain; charset=utf-8", headers=play_callback.headers())


@csrf_exempt
@require_http_methods(["GET", "POST", "OPTIONS"])
def lms(request: HttpRequest, secret: str) -> HttpResponse:
    if not _is_players(secret):
        return HttpResponseNotFound()
    if request.method != "OPTIONS":
        try:
            report = progress_report.read({**request.GET.dict(), **request.POST.dict()})
        except BadCallback:
            logger.warning("unreadable progress report")
            return HttpResponse("unreadable", status=400, content_type="text/plain; charset=utf-8")
        try:
            if not _is_of_preview(report):
                progress.record(report, at=timezone.now())
        except playback.UnknownSession:
            return _not_ours()
    return HttpResponse(headers={"Access-Control-Allow-Origin": "*"})


def _is_of_preview(report: progress_report.ProgressReport) -> bool:
    return previews.is_one(report.session_mark, cuid=report.cuid, media_content_key=report.media_content_key)


def _not_ours() -> HttpResponse:
    logger.warning("a player speaks of no session of ours")
    return HttpResponseNotFound()


def _is_players(secret: str) -> bool:
    """Compares with every secret in force, so that the time taken tells nothing."""
    in_force = settings.KOLLUS_PLAYER_CALLBACK_SECRETS
    is_one = any([constant_time_compare(secret, good) for good in in_force])  # noqa: C419 (none is spared)
    if not is_one:
        logger.warning("a player's callback to a wrong address")
    return is_one
