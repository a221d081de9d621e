"""What takes long begins first: the last test of a run must not keep the other processes waiting.

`long` marks a module whose tests take many seconds each; `long(together=True)` one whose first test works
for all of them, which a second process would do again.
"""

from collections import defaultdict

import pytest


def longest_first(items: list[pytest.Item], *, processes: int) -> list[pytest.Item]:
    """Return the items so that each process, which takes its part of the list, begins with some of the long.

    Every process of pytest-xdist has to come to the same order, and takes a part of the same length.
    """
    first = {item: n % processes for n, unit in enumerate(_long(items)) for item in unit}
    others = [item for item in items if item not in first]
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
