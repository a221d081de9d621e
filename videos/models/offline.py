"""Copies of films on viewers' devices, as far as Kollus' installed players tell of them."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from videos.models.rights import Entitlement
from videos.models.watching import PlaybackSession


class OfflineCopyQuerySet(models.QuerySet["OfflineCopy"]):
    def kept(self, *, at: datetime) -> Self:
        """Those that lie on a device and can be played there."""
        ends_later = Q(expires_at__gt=at)
        return self.filter(ends_later, finished_at__isnull=False, taken_back_at=None)


class OfflineCopy(models.Model):
    """A film that one player keeps: its right, code, film and player are those of the session by whose link
    it was downloaded. The right stands here once more, so that its copies are counted without its viewings,
    of which there may be any number.
    """

    session = models.OneToOneField(PlaybackSession, on_delete=models.CASCADE, related_name="copy")
    entitlement = models.ForeignKey(
        Entitlement, on_delete=models.PROTECT, related_name="copies", editable=False
    )
    device = models.CharField(_("device"), max_length=60, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    finished_at = models.DateTimeField(_("downloaded"), null=True, blank=True)
    expires_at = models.DateTimeField(_("until"))
    # As the player told of its plays; empty where it may play any number of times.
    plays_left = models.PositiveSmallIntegerField(_("plays left"), null=True, blank=True)
    played_at = models.DateTimeField(_("last played"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = OfflineCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("offline copy")
        verbose_name_plural = _("offline copies")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("asked_at")), name="copy_lasts_beyond_its_download"
            ),
            models.CheckConstraint(
                condition=Q(played_at=None) | Q(finished_at__isnull=False), name="played_copy_is_downloaded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.device}".rstrip()
