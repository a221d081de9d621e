"""A threaded HTTP/1.1 server with keep-alive, bound to loopback; a request that sleeps blocks nobody else."""

import ctypes
import os
import signal
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.http import HttpRequest, HttpResponse

_AFTER = "sandbox.after_answer"
_CONNECTION = "sandbox.connection"
_CUT_HEADER = "X-Sandbox-Cut"
_PR_SET_PDEATHSIG = 1


class Server(ThreadedWSGIServer):
    """Listens on 127.0.0.1 only."""

    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without asking DNS for our own name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]
        self.setup_environ()


class Handler(WSGIRequestHandler):
    """One connection. Answers leave at once (no Nagle delay); only errors are logged."""

    disable_nagle_algorithm = True
    wbufsize = 64 * 1024

    def get_environ(self) -> dict[str, Any]:
        """Let the application reach its connection, so that it can cut it."""
        return {**super().get_environ(), _CONNECTION: self}

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: every API request is listed on the control page."""


def after_answer(request: HttpRequest, call: Callable[[], None]) -> None:
    """Run `call` once the answer to `request` has been sent, or its connection cut."""
    request.META[_AFTER].append(call)


def cut_connection() -> HttpResponse:
    """Return the answer that is none: the client sees its connection closed."""
    return HttpResponse(status=500, headers={_CUT_HEADER: "1"})


def application(django: WSGIApplication) -> WSGIApplication:
    """Wrap Django's application with `after_answer` and `cut_connection`."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        calls: list[Callable[[], None]] = []
        environ[_AFTER] = calls
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            started[:] = [status, headers, *rest]
            return lambda data: None

        body = django(environ, start)
        if any(name == _CUT_HEADER for name, _ in started[1]):
            _run(calls)
            environ[_CONNECTION].close_connection = True
            raise ConnectionAbortedError  # which wsgiref lets pass in silence
        start_response(*started)
        return _Body(body, calls)

    return answer


class _Body:
    """The answer's body; the server closes it when all was written."""

    def __init__(self, body: Iterable[bytes], calls: list[Callable[[], None]]) -> None:
        self._body, self._calls = body, calls

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        if hasattr(self._body, "close"):
            self._body.close()
        _run(self._calls)


def _run(calls: list[Callable[[], None]]) -> None:
    while calls:
        calls.pop(0)()


def die_with_parent() -> None:
    """End this process when the one that started it ends, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
