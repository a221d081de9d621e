"""What another process does comes when it comes: a test that waits for one has a second try, and is named.

A page, its frames and its film, and the sandbox across its socket, keep time of their own, beside three other
processes on two cores; one late answer in two thousand tests is no news of the shop. What fails twice fails;
a race, a schedule of money or a guard that failed once was broken, and is not tried again; and a run in which
many needed it fails.
"""

from collections.abc import Iterable, Set
from pathlib import Path
from typing import Any, Final

import pytest

AT_MOST: Final = 3
_ELSEWHERE: Final = {"browser", "sandbox"}
_MEANT: Final = {"concurrency", "schedules", "saboteurs"}  # folders in which an odd moment is what is tested


def may_be_late(path: Path, kinds: Set[str]) -> bool:
    """Whether a test of these kinds waits for another process, without being about the moment itself."""
    return bool(_ELSEWHERE & kinds) and not _MEANT & set(path.parts)


def allow(items: Iterable[pytest.Item]) -> None:
    """This will let each of these tests run once more after it failed (pytest-rerunfailures)."""
    for item in items:
        item.add_marker(pytest.mark.flaky(reruns=1))


def told(reporter: Any) -> list[str]:
    """A line for each test that needed it, with what it said at first."""
    return [f"SECOND TRY: {report.nodeid}: {_said(report)}" for report in _tries(reporter)]


def complaint(reporter: Any) -> str:
    """What is wrong with a run in which too many needed it, or ""."""
    count = len(_tries(reporter))
    return f"{count} tests needed a second try, where {AT_MOST} may" if count > AT_MOST else ""


def _tries(reporter: Any) -> list[Any]:
    tries: list[Any] = reporter.stats.get("rerun", [])
    return tries


def _said(report: Any) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr).partition("\n")[0]
