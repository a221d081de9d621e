"""How the tables are emptied between tests.

On SQLite the triggers would keep what they guard. On PostgreSQL Django would truncate all tables and write
its kinds of content and its permissions anew, and each truncated table gets new files, as does each of its
indexes: longer than most tests take. There rows are deleted as a replica does it, which asks no trigger.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.db.models import Model
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


def leave_no_rows() -> None:
    """This will let each test leave PostgreSQL's tables empty, those that are kept apart."""
    TransactionTestCase._fixture_teardown = _empty_all  # type: ignore[attr-defined]


def empty(models: Iterable[type[Model]]) -> None:
    """This will delete every row of these models, and every row that points at one of them."""
    left, tables = list(models), set[str]()
    while left:
        options = left.pop()._meta
        if options.db_table not in tables:
            tables.add(options.db_table)
            left += [each.related_model for each in options.related_objects if each.related_model is not None]
    _empty(tables)


def _empty_all(_: TransactionTestCase) -> None:
    _empty(set(connection.introspection.django_table_names(include_views=False)) - _KEPT)


def _empty(tables: set[str]) -> None:
    """All in one transaction, whatever guards a row."""
    deletions = "".join(f'DELETE FROM "{table}";' for table in sorted(tables))  # noqa: S608 (our models)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = replica; {deletions}")
