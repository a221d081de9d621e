"""Each process of a run gets as much of each kind, and begins with what takes long."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import ordering


@dataclass(eq=False)
class Item:
    """As much of a pytest.Item as is looked at."""

    path: Path
    nodeid: str
    is_long: bool = False
    fixturenames: list[str] = field(default_factory=list)

    def get_closest_marker(self, name: str) -> Any:
        return SimpleNamespace(kwargs={}) if self.is_long else None


def _item(path: str, number: int, *, is_long: bool = False, has_page: bool = False) -> Any:
    names = ["page", "browser"] if has_page else []
    return Item(Path(path), f"{path}::test_{number}", is_long, names)


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_nothing_is_lost_and_each_part_is_like_the_others(processes: int) -> None:
    items = [_item("test_long.py", n, is_long=True) for n in range(8)]
    items += [_item(f"test_{m}.py", n) for m in range(40) for n in range(10)]
    items += [_item(f"browser/test_{m}.py", n, has_page=True) for m in range(16) for n in range(5)]

    ordered: list[Any] = [*ordering.for_processes(items, processes=processes)]

    assert sorted(each.nodeid for each in ordered) == sorted(each.nodeid for each in items)
    size = len(items) // processes
    for start in range(0, len(items), size):
        part = ordered[start : start + size]
        assert all(each.path.name == "test_long.py" for each in part[: 8 // processes])
        if processes > 1:
            first_half = part[: size // 2]
            for each, expected in ((part, 80 / processes), (first_half, 40 / processes)):
                pages = sum("page" in item.fixturenames for item in each)
                assert expected * 0.7 < pages < expected * 1.3


def test_a_module_stays_in_one_piece() -> None:
    items = [_item(f"test_{m}.py", n, has_page=m % 3 == 0) for m in range(12) for n in range(5)]

    ordered = ordering.for_processes(items, processes=3)

    changes = sum(a.path != b.path for a, b in pairwise(ordered))
    assert changes == 11
