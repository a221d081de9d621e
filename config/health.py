"""/healthz: whether this process reaches its database and its broker. Providers are never asked."""

import logging
import os
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when both answer, else 503; the body names each."""
    parts = {"database": _answers(_ask_database), "broker": _answers(_ask_broker)}
    body = {name: "ok" if is_fine else "unreachable" for name, is_fine in parts.items()}
    return JsonResponse(body, status=200 if all(parts.values()) else 503)


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 (whatever it is, the answer is "unreachable")
        logger.warning("health check failed", extra={"check": ask.__name__, "error": type(error).__name__})
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    if settings.REDIS_URL:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as redis:
            redis.ping()
    elif not os.access(settings.DATA_DIR, os.W_OK):
        raise PermissionError(settings.DATA_DIR)
