"""Knows how many requests the live server is at, so that a test is over only when its last one is.

A page that still polls, a webhook or a player's report would else meet the next test's database, or none.
"""

import threading
import time
import warnings
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started

_PATIENCE_SECONDS = 10.0
_QUIET_SECONDS = 0.1

_lock = threading.Lock()
_at_work = 0
_last_end = 0.0


def _begin(sender: type, **_: Any) -> None:
    global _at_work
    if _is_server(sender):
        with _lock:
            _at_work += 1


def _end(sender: type | None, **_: Any) -> None:
    global _at_work, _last_end
    if _is_server(sender):
        with _lock:
            _at_work -= 1
            _last_end = time.monotonic()


def _is_server(handler: type | None) -> bool:
    """Django's test client handles its requests otherwise, and never ends a streamed one that is not read."""
    return handler is not None and issubclass(handler, WSGIHandler)


request_started.connect(_begin)
request_finished.connect(_end)


def wait() -> None:
    """Return once no request is under way and none has ended just now; give up after ten seconds."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        with _lock:
            is_quiet = _at_work <= 0 and time.monotonic() - _last_end > _QUIET_SECONDS
        if is_quiet:
            return
        time.sleep(0.02)
    warnings.warn(f"requests that have not ended after {_PATIENCE_SECONDS:.0f} s: {_at_work}", stacklevel=2)
