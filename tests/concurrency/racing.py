"""Threads that start at one instant, and turnstiles that let one overtake the other at a chosen line.

A turnstile delays a call of ours and changes nothing else: it makes a race certain that is otherwise a matter
of luck, so that a test may claim that the race does happen.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest import mock

from django.db import connection, connections, transaction

from tests.promises import Broken

T = TypeVar("T")
_PATIENCE_SECONDS = 40.0


def at_once(*calls: Callable[[], T]) -> "list[Future[T]]":
    """Run each call in a thread with a database connection of its own, all released together, to the end."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        try:
            barrier.wait(_PATIENCE_SECONDS)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [pool.submit(run, call) for call in calls]


def results(futures: "list[Future[T]]") -> list[T]:
    """What the calls returned, in order. An error of one is a promise broken."""
    for future in futures:
        if (error := future.exception()) is not None:
            raise Broken(f"{type(error).__name__} reached the caller: {error}") from error
    return [future.result() for future in futures]


def all_at_once(*calls: Callable[[], T]) -> list[T]:
    """`at_once`, where every call must end well; returns what they return."""
    return results(at_once(*calls))


def overtaken(
    slow: Callable[[], T], fast: Callable[[], T], *, owner: object, name: str, after: bool = False
) -> list[T]:
    """Let `slow` come as far as its call of `owner.name`, and then on when `fast` is through or stuck.

    `after` holds it behind that call instead of before it. Returns what both return.
    """
    with turnstile(owner, name, after=after) as gate, ThreadPoolExecutor(2) as pool:
        first = pool.submit(_with_own_connection, slow)
        gate.wait_until_reached(first)
        second = pool.submit(_with_own_connection, fast)
        until(lambda: second.done() or somebody_waits())
        gate.open()
        return results([first, second])


def held_up(rows: Callable[[], object], *calls: Callable[[], T]) -> list[T]:
    """Put rows in the way of the calls and take them back when all of them wait there: what each of them has
    decided by then, it decided before any other came through. Returns what they return.
    """
    with ThreadPoolExecutor(len(calls)) as pool:
        with transaction.atomic():
            rows()
            futures = [pool.submit(_with_own_connection, call) for call in calls]
            until(lambda: _waiting() + sum(future.done() for future in futures) == len(calls))
            transaction.set_rollback(True)
        return results(futures)


class Turnstile:
    """Holds the first caller of a function until it is opened; later callers pass."""

    def __init__(self) -> None:
        self._first = threading.Lock()
        self._reached = threading.Event()
        self._opened = threading.Event()

    def hold(self) -> None:
        if self._first.acquire(blocking=False):
            self._reached.set()
            self._opened.wait(_PATIENCE_SECONDS)

    def open(self) -> None:
        self._opened.set()

    def wait_until_reached(self, caller: "Future[Any]") -> None:
        """Returns once somebody is held. :raises AssertionError: the caller ended without coming by."""
        until(lambda: self._reached.is_set() or caller.done())
        assert self._reached.is_set(), f"nobody came by: {caller.exception() or caller.result()}"


@contextmanager
def turnstile(owner: object, name: str, *, after: bool = False) -> Iterator[Turnstile]:
    """Put a turnstile before (or behind) each call of `owner.name`."""
    gate = Turnstile()
    try:
        with _delayed(owner, name, gate.hold, after=after):
            yield gate
    finally:
        gate.open()


@contextmanager
def meeting(owner: object, name: str, *, parties: int = 2, after: bool = False) -> Iterator[None]:
    """Make the callers of `owner.name` wait for each other there, unless the others cannot come: they wait
    for something that an earlier one holds.
    """
    everybody = threading.Event()
    counted = itertools.count(1)

    def meet() -> None:
        if next(counted) >= parties:
            everybody.set()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not everybody.wait(0.01) and time.monotonic() < deadline:
            if somebody_waits():
                everybody.set()

    with _delayed(owner, name, meet, after=after):
        yield


def somebody_waits() -> bool:
    """Whether a transaction waits for another's lock. SQLite cannot tell."""
    return connection.vendor == "postgresql" and _waiting() > 0


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


@contextmanager
def _delayed(owner: object, name: str, wait: Callable[[], None], *, after: bool) -> Iterator[None]:
    original = getattr(owner, name)

    def delayed(*args: Any, **kwargs: Any) -> Any:
        if not after:
            wait()
        result = original(*args, **kwargs)
        if after:
            wait()
        return result

    with mock.patch.object(owner, name, delayed):
        yield


def _with_own_connection(call: Callable[[], T]) -> T:
    try:
        return call()
    finally:
        connections.close_all()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it to be so, for as long as a loaded machine may need."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
