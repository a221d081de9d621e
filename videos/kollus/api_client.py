"""One way to speak with Kollus' API: in turn, at most one call a second, and never for long.

The token is a part of each address by contract: no address is logged, shown or kept in an error, and no
redirect is followed with it.

Source: https://guide2.kollus.com/dev-guide/vod/api/vod-api
"""

import time
from typing import Any, Literal
from urllib.parse import quote

import requests
from django.conf import settings
from django.utils import timezone

from videos.models import KollusTurn

_CONNECT_SECONDS, _ANSWER_SECONDS = 3, 8
_PATIENCE_SECONDS = 15
_TOO_MANY = 429
# A call of ours may be late on its way, so that the next seems to follow too soon. Refused, it did nothing.
_TRIES = 3

Json = dict[str, Any]


class KollusUnavailable(Exception):
    """No answer, or none that can be read: the same call may work later."""


class KollusRefused(Exception):
    """Kollus will not do this. The text is for the log; `is_missing` says that it knows no such thing."""

    def __init__(self, reason: str, *, is_missing: bool = False) -> None:
        super().__init__(reason)
        self.is_missing = is_missing


def is_set_up() -> bool:
    """Whether the shop has a token to call with."""
    return bool(settings.KOLLUS_API_TOKEN)


def current(method: Literal["GET", "POST"], path: str, form: Json | None = None) -> Any:
    """This will call the current API and give its `data`. See `_call` for errors."""
    status, body = _call(method, f"{settings.KOLLUS_API_BASE}/{path}", form=form)
    if status >= 400 or body.get("status") != "ok":
        raise refusal(status, body)
    return body.get("data")


def version_0(path: str, query: Json | None = None) -> Json:
    """This will read from the API's version 0, which still knows more, and give its `result`.

    Its errors are a number in the body, often beside HTTP 200, and the number may be written as text.

    :raises KollusUnavailable: no answer, or one without a result.
    :raises KollusRefused: it says no, or there is no token.
    """
    return _result(*_call("GET", f"{settings.KOLLUS_LIBRARY_BASE}/{path}", query=query))


def passthrough(path: str, form: Json) -> Json:
    """This will call the server of passthrough uploads, which speaks like version 0, and give its `result`.

    It refuses with HTTP 400, the number as text, the words under `message:` with the colon in the key.
    Raises as `version_0` does.
    """
    return _result(*_call("POST", f"{settings.KOLLUS_PASSTHROUGH_BASE}/{path}", form=form))


def refusal(status: int, body: Json) -> KollusRefused:
    """The refusal that an answer tells of, its words without the token."""
    words = str(body.get("message") or body.get("message:") or "")
    is_missing = status == 404 or "not found" in words.lower()
    for secret in (settings.KOLLUS_API_TOKEN, quote(settings.KOLLUS_API_TOKEN, safe="")):
        words = words.replace(secret, "***")
    told = ": ".join(filter(None, [f"HTTP {status}", words[:120]]))
    return KollusRefused(told, is_missing=is_missing)


def is_error(body: Json) -> bool:
    """Whether a body's `error`, a number or a number as text, tells of one."""
    return str(body.get("error") or 0) != "0"


def _result(status: int, body: Json) -> Json:
    if status >= 400 or is_error(body):
        raise refusal(status, body)
    result = body.get("result")
    if not isinstance(result, dict):
        raise KollusUnavailable("no result")
    return result


def _call(method: str, url: str, *, query: Json | None = None, form: Json | None = None) -> tuple[int, Json]:
    """:raises KollusUnavailable: no turn, no answer, an answer of no use, or too many calls.
    :raises KollusRefused: there is no token.
    """
    if not is_set_up():
        raise KollusRefused("no token")
    for _ in range(_TRIES):
        _wait_for_turn()
        status, body = _send(method, url, query=query, form=form)
        if str(_TOO_MANY) not in (str(status), str(body.get("error"))):
            return status, body
    raise KollusUnavailable("too many calls")


def _send(method: str, url: str, *, query: Json | None, form: Json | None) -> tuple[int, Json]:
    trouble, status, body = "", 0, None
    try:
        answer = requests.request(
            method,
            url,
            params={"access_token": settings.KOLLUS_API_TOKEN, **(query or {})},
            data=form,
            headers={"Accept": "application/json"},
            timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
            allow_redirects=False,
        )
        status = answer.status_code
        body = answer.json() if status < 500 else None
    except requests.RequestException as error:
        trouble = type(error).__name__
    if trouble:  # raised out here: the other's text holds the address, and so the token
        raise KollusUnavailable(trouble)
    if not isinstance(body, dict):
        raise KollusUnavailable(f"HTTP {status}")
    return status, body


def _wait_for_turn() -> None:
    now = timezone.now()
    turn = KollusTurn.objects.take(at=now, patience_seconds=_PATIENCE_SECONDS)
    if turn is None:
        raise KollusUnavailable("too many calls are waiting")
    time.sleep(max(0.0, (turn - now).total_seconds()))
