"""What Kollus' servers tell of files. They sign nothing: the path's secret keeps strangers out, and what a
notice says is looked up before it counts.
"""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.jobs import hint
from videos import tasks
from videos.kollus import platform_notice
from videos.kollus.play_callback import BadCallback
from videos.publishing import callback_inbox

logger = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["POST"])
def notice(request: HttpRequest, secret: str, kind: str) -> HttpResponse:
    if not _is_platforms(secret):
        logger.warning("a platform callback to a wrong address")
        return HttpResponseNotFound()
    try:
        told = platform_notice.read(kind, request.POST.dict())
    except BadCallback:
        logger.warning("unreadable platform callback", extra={"kind": kind})
        return HttpResponse("unreadable", status=400, content_type="text/plain; charset=utf-8")
    if told:
        callback_inbox.receive(told, at=timezone.now())
        hint(tasks.look_at_kollus)
    return HttpResponse(content_type="text/plain; charset=utf-8")


def _is_platforms(secret: str) -> bool:
    """Compares with every secret in force, so that the time taken tells nothing."""
    in_force = settings.KOLLUS_PLATFORM_CALLBACK_SECRETS
    return any([constant_time_compare(secret, good) for good in in_force])  # noqa: C419 (none is spared)
