"""Takes one guard away for the length of a `with` block: for the saboteurs, and at the head of the races.

This is the one place where our own code is patched: the point is to see a promise break without it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.core import signing
from django.db import connection, models
from django.db.models import QuerySet

Guard = Callable[[], AbstractContextManager[Any]]


@contextmanager
def no_row_locks() -> Iterator[None]:
    """`SELECT … FOR UPDATE` locks nothing."""
    with mock.patch.object(QuerySet, "select_for_update", lambda rows, *args, **kwargs: rows.all()):
        yield


@contextmanager
def dropped(model: type[models.Model], *names: str) -> Iterator[None]:
    """The table lacks these constraints, each named by itself or by its only column. Afterwards the table is
    empty, since what it holds may not fit the constraints any more.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        restore = [drop(cursor, table, name) for name in names]
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'TRUNCATE "{table}" CASCADE')
            for statement in restore:
                cursor.execute(statement)


@contextmanager
def disarmed(model: type[models.Model], trigger: str) -> Iterator[None]:
    """The table's trigger does not fire. Afterwards the table is empty."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER {trigger}')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'TRUNCATE "{table}" CASCADE')
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER {trigger}')


def drop(cursor: Any, table: str, name: str) -> str:
    """Drop one constraint of a PostgreSQL table and return the statement that restores it."""
    name = _real_name(cursor, table, name)
    cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
    if found := cursor.fetchone():
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        return f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {found[0]}'
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
    definition = str(cursor.fetchone()[0])
    cursor.execute(f'DROP INDEX "{name}"')
    return definition


def _real_name(cursor: Any, table: str, name: str) -> str:
    found = connection.introspection.get_constraints(cursor, table)
    fitting = [
        each
        for each, facts in found.items()
        if each == name or (facts["columns"] == [name] and facts["unique"] and not facts["primary_key"])
    ]
    assert len(fitting) == 1, f"{table} has {fitting} for {name}"
    return fitting[0]


def without(model: type[models.Model], *names: str) -> Guard:
    """`dropped`, for a table of saboteurs."""
    return lambda: dropped(model, *names)


def without_trigger(model: type[models.Model], trigger: str) -> Guard:
    """`disarmed`, for a table of saboteurs."""
    return lambda: disarmed(model, trigger)


def instead(owner: object, name: str, replacement: Any) -> Guard:
    """One function, method or value of our own is another."""
    return lambda: mock.patch.object(owner, name, replacement)


def unconditionally(changes: Callable[..., dict[str, Any]]) -> Callable[..., bool]:
    """A conditional update without its condition: the row gets these changes, whatever it is by now."""

    def update(self: models.Model, **given: Any) -> bool:
        rows = type(self)._base_manager.filter(pk=self.pk)
        rows.update(**changes(self, **given))
        self.refresh_from_db()
        return True

    return update


def _believed(token: str, *, salt: str) -> Any:
    return json.loads(signing.b64_decode(token.split(":")[0].encode()))


# Django's `signing` that reads what nobody signed.
credulous_signing = SimpleNamespace(loads=_believed, dumps=signing.dumps, BadSignature=signing.BadSignature)
