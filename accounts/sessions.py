"""Where a browser's session is kept: Django's own table and rules, with the one hot query written out."""

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from accounts.prepared import prepared_cursor

_LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """As Django's; compiled anew by the ORM its query would cost more than the rest of a playback link."""

    def load(self) -> dict[str, object]:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with prepared_cursor() as cursor:
            cursor.execute(_LOAD, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
