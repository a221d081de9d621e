"""The shop served by a fixed number of threads, as in production; the live server starts one per request."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from config.wsgi import application


class _Handler(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class _Server(WSGIServer):
    request_queue_size = 128

    def __init__(self, threads: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.set_app(application)
        self.pool = ThreadPoolExecutor(threads)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.pool.submit(self._serve, request, client_address)

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)


@contextmanager
def served_by(threads: int) -> Iterator[str]:
    """Serve the shop with so many threads while the block runs; gives its address."""
    server = _Server(threads)
    listening = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    listening.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.pool.shutdown()
        server.server_close()
