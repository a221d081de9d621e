"""gunicorn as a library: one threaded worker process on loopback, which also does the background work."""

import os
import signal
import sys
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from config.demo.jobs import Jobs


class DemoServer(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """Serves the shop until a signal says stop."""

    def __init__(self, *, port: int, threads: int, greeting: str) -> None:
        self._jobs = Jobs()
        self._options: dict[str, Any] = {
            "bind": f"127.0.0.1:{port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": threads,
            "timeout": 120,
            "graceful_timeout": 3,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": lambda arbiter: _say(greeting),
            "post_worker_init": lambda worker: self._begin(),
            "worker_exit": lambda arbiter, worker: self._leave(),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        return WSGIHandler()

    def _begin(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then tells us once
        self._jobs.start()  # here, because a fork would have left its threads behind

    def _leave(self) -> None:
        try:
            self._jobs.stop()
        finally:
            os._exit(0)  # threads that still wait for a provider would hold up Ctrl-C

    def run(self) -> None:
        _HangUpStops(self).run()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


class _HangUpStops(Arbiter):  # type: ignore[misc]
    def handle_hup(self) -> None:
        """Stop as well when the terminal closes; gunicorn itself would reload and stay."""
        self.handle_term()
