"""Knows how many requests the live server is at, so that a test is over only when its last one is.

A page that still polls, a webhook or a player's report would else meet the next test's database, or hold a
row while the tables are emptied. Who comes later finds the door closed until the next test opens it.
"""

import threading
import time
import warnings
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished

_PATIENCE_SECONDS = 30.0
_QUIET_SECONDS = 0.01

_lock = threading.Lock()
_is_open = True
_at_work = 0
_last_end = 0.0


def _answer(handler: WSGIHandler, environ: dict[str, Any], start_response: Any) -> Any:
    """What comes after its test was over is told so in a word, and no row is touched."""
    if _let_in():
        return _real_answer(handler, environ, start_response)
    start_response("503 Service Unavailable", [("Content-Length", "0")])
    return []


def _let_in() -> bool:
    global _at_work
    with _lock:
        if _is_open:
            _at_work += 1
        return _is_open


def _end(sender: type | None, **_: Any) -> None:
    """Django's test client handles its requests otherwise, and never ends a streamed one that is not read."""
    global _at_work, _last_end
    if sender is not None and issubclass(sender, WSGIHandler):
        with _lock:
            _at_work -= 1
            _last_end = time.monotonic()


_real_answer = WSGIHandler.__call__
setattr(WSGIHandler, "__call__", _answer)  # noqa: B010 - mypy would not let a method be assigned
request_finished.connect(_end)


def open_door() -> None:
    """Let requests in again."""
    global _is_open
    with _lock:
        _is_open = True


def close_door() -> None:
    """Return once no request is under way and none has ended just now, with the door closed behind the last;
    give up waiting after half a minute.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if _closes_now(is_quiet_for=_QUIET_SECONDS):
            return
        time.sleep(0.02)
    left, closed = _at_work, _closes_now(is_quiet_for=0)
    if not closed:
        warnings.warn(f"requests that have not ended after {_PATIENCE_SECONDS:.0f} s: {left}", stacklevel=2)


def _closes_now(*, is_quiet_for: float) -> bool:
    global _is_open
    with _lock:
        if _at_work > 0 or time.monotonic() - _last_end <= is_quiet_for:
            return False
        _is_open = False
        return True
