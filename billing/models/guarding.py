"""How hard somebody tries: counters by what an attacker cannot change, in windows of time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# One statement counts for all keys and tells what they came to, so that no two callers are told the same
# count. A window begins with half of the one before it, and never below zero.
_ADD: Final = """
    INSERT INTO billing_heat AS heat (key, since, count) VALUES {rows}
    ON CONFLICT (key, since) DO UPDATE
    SET count = CASE WHEN heat.count + %s > 0 THEN heat.count + %s ELSE 0 END
    RETURNING key, count
"""
_ROW: Final = """(%s, %s, CASE WHEN %s > 0 THEN %s ELSE 0 END + COALESCE(
    (SELECT CASE WHEN last.count > %s THEN %s ELSE last.count / 2 END
     FROM billing_heat AS last WHERE last.key = %s AND last.since = %s), 0))"""


class HeatQuerySet(models.QuerySet["Heat"]):
    def add(
        self, keys: Sequence[str], by: int, *, since: datetime, window: timedelta, most_kept: int
    ) -> dict[str, int]:
        """Count for each key in the window that begins at `since`, and return what each came to.

        A window that is new starts with half of the one before it, `most_kept` at the most.
        """
        adapt = connection.ops.adapt_datetimefield_value
        this, before = adapt(since), adapt(since - window)
        ordered = sorted(keys)  # in one order, so that no two callers wait for each other
        rows = [
            value for key in ordered for value in (key, this, by, by, 2 * most_kept, most_kept, key, before)
        ]
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(rows=", ".join([_ROW] * len(ordered))), [*rows, by, by])
            return dict(cursor.fetchall())


class Heat(models.Model):
    """How many tries to pay, that brought no sale, bore one key in one window of time."""

    key = models.CharField(_("counted by"), max_length=80)
    since = models.DateTimeField(_("since"))
    count = models.IntegerField(_("tries"), default=0)

    objects = HeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("heat")
        verbose_name_plural = _("heat")
        constraints = [
            models.UniqueConstraint(fields=["key", "since"], name="one_heat_per_key_and_window"),
            models.CheckConstraint(condition=Q(count__gte=0), name="heat_is_not_below_zero"),
        ]
        indexes = [models.Index(fields=["since"], name="heat_old")]  # serves the clearing away

    def __str__(self) -> str:
        return self.key
