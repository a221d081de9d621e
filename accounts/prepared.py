"""Statements that PostgreSQL plans once for each connection, not at each call."""

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


def prepared_cursor() -> CursorWrapper:
    """This will open a cursor for the few statements that buyers wait on most.

    Django's own puts the values into the text, so that each call is a new statement to plan, which takes
    PostgreSQL longer than to run it. SQLite keeps its plans by itself, and where Django writes statements
    down (DEBUG) its own has to do, which alone knows their text. Behind a pooler that gives every transaction
    another connection, `prepare_threshold=none` in DATABASE_URL leaves the plans out.
    """
    cursor = connection.cursor()
    if connection.vendor == "postgresql" and not connection.queries_logged:
        cursor.cursor = psycopg.Cursor(connection.connection)
    return cursor
