"""The shop and the floor, each under gunicorn as production runs it."""

import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.bench import load

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS, THREADS = 2, 4


class Server:
    """gunicorn with two workers of four threads on a loopback port, while used as a context manager."""

    def __init__(self, application: str, settings: str, port: int) -> None:
        self.port = port
        self._command = [
            *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)),
            *("--timeout", "120", "--keep-alive", "30", "--graceful-timeout", "3", "--log-level", "warning"),
            *("--no-control-socket", "--env", f"DJANGO_SETTINGS_MODULE={settings}"),
        ]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, cwd=ROOT, process_group=0)
        until = time.monotonic() + 60
        while load.ask(self.port, load.request("GET", "/healthz", {})).status == 0:
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self._command[3]} did not start")
            time.sleep(0.1)
        return self

    @property
    def cpu_seconds(self) -> float:
        """What its workers have used of the processors so far."""
        times = [worker.cpu_times() for worker in psutil.Process(self._process.pid).children()]
        return float(sum(each.user + each.system for each in times))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
