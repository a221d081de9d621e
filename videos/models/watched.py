"""How far viewers came, and what of a film was seen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from videos.models.catalogue import Video
from videos.models.watching import ViewerCode


class WatchProgress(models.Model):
    """How far one viewer came in one video."""

    viewer_code = models.ForeignKey(ViewerCode, on_delete=models.CASCADE, related_name="progress")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="progress", db_index=False)
    position_seconds = models.PositiveIntegerField(_("position in seconds"), default=0)
    watched_seconds = models.PositiveIntegerField(_("watched seconds"), default=0)
    # The instant the position belongs to; a report of an earlier one does not move it.
    reported_at = models.DateTimeField(_("reported"))
    # Which seconds were seen at all (`seconds`), and what each start played (`played_parts`).
    seen = models.TextField(_("seconds seen"), default="", db_default="", blank=True)
    parts = models.TextField(default="", db_default="", blank=True)
    played_seconds = models.PositiveIntegerField(_("played seconds"), default=0, db_default=0)
    # When the first session was opened that told of anything: nobody saw more than fits since.
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    # What of it the film's `WatchMap` has.
    mapped_seen = models.TextField(default="", db_default="", blank=True, editable=False)
    mapped_parts = models.TextField(default="", db_default="", blank=True, editable=False)
    is_mapped = models.BooleanField(default=False, db_default=False, editable=False)
    # Each writer writes only over what it read.
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.UniqueConstraint(fields=["viewer_code", "video"], name="one_progress_per_viewer_video")
        ]
        indexes = [
            # Serve a film's list of viewers, and what its map lacks yet.
            models.Index(fields=["video", "-id"], name="progress_of_video"),
            models.Index(fields=["video", "id"], condition=Q(is_mapped=False), name="progress_unmapped"),
        ]

    def __str__(self) -> str:
        return f"{self.position_seconds}s"

    @property
    def is_complete(self) -> bool:
        return self.completed_at is not None


class WatchMap(models.Model):
    """How often each second of a film was seen: added up from `WatchProgress`, whose newest words follow.

    `saw` counts viewers, `played` counts replays too; each by the film's second.
    """

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="watch_map")
    saw = models.JSONField(default=list)
    played = models.JSONField(default=list)
    viewers = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.viewers}"
