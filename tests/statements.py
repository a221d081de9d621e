"""Counts the SQL that a request takes, the marks of transactions apart."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

T = TypeVar("T")

_MARKS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
_WRITE = re.compile(r"\b(INSERT INTO|UPDATE \S+ SET|DELETE FROM)\b")


class Statements(list[str]):
    """What was said to the database, in order."""

    @property
    def writes(self) -> list[str]:
        return [sql for sql in self if _WRITE.search(sql)]


@contextmanager
def counted() -> Iterator[Statements]:
    """Gather the statements of the block: `with counted() as sql: …; assert len(sql) <= 3`."""
    said = Statements()
    with CaptureQueriesContext(connection) as captured:
        yield said
    said += [each["sql"] for each in captured.captured_queries if not each["sql"].startswith(_MARKS)]


def of(act: Callable[[], T]) -> tuple[T, Statements]:
    """Do it, and tell what came of it and what it said to the database."""
    with counted() as sql:
        result = act()
    return result, sql
