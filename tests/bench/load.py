"""A small load generator: threads with a socket each, loopback only, bounded in time and count."""

import itertools
import math
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

MAX_SECONDS = 120.0
MAX_REQUESTS = 200_000
_RENEWED_AFTER = 100
_PATIENCE_SECONDS = 60.0

# Makes the n-th request, ready to be sent.
Requests = Callable[[int], bytes]


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where none came."""

    status: int
    head: bytes = b""
    body: bytes = b""

    def header(self, name: str) -> str:
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""


@dataclass
class Run:
    """What a load met: a time for each answer, and how many of each status."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return sum(count for status, count in self.statuses.items() if 200 <= status < 400) / self.seconds

    def percentile(self, percent: float) -> float:
        """The nearest rank, in milliseconds; 0 without any answer."""
        ranked = sorted(self.milliseconds)
        return ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)] if ranked else 0.0

    def swear(self, what: str) -> "Run":
        """:raises RuntimeError: an answer was not good, so that the figures would mean nothing."""
        bad = {status: count for status, count in self.statuses.items() if not 200 <= status < 400}
        if bad or not self.statuses:
            raise RuntimeError(f"{what}: {bad or 'no answers'}")
        return self


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """This will write a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in headers.items())]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


class Line:
    """One connection, kept alive. It is made anew every hundred requests, so that none of the server's
    processes keeps more than its share of them.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._used = 0

    def ask(self, raw: bytes) -> Answer:
        """Send one request and read its answer; once more where the kept connection was closed meanwhile."""
        if self._used >= _RENEWED_AFTER:
            self.close()
        is_fresh = self._socket is None
        try:
            return self._exchange(raw)
        except OSError:
            self.close()
            if is_fresh:
                return Answer(0)
        try:
            return self._exchange(raw)
        except OSError:
            self.close()
            return Answer(0)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._used = None, 0

    def _exchange(self, raw: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._used += 1
        self._socket.sendall(raw)
        answer = _read(self._socket)
        if b"connection: close" in answer.head.lower():
            self.close()
        return answer


def ask(port: int, raw: bytes) -> Answer:
    """This will send one request on a connection of its own."""
    line = Line(port)
    try:
        return line.ask(raw)
    finally:
        line.close()


def closed_loop(port: int, requests: Requests, *, seconds: float, connections: int = 8) -> Run:
    """This will keep each connection busy: the next request goes out when the last is answered."""

    def timed(line: Line, number: int, begun: float) -> tuple[float, Answer]:
        raw = requests(number)
        sent = time.perf_counter()
        answer = line.ask(raw)
        return time.perf_counter() - sent, answer

    return _drive(port, timed, seconds=seconds, connections=connections)


def offered(port: int, requests: Requests, *, rate: float, seconds: float, connections: int = 16) -> Run:
    """This will send at a fixed rate. A time counts from when the request was due, so that a server that
    stands still cannot hide the queue before it.
    """

    def timed(line: Line, number: int, begun: float) -> tuple[float, Answer]:
        due = begun + number / rate
        raw = requests(number)
        time.sleep(max(0.0, due - time.perf_counter()))
        answer = line.ask(raw)
        return time.perf_counter() - due, answer

    return _drive(port, timed, seconds=seconds, connections=connections)


_Timed = Callable[[Line, int, float], tuple[float, Answer]]


def _drive(port: int, timed: _Timed, *, seconds: float, connections: int) -> Run:
    run, lock, numbers = Run(), threading.Lock(), itertools.count()
    begun = time.perf_counter()
    until = begun + min(seconds, MAX_SECONDS)

    def work() -> None:
        line, times, statuses = Line(port), [], Counter[int]()
        while time.perf_counter() < until and (number := next(numbers)) < MAX_REQUESTS:
            taken, answer = timed(line, number, begun)
            times.append(taken * 1000)
            statuses[answer.status] += 1
        line.close()
        with lock:
            run.milliseconds += times
            run.statuses += statuses

    threads = [threading.Thread(target=work, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.seconds = time.perf_counter() - begun
    return run


def _read(connection: socket.socket) -> Answer:
    data = _receive(connection)
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _receive(connection)
    head, body = data[:end], data[end + 4 :]
    status, small = int(head[9:12]), head.lower()
    if b"transfer-encoding: chunked" in small:
        while not body.endswith(b"0\r\n\r\n"):
            body += _receive(connection)
    elif status != HTTPStatus.NO_CONTENT:
        length = int(small.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        while len(body) < length:
            body += _receive(connection)
    return Answer(status, head, body)


def _receive(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionResetError
    return data
