"""In how many places at once a viewer plays: his slots, and which session holds each."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from videos.models.watching import PlaybackSession, ViewerCode

# How long a lease must have been silent before another browser may take it. Pages beat every two seconds.
SILENT_AFTER: Final = timedelta(seconds=6)


class StreamLeaseQuerySet(models.QuerySet["StreamLease"]):
    def alive(self, *, at: datetime) -> Self:
        """Those that nobody may take without being told to."""
        return self.filter(beaten_at__gt=at - SILENT_AFTER)


class StreamLease(models.Model):
    """One viewer's leave to play in one place, held by a session; there are as many slots as places.

    `browser` is the session's, kept here too so that who takes the lease need look at no other row.
    """

    viewer_code = models.ForeignKey(
        ViewerCode, on_delete=models.CASCADE, related_name="leases", db_index=False
    )
    slot = models.PositiveSmallIntegerField()
    session = models.ForeignKey(
        PlaybackSession, on_delete=models.CASCADE, related_name="leases", db_index=False
    )
    browser = models.CharField(max_length=32, blank=True)
    taken_at = models.DateTimeField(_("taken"))
    beaten_at = models.DateTimeField(_("last sign of life"))

    objects = StreamLeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        constraints = [
            # Also how each is found.
            models.UniqueConstraint(fields=["viewer_code", "slot"], name="one_lease_per_viewer_slot"),
            models.CheckConstraint(condition=Q(slot__gte=1), name="slots_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_code} {self.slot}"
