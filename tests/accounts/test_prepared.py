"""The statements that buyers wait on: planned once for each connection, and Django's in every other way."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.prepared import prepared_cursor

pytestmark = pytest.mark.django_db

_ASKED = "SELECT count(*) FROM accounts_pass WHERE visitor = %(visitor)s"


def _ask(visitor: str) -> None:
    with prepared_cursor() as cursor:
        cursor.execute(_ASKED, {"visitor": visitor})
        assert cursor.fetchone() == (0,)


def test_a_statement_asked_often_is_planned_for_good() -> None:
    for number in range(5):
        _ask(f"visitor-{number}")
    with connection.cursor() as cursor:
        kept = "SELECT count(*) FROM pg_prepared_statements WHERE starts_with(statement, %s)"
        cursor.execute(kept, [_ASKED.partition("%")[0]])
        assert cursor.fetchone() == (1,)


def test_its_plan_is_made_once_whatever_the_values() -> None:
    for number in range(12):  # by itself PostgreSQL would decide after the fifth
        _ask(f"visitor-{number}")
    with connection.cursor() as cursor:
        counts = "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
        cursor.execute(f"{counts} WHERE starts_with(statement, %s)", [_ASKED.partition("%")[0]])
        ((generic, custom),) = cursor.fetchall()
    assert (generic > 5, custom) == (True, 0)


def test_the_orms_own_statements_are_not_kept() -> None:
    for _ in range(5):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'not kept'")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%not kept''%'")
        assert cursor.fetchone() == (0,)


def test_it_is_counted_like_any_other() -> None:
    asked: list[str] = []

    def counted(execute: Any, sql: str, *details: Any) -> Any:
        asked.append(sql)
        return execute(sql, *details)

    with connection.execute_wrapper(counted):
        _ask("somebody")
    assert asked == [_ASKED]


def test_its_errors_are_djangos() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute("INSERT INTO accounts_pass (visitor) VALUES (%s)", ["somebody"])
