"""Who is watching: a viewer under his code, on one device, one film."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from videos.kollus.play_callback import Forbidden
from videos.models.catalogue import Video
from videos.models.rights import Entitlement
from videos.models.viewer_codes import new_code


class ViewerCode(models.Model):
    """The opaque name under which Kollus knows a viewer (`cuid`), one per user and one per guest's
    browser.
    """

    code = models.CharField(_("code"), max_length=16, unique=True, default=new_code)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    visitor = models.CharField(max_length=32, null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("viewer code")
        verbose_name_plural = _("viewer codes")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, visitor__isnull=True)
                | Q(user__isnull=True, visitor__isnull=False),
                name="code_names_one_viewer",
            )
        ]

    def __str__(self) -> str:
        return self.code


def _new_reference() -> str:
    return secrets.token_urlsafe(16)


class PlaybackSession(models.Model):
    """One viewer on one device watching one video."""

    reference = models.CharField(_("reference"), max_length=32, unique=True, default=_new_reference)
    viewer_code = models.ForeignKey(ViewerCode, on_delete=models.PROTECT, related_name="sessions")
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="sessions")
    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="sessions")
    opened_at = models.DateTimeField(_("opened"))
    link_until = models.DateTimeField(_("link valid until"))
    # The device is bound by the first playback callback; a second one is refused.
    player_id = models.CharField(_("player"), max_length=120, blank=True)
    # What the page ran in: one name for all of a browser's pages, and what its owner calls it.
    browser = models.CharField(max_length=32, blank=True, default="", db_default="")
    device = models.CharField(_("device"), max_length=60, blank=True, default="", db_default="")
    # Its link was for a player that keeps the film, which is no viewing before the copy is played.
    is_to_keep = models.BooleanField(_("to be kept"), default=False, db_default=False, editable=False)
    # Set where its viewer ended it in the list of devices; it never plays again.
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Its player's questions and errors, line by line (`play_log`).
    happened = models.TextField(default="", db_default="", blank=True, editable=False)

    # Whether it holds a place to play, where `playing_sql` has looked.
    holds_lease = False

    # What a yes to its player still forbids, as `playing_sql.find_session` read it.
    forbidden = Forbidden()

    class Meta:
        verbose_name = _("playback session")
        verbose_name_plural = _("playback sessions")

    def __str__(self) -> str:
        return self.reference

    def may_play(self, *, at: datetime) -> bool:
        """Whether its right is good, and the film's licence lets it open the film."""
        return self.entitlement.is_valid(at=at) and self.entitlement.is_licensed(self.video, at=at)
