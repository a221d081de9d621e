"""The whole database as text, to be searched for a name."""

import json

from django.contrib.sessions.models import Session
from django.db import connection


def whole() -> str:
    """Every row of every table, those of the framework included."""
    return "\n".join(_rows())


def naming(*names: str) -> list[str]:
    """The rows in which one of the names stands, however it is written."""
    written = {each.lower() for name in names for each in (name, json.dumps(name).strip('"'))}
    return [row for row in _rows() if any(each in row.lower() for each in written)]


def _rows() -> list[str]:
    told = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (the table is the database's own word)
            told += [f"{table} {', '.join(map(str, row))}" for row in cursor.fetchall()]
    # Their rows are packed, so that nothing stands in them to be read.
    return told + [f"a session holds {each.get_decoded()}" for each in Session.objects.order_by("pk")]
