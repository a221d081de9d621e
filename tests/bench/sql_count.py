"""Counts the statements of a request that asks for it. Only the benchmarks' settings hold this."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tests.bench.load import ask

ASKED_BY = "X-Count-SQL"
TOLD_IN = "X-SQL-Count"
SHARED_IN = "X-SQL-Shares"
OWN = "its own"
# A statement belongs to the innermost of these verbs that is at work, else to the call itself.
_VERBS = {"/billing/settling/fulfilment.py": "settling", "/videos/playback.py": "playing"}


class SqlCount:
    """Tells in headers how many statements the request took, and whose they were; savepoints are among
    them, BEGIN and COMMIT are not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if ASKED_BY not in request.headers:
            return self._get_response(request)
        shares: Counter[str] = Counter()

        def counted(execute: Callable[..., Any], *details: Any) -> Any:
            shares[_verb_at_work()] += 1
            return execute(*details)

        with connection.execute_wrapper(counted):
            response = self._get_response(request)
        response.headers[TOLD_IN] = str(shares.total())
        response.headers[SHARED_IN] = json.dumps(shares)
        return response


def _verb_at_work() -> str:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        for file, verb in _VERBS.items():
            if frame.f_code.co_filename.endswith(file):
                return verb
        frame = frame.f_back
    return OWN


def sql_of(port: int, raw: bytes) -> int:
    """This will send the request once and return how many statements it took.

    :raises RuntimeError: it was not answered well.
    """
    line, _, rest = raw.partition(b"\r\n")
    answer = ask(port, line + f"\r\n{ASKED_BY}: 1\r\n".encode() + rest)
    if not 200 <= answer.status < 300:  # the office answers a question it does not know by a redirect
        raise RuntimeError(f"{line.decode()}: {answer.status} {answer.body[:300]!r}")
    return int(answer.header(TOLD_IN))
