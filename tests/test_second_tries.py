"""A second try is given to whom it is allowed, once, and is told."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import second_tries

_CONFTEST = """
from tests import second_tries

def pytest_collection_modifyitems(items):
    second_tries.allow(item for item in items if "tried" in item.name)

def pytest_terminal_summary(terminalreporter):
    for line in second_tries.told(terminalreporter):
        terminalreporter.write_line(line)
"""
_TESTS = """
from pathlib import Path

def fails_the_first(times, name):
    seen = Path(__file__).with_name(name)
    seen.write_text(seen.read_text() + "x" if seen.exists() else "x")
    assert len(seen.read_text()) > times, f"{name} came late"

def test_tried_and_late_once(): fails_the_first(1, "once")
def test_tried_and_late_twice(): fails_the_first(2, "twice")
def test_not_again(): fails_the_first(1, "never")
"""


def test_what_fails_twice_fails_and_what_needed_a_second_try_is_named(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "test_late.py").write_text(_TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", tmp_path],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert run.returncode == 1, run.stdout
    assert "2 failed, 1 passed, 2 rerun" in run.stdout
    assert "SECOND TRY: test_late.py::test_tried_and_late_once: AssertionError: once came late" in run.stdout
    assert [len((tmp_path / name).read_text()) for name in ("once", "twice", "never")] == [2, 2, 1]


@pytest.mark.parametrize(
    "path, kind, may",
    [
        ("tests/browser/test_buying.py", "browser", True),
        ("tests/videos/test_syncing.py", "sandbox", True),
        ("tests/videos/test_pricing.py", "PostgreSQL", False),
        ("tests/concurrency/test_paying_at_once.py", "sandbox", False),
        ("tests/schedules/test_any_schedule.py", "sandbox", False),
        ("tests/saboteurs/uploading/test_uploading.py", "sandbox", False),
    ],
)
def test_what_is_about_the_moment_itself_has_one_try(path: str, kind: str, may: bool) -> None:
    assert second_tries.may_be_late(Path(path), {kind, "all"}) is may


def test_a_run_in_which_many_needed_it_is_no_good_run() -> None:
    few, many = ([object()] * count for count in (second_tries.AT_MOST, second_tries.AT_MOST + 1))

    assert second_tries.complaint(SimpleNamespace(stats={})) == ""
    assert second_tries.complaint(SimpleNamespace(stats={"rerun": few})) == ""
    assert "4 tests needed a second try" in second_tries.complaint(SimpleNamespace(stats={"rerun": many}))
