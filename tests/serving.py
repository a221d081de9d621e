"""`manage.py serve` as a process of its own, for tests of what only the whole can show."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil
import requests

from tests.services import free_port

ROOT: Final = Path(__file__).resolve().parent.parent


class RunningShop:
    """The demonstration on free ports, on SQLite, with its sandbox and its embedded worker."""

    def __init__(self, data_dir: Path, ports: Sequence[int] = ()) -> None:
        self.ports = tuple(ports) or (free_port(), free_port(), free_port())
        self.url = f"http://localhost:{self.ports[0]}"
        self._output = data_dir.parent / f"{data_dir.name}.out"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self._environment(data_dir),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What it has said so far."""
        return self._output.read_text("utf-8")

    def wait_until_open(self, seconds: float = 120) -> "RunningShop":
        """Wait for /healthz. :raises AssertionError: it ended, or was not open in time."""
        until = time.monotonic() + seconds
        while not self._is_healthy():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < until, f"not open in time: {self.output}"
            time.sleep(0.1)
        return self

    def interrupt(self, seconds: float = 25) -> None:
        """Press Ctrl-C, as a terminal does, and wait until no process of the shop is left."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.wait_until_gone(seconds)
        self.process.wait(seconds)

    def wait_until_gone(self, seconds: float = 60) -> None:
        """Wait until no process of the shop's session is left. :raises AssertionError: one is."""
        until = time.monotonic() + seconds
        while left := self.processes():
            assert time.monotonic() < until, f"still there: {left}"
            self.process.poll()  # so that the parent itself is not left as a zombie
            time.sleep(0.05)

    def processes(self) -> list[int]:
        """The ids of its processes: parent, worker and sandbox while it is open."""
        return [process.pid for process in psutil.process_iter() if self._is_ours(process)]

    @property
    def worker(self) -> int:
        """The id of the process that serves."""
        children = psutil.Process(self.process.pid).children()
        return int(next(child.pid for child in children if "serve" in child.cmdline()))

    def kill(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def _environment(self, data_dir: Path) -> dict[str, str]:
        ours = {
            "ENV_FILE": "",
            "DATA_DIR": str(data_dir),
        }
        names = ("PORT", "SANDBOX_PORT", "SANDBOX_SMTP_PORT")
        ours |= {name: str(port) for name, port in zip(names, self.ports, strict=True)}
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | ours

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            in_session = os.getsid(process.pid) == self.process.pid
            return in_session and process.status() != psutil.STATUS_ZOMBIE
        except (ProcessLookupError, psutil.NoSuchProcess):
            return False

    def _is_healthy(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.ports[0]}/healthz", timeout=5).ok
        except requests.RequestException:
            return False
