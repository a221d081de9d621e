"""Statements written out instead of compiled anew by the ORM, which would cost ten times as much on the paths
that many viewers wait on.

They read in both of our databases. A test holds each to what the ORM says.
"""

from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection, models

from accounts.prepared import prepared_cursor
from videos.models.rights import Entitlement

M = TypeVar("M", bound=models.Model)


def first(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """This will return the first row that a statement gives, None for none."""
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def rows(statement: str, values: dict[str, Any] | list[Any]) -> list[tuple[Any, ...]]:
    """This will return all rows that a statement gives."""
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def count(statement: str, values: dict[str, Any]) -> int:
    """This will return how many rows a statement wrote."""
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def loaded(model: type[M], **values: Any) -> M:
    """This will make a row as the ORM gives it; what was not asked for is fetched should anyone want it."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db(connection.alias, names, [values[name] for name in names])


def read_right(
    right_id: int,
    starts_at: datetime | None,
    ends_at: datetime | None,
    start_by: datetime | None,
    hours_once_started: int | None,
    revoked_at: datetime | None,
    reason: str | None = None,
    video_id: int | None = None,
) -> Entitlement:
    """This will make a right of the fields that tell whether it is valid; with `reason` those too that say
    what a film's licence means for it.
    """
    licensed = {} if reason is None else {"reason": reason, "video_id": video_id}
    return loaded(
        Entitlement,
        id=right_id,
        starts_at=read_instant(starts_at),
        ends_at=read_instant(ends_at),
        start_by=read_instant(start_by),
        hours_once_started=hours_once_started,
        revoked_at=read_instant(revoked_at),
        **licensed,
    )


def instant(at: datetime) -> Any:
    """This will write an instant as the database's own parameter."""
    return connection.ops.adapt_datetimefield_value(at)


def read_instant(value: datetime | None) -> datetime | None:
    """This will read one back: SQLite gives instants without their zone, which is UTC."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
