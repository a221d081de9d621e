"""One demonstration per data folder, and its ports free before anything is started."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.demo.environment import Ports


class Occupied(Exception):
    """Somebody is there already; the text is one sentence for the person who typed `make run`."""


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the folder's lock. It goes with the process and its children, so that a crash leaves none behind.

    :raises Occupied: another process holds it.
    """
    with (data_dir / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Occupied(
                f"The shop is already open from {data_dir} (process {lock.read().strip()}): "
                "close that one first, or choose another folder with DATA_DIR."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def need_free(ports: Ports) -> None:
    """:raises Occupied: one of the ports is taken, or two of them are the same."""
    named = {"PORT": ports.shop, "SANDBOX_PORT": ports.sandbox, "SANDBOX_SMTP_PORT": ports.mail}
    if len(set(named.values())) < len(named):
        raise Occupied("PORT, SANDBOX_PORT and SANDBOX_SMTP_PORT must be three different ports.")
    for name, port in named.items():
        if not _is_free(port):
            other = f"{name}={port + 10} make run"
            raise Occupied(f"Port {port} is taken: stop what uses it, or choose another, as in {other}.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
