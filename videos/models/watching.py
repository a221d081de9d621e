"""Who may watch what, who is watching, and how far they came."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.identity import Viewer
from videos.kollus.play_callback import Forbidden
from videos.models.catalogue import Collection, Video
from videos.models.licences import MEMBERSHIP, outlasting
from videos.models.viewer_codes import new_code


def opens(video: Video | OuterRef) -> Q:
    """The condition on an entitlement that it opens this video, by itself or through a collection.

    A join, since a subquery here would take an `OuterRef` for a column of the entitlement.
    """
    return Q(video=video) | Q(collection__items__video=video) | Q(everything=True)


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    def held_by(self, viewer: Viewer) -> Self:
        """Rows of the signed-in user, and of the passes that he or the browser holds."""
        by_pass = Q(reference__in=viewer.references())
        if viewer.user_id is None:
            return self.filter(by_pass)
        # Each found through its own index: one condition with OR would read the whole table.
        rows = Entitlement.objects.order_by()
        by_user = rows.filter(user_id=viewer.user_id).values("pk")
        return self.filter(pk__in=by_user.union(rows.filter(by_pass).values("pk"), all=True))

    def valid(self, *, at: datetime) -> Self:
        """Rows that let their holder press play at this instant."""
        return self.lasting(at=at).filter(starts_at__lte=at)

    def lasting(self, *, at: datetime) -> Self:
        """Rows that let their holder press play now or later."""
        return self.filter(
            Q(ends_at=None) | Q(ends_at__gt=at),
            Q(start_by=None) | Q(ends_at__isnull=False) | Q(start_by__gt=at),
            revoked_at=None,
        )

    def opening(self, video: Video, *, at: datetime) -> Self:
        """Rows that open this video, as long as its licence lets them."""
        rows = self.filter(opens(video))
        if not video.may_be_watched(at=at):
            return rows.none()
        if video.sold_until is not None and not video.may_be_sold(at=at):
            return rows.filter(outlasting(video.sold_until))
        return rows


class Entitlement(models.Model):
    """Somebody may watch a video, a collection (live: what is added is included) or everything.

    Valid while starts_at <= at < ends_at. A rental has no `ends_at` until it is started, and must be
    started before `start_by`.
    """

    class Reason(models.TextChoices):
        PURCHASE = "purchase", _("Purchase")
        GIFT = "gift", _("Gift from the shop")
        MEMBERSHIP = "membership", _("Membership")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="entitlements"
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    reference = models.CharField(_("reference"), max_length=32)
    note = models.CharField(_("why"), max_length=200, blank=True)
    video = models.ForeignKey(
        Video, on_delete=models.PROTECT, null=True, blank=True, related_name="entitlements"
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, null=True, blank=True, related_name="entitlements"
    )
    everything = models.BooleanField(_("everything"), default=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    start_by = models.DateTimeField(_("start by"), null=True, blank=True)
    hours_once_started = models.PositiveSmallIntegerField(_("hours once started"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_because = models.CharField(_("revoked because"), max_length=200, blank=True)
    end_told_at = models.DateTimeField(_("told of its end"), null=True, blank=True, editable=False)

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("entitlement")
        verbose_name_plural = _("entitlements")
        constraints = [
            models.CheckConstraint(
                condition=Q(video__isnull=False, collection__isnull=True, everything=False)
                | Q(video__isnull=True, collection__isnull=False, everything=False)
                | Q(video__isnull=True, collection__isnull=True, everything=True),
                name="entitlement_has_one_target",
                violation_error_message=_("Choose one: a video, a collection, or everything."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="entitlement_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["reason", "reference", "video"],
                condition=Q(video__isnull=False),
                name="one_entitlement_per_reason_video",
            ),
            models.UniqueConstraint(
                fields=["reason", "reference", "collection"],
                condition=Q(collection__isnull=False),
                name="one_entitlement_per_reason_collection",
            ),
            models.UniqueConstraint(
                fields=["reason", "reference"],
                condition=Q(everything=True),
                name="one_entitlement_per_reason_everything",
            ),
        ]
        indexes = [
            # Serve the passes of a browser, the admin's list of what was revoked, and the mails of an end.
            models.Index(fields=["reference"], name="entitlement_reference"),
            models.Index(fields=["-id"], condition=Q(revoked_at__isnull=False), name="entitlement_revoked"),
            models.Index(
                fields=["ends_at"],
                condition=Q(hours_once_started__isnull=False, end_told_at=None, revoked_at=None),
                name="rental_running_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.reference}"

    @property
    def is_rental(self) -> bool:
        return self.hours_once_started is not None

    @property
    def is_started(self) -> bool:
        return self.ends_at is not None

    def is_valid(self, *, at: datetime) -> bool:
        """The same rule as `EntitlementQuerySet.valid`, for a row at hand."""
        return (
            self.revoked_at is None
            and self.starts_at <= at
            and (self.ends_at is None or at < self.ends_at)
            and (self.start_by is None or self.ends_at is not None or at < self.start_by)
        )

    def closes_at(self, video: Video) -> datetime | None:
        """From when on the film's licence keeps this right from opening it; None where it never does.

        The same rule as `EntitlementQuerySet.opening`, for rows at hand.
        """
        if video.watched_until is not None or video.sold_until is None or self.video_id is not None:
            return video.watched_until
        outlasts = self.reason != MEMBERSHIP and self.starts_at < video.sold_until
        return None if outlasts else video.sold_until

    def is_licensed(self, video: Video, *, at: datetime) -> bool:
        closes_at = self.closes_at(video)
        return closes_at is None or at < closes_at

    def start(self, *, at: datetime) -> bool:
        """Start a rental's hours at its first play and return whether this call did it.

        A second start changes nothing. Nor does the start of a right that is not valid then: a rental whose
        time to start has passed is not brought back by a report that comes late.
        """
        if self.hours_once_started is None or self.is_started or not self.is_valid(at=at):
            return False
        ends_at = at + timedelta(hours=self.hours_once_started)
        unstarted = Entitlement.objects.filter(pk=self.pk, ends_at=None, revoked_at=None)
        is_first = bool(unstarted.update(ends_at=ends_at))
        self.ends_at = (
            ends_at if is_first else Entitlement.objects.values_list("ends_at", flat=True).get(pk=self.pk)
        )
        return is_first


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
