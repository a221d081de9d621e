"""Whether any row waits for something: schedules ask it by the thousand."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Waiting:
    """One question about several tables, put together once: that takes longer than the answer."""

    def __init__(self, *rows: QuerySet[Any]) -> None:
        parts = [each.order_by().values("pk").query.sql_with_params() for each in rows]
        asked = " OR ".join(f"EXISTS ({statement})" for statement, _ in parts)
        self._statement = f"SELECT {asked}"
        self._values = [value for _, values in parts for value in values]

    def is_any(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(self._statement, self._values)
            return bool(cursor.fetchone()[0])
