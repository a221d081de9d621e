"""Counts the statements of a request that asks for it. Only the benchmarks' settings hold this."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tests.bench.load import ask

ASKED_BY = "X-Count-SQL"
TOLD_IN = "X-SQL-Count"


class SqlCount:
    """Tells in a header how many statements the request took, savepoints included, BEGIN and COMMIT not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if ASKED_BY not in request.headers:
            return self._get_response(request)
        count = 0

        def counted(execute: Callable[..., Any], *details: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*details)

        with connection.execute_wrapper(counted):
            response = self._get_response(request)
        response.headers[TOLD_IN] = str(count)
        return response


def sql_of(port: int, raw: bytes) -> int:
    """This will send the request once and return how many statements it took.

    :raises RuntimeError: it was not answered well.
    """
    line, _, rest = raw.partition(b"\r\n")
    answer = ask(port, line + f"\r\n{ASKED_BY}: 1\r\n".encode() + rest)
    if not 200 <= answer.status < 300:  # the office answers a question it does not know by a redirect
        raise RuntimeError(f"{line.decode()}: {answer.status} {answer.body[:300]!r}")
    return int(answer.header(TOLD_IN))
