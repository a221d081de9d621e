"""How the tables are emptied between tests.

On SQLite the triggers would keep what they guard; TRUNCATE elsewhere asks no trigger. On PostgreSQL Django
would empty all tables and write its kinds of content and its permissions anew: longer than most tests take.
"""

from typing import Any

from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.test import TransactionTestCase

# Written once, with the tables; no test changes them.
_KEPT = {"django_content_type", "auth_permission"}


class Operations(DatabaseOperations):
    def sql_flush(self, *args: Any, **kwargs: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = dict(cursor.fetchall())
        drop = [f'DROP TRIGGER "{name}"' for name in triggers]
        return [*drop, *super().sql_flush(*args, **kwargs), *triggers.values()]


def allow_on_sqlite() -> None:
    """This will hold for every connection made from now on."""
    DatabaseWrapper.ops_class = Operations


def empty_only_what_is_filled() -> None:
    """This will let each test leave PostgreSQL's tables empty, those that are kept apart."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]


def _empty(_: TransactionTestCase) -> None:
    tables = set(connection.introspection.django_table_names(include_views=False)) - _KEPT
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"  # noqa: S608 (names of our models)
                for table in sorted(tables)
            )
        )
        if filled := [f'"{table}"' for (table,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
