"""Calls on their way: they may hang until their time is over, or until somebody lets them go."""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

from sandbox.worlds import World

_PATIENCE_SECONDS = 30

# By the world's name.
_under_way: Counter[str] = Counter()
_hanging: Counter[str] = Counter()
_times_let_go: Counter[str] = Counter()
_changed = threading.Condition()


@contextlib.contextmanager
def under_way(world: World) -> Iterator[None]:
    """Count the call for as long as the block runs: until it is done and written down."""
    with _changed:
        _under_way[world.name] += 1
    try:
        yield
    finally:
        with _changed:
            _under_way[world.name] -= 1
            _changed.notify_all()


def hang(world: World, seconds: float) -> None:
    """Return after so many seconds, or once the world's calls are let go."""
    with _changed:
        before = _times_let_go[world.name]
        _hanging[world.name] += 1
        _changed.wait_for(lambda: _times_let_go[world.name] != before, seconds)
        _hanging[world.name] -= 1


def count(world: World) -> int:
    """How many of the world's calls hang just now."""
    with _changed:
        return _hanging[world.name]


def let_go(world: World) -> None:
    """Let go what hangs, and return once none of the world's calls is under way any more."""
    with _changed:
        _times_let_go[world.name] += 1
        _changed.notify_all()
        _changed.wait_for(lambda: not _under_way[world.name], _PATIENCE_SECONDS)
