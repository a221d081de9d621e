"""What the shop keeps of its talks with Kollus' servers: whose turn it is to call."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

# Kollus asks for a second between calls; they arrive a little closer together than they were sent.
# Source: https://catenoid-support.gitbook.io/developer-welcome-kit/vod/vod-api
_BETWEEN_CALLS = timedelta(seconds=1.1)


class KollusTurnManager(models.Manager["KollusTurn"]):
    def take(self, *, at: datetime, patience_seconds: float) -> datetime | None:
        """This will give the instant of this caller's own call, None where that is too far off.

        All processes of the shop share the row, and each instant is given once.
        """
        self.get_or_create(pk=1, defaults={"free_at": at})
        while True:
            free_at = self.values_list("free_at", flat=True).get(pk=1)
            turn = max(at, free_at)
            if turn - at > timedelta(seconds=patience_seconds):
                return None
            if self._move(free_at, turn + _BETWEEN_CALLS):
                return turn

    def _move(self, read: datetime, to: datetime) -> bool:
        return bool(self.filter(pk=1, free_at=read).update(free_at=to))


class KollusTurn(models.Model):
    """When the next call to Kollus' API may be made; one row."""

    free_at = models.DateTimeField()

    objects = KollusTurnManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_turn_for_kollus")]

    def __str__(self) -> str:
        return f"{self.free_at:%H:%M:%S}"
