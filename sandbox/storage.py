"""Where the worlds survive a restart: one SQLite table of JSON records, or nothing at all."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class Shelf:
    """Keeps records by (owner, kind, id) in the order in which they were first put.

    `directory=None` keeps nothing. Safe from any thread.
    """

    def __init__(self, directory: Path | None) -> None:
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                directory / "sandbox.sqlite3", check_same_thread=False, isolation_level=None
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY, owner TEXT NOT NULL,"
                " kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (owner, kind, id))"
            )

    def put(self, owner: str, kind: str, id: str, body: Record) -> None:
        """Keep `body`, in place of what was there."""
        if self._db is None:
            return  # a test's sandbox: nothing needs to be written out
        self._write(
            "INSERT INTO record (owner, kind, id, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (owner, kind, id) DO UPDATE SET body = excluded.body",
            (owner, kind, id, json.dumps(body)),
        )

    def remove(self, owner: str, kind: str, id: str) -> None:
        """Forget one record."""
        self._write("DELETE FROM record WHERE owner = ? AND kind = ? AND id = ?", (owner, kind, id))

    def load(self) -> Iterator[tuple[str, str, str, Record]]:
        """Yield (owner, kind, id, body) of all that is kept, oldest first."""
        if self._db is None:
            return
        with self._lock:
            rows = self._db.execute("SELECT owner, kind, id, body FROM record ORDER BY number").fetchall()
        for owner, kind, id, body in rows:
            yield owner, kind, id, json.loads(body)

    def _write(self, sql: str, values: tuple[str, ...]) -> None:
        if self._db is not None:
            with self._lock:
                self._db.execute(sql, values)
