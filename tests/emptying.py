"""Lets SQLite empty the tables that its triggers keep, between tests: TRUNCATE elsewhere asks no trigger."""

from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.backends.sqlite3.operations import DatabaseOperations


class Operations(DatabaseOperations):
    def sql_flush(self, *args: Any, **kwargs: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = dict(cursor.fetchall())
        drop = [f'DROP TRIGGER "{name}"' for name in triggers]
        return [*drop, *super().sql_flush(*args, **kwargs), *triggers.values()]


def allow() -> None:
    """This will hold for every connection made from now on."""
    DatabaseWrapper.ops_class = Operations
