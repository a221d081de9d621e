"""Loaded by `-p tests.plugin` before the settings are read: conftest.py would be too late.

It starts the servers, tells at the end what ran on which of them, and fails a whole run that left any out.
`-n` splits a run over processes (pytest-xdist): each has servers, sandbox and browser of its own, so that no
test can meet another's rows; they count, since they collect, and the first process gives the verdict.
"""

import gc
import importlib
import os
import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from tests import emptying, ordering, second_tries
from tests.services import Services

SERVICES: Final = Services()
IS_SQLITE: Final = os.environ.get("MATINEE_TEST_DATABASE") == "sqlite"

# What a test uses says what it ran on; a test may count under several kinds.
_USES_DATABASE: Final = {"db", "transactional_db", "django_db_setup"}
_KINDS: Final = {
    "PostgreSQL": set() if IS_SQLITE else _USES_DATABASE,
    "SQLite": {"start_shop"} | (_USES_DATABASE if IS_SQLITE else set()),
    "Redis": {"celery_worker"},
    "sandbox": {"sandbox", "world"},
    "browser": {"browser", "page", "open_page"},
}
_FOLDERS: Final = {"races": "tests/concurrency", "SQLite": "tests/sqlite"}
_FEW_COLLECTIONS: Final = 20_000
_PROCESSES: Final = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_PROCESS: Final = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_LEFT_OUT: Final = ("skipped", "xfailed", "xpassed", "deselected")


def _start() -> None:
    data = SERVICES.folder / "data"
    data.mkdir()
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{data}/shop.sqlite3" if IS_SQLITE else SERVICES.start_postgresql(),
        "REDIS_URL": SERVICES.start_redis(),
        "DATA_DIR": str(data),
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's sync API runs an event loop in our thread
    }


gc.set_threshold(_FEW_COLLECTIONS)  # half of the time that collecting tests took
_start()
if IS_SQLITE:
    emptying.allow_on_sqlite()
_ran: Counter[str] = Counter()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("fewest_tests", "counts by kind that a whole run may not fall below", type="linelist")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Each process begins to read at another test: what one has read and compiled, the next one finds."""
    if _PROCESSES > 1 and _is_whole_run(session.config):
        root = session.config.rootpath
        modules = sorted(path.relative_to(root) for path in (root / "tests").rglob("test_*.py"))
        start = len(modules) * _PROCESS // _PROCESSES
        for path in modules[start:] + modules[:start]:
            with suppress(Exception):  # what is wrong with it is told where it is collected
                importlib.import_module(".".join(path.with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What was imported lives as long as the run: do not search it for rubbish again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _ran.update(kind for item in items for kind in _kinds(item))
    second_tries.allow(item for item in items if second_tries.may_be_late(item.path, _kinds(item)))
    items[:] = ordering.longest_first(items, processes=_PROCESSES)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in summary(_ran):
        terminalreporter.write_line(line)
    for line in second_tries.told(terminalreporter):
        terminalreporter.write_line(line, yellow=True)
    for complaint in _complaints(terminalreporter, config):
        terminalreporter.write_line(f"FAILED: {complaint}.", red=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process has ended. Each of them collected every test, so that the counts are not added up."""
    global _ran
    _ran |= Counter(getattr(node, "workeroutput", {}).get("ran", {}))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["ran"] = dict(_ran)
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.exitstatus == 0 and _complaints(reporter, session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    SERVICES.stop()


def summary(ran: Counter[str]) -> list[str]:
    """One line naming what was real in this run, and one with the number of tests of each kind."""
    real = [f"{name} {version}" for name, version in SERVICES.versions.items()]
    real += [f"Chromium at {path}"] if (path := chromium()) else ["no Chromium"]
    counts = [f"{kind} {ran[kind]}" for kind in ("all", *_KINDS, "races")]
    return [f"real: {', '.join(real)}", f"tests: {', '.join(counts)}"]


def chromium() -> str | None:
    """Where a Chromium is: `CHROMIUM`, or the first of the usual names on the PATH.

    The headless shell is the same browser without windows around its pages, which are a fifth of its work.
    """
    windowed = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    names = ("chromium-headless-shell", *windowed)
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def _kinds(item: pytest.Item) -> set[str]:
    used = set(getattr(item, "fixturenames", ()))
    marked = {"db"} if item.get_closest_marker("django_db") else set()
    kinds = {kind for kind, fixtures in _KINDS.items() if fixtures & (used | marked)}
    kinds |= {
        kind for kind, folder in _FOLDERS.items() if Path(folder) in Path(item.nodeid.split("::")[0]).parents
    }
    return kinds | {"all"}


def _complaints(reporter: Any, config: pytest.Config) -> list[str]:
    """What a whole run may not do: leave tests out, or have fewer of a kind than there were once."""
    if not _is_whole_run(config):
        return []
    left_out = _left_out(reporter)
    complaints = [f"a whole run leaves nothing out, but {left_out}"] if left_out else []
    for line in config.getini("fewest_tests"):
        kind, fewest = line.split()
        if _ran[kind] < int(fewest):
            complaints.append(f"there were {fewest} tests of kind {kind} once, and now {_ran[kind]}")
    if many := second_tries.complaint(reporter):
        complaints.append(many)
    return complaints


def _left_out(reporter: Any) -> str:
    found = {name: len(reporter.stats.get(name, [])) for name in _LEFT_OUT}
    return ", ".join(f"{count} {name}" for name, count in found.items() if count)


def _is_whole_run(config: pytest.Config) -> bool:
    return (
        config.args == config.getini("testpaths") and not config.option.keyword and not config.option.markexpr
    )
