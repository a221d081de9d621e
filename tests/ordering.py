"""In which order the processes of a run take the tests: what takes long first, then a fair mixture.

The last test of a run must not keep the other processes waiting. And what looks at pages keeps a processor
busy, where what asks servers mostly waits for them: side by side they fill both.

`long` marks a module whose tests take many seconds each; `long(together=True)` one whose first test works
for all of them, which a second process would do again.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

import pytest


def for_processes(items: list[pytest.Item], *, processes: int) -> list[pytest.Item]:
    """Return the items so that each process, which takes its part of the list, begins with some of the long.

    Every process of pytest-xdist has to come to the same order, and takes a part of the same length. One
    process alone takes the long ones first, and all others as they came.
    """
    first = {item: n % processes for n, unit in enumerate(_long(items)) for item in unit}
    others = [item for item in items if item not in first]
    if processes > 1:
        others = _mixed(others, processes)
    size = -(-len(items) // processes)
    ordered: list[pytest.Item] = []
    for n in range(processes):
        mine = [item for item in items if first.get(item) == n]
        room = size - len(mine)
        ordered += mine + others[:room]
        others = others[room:]
    return ordered + others


def _long(items: list[pytest.Item]) -> list[list[pytest.Item]]:
    units: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("long"):
            units[str(item.path) if mark.kwargs.get("together") else item.nodeid].append(item)
    return list(units.values())


def _mixed(items: list[pytest.Item], parts: int) -> list[pytest.Item]:
    """Deal the modules out to the parts, each whole, and lay those with pages evenly between the others."""
    modules = [list(module) for _, module in groupby(items, key=lambda item: item.path)]
    pages: list[list[pytest.Item]] = []
    rest: list[list[pytest.Item]] = []
    for module in modules:
        (pages if "browser" in getattr(module[0], "fixturenames", ()) else rest).append(module)
    placed = [*_placed(pages, parts), *_placed(rest, parts)]
    return [item for _, module in sorted(placed, key=lambda each: each[0]) for item in module]


def _placed(modules: list[list[pytest.Item]], parts: int) -> Iterator[tuple[float, list[pytest.Item]]]:
    """Each module with how much of its kind comes before its middle, from 0 to 1."""
    dealt = [module for n in range(parts) for module in modules[n::parts]]
    total, before = sum(map(len, dealt)), 0
    for module in dealt:
        yield (before + len(module) / 2) / total, module
        before += len(module)
