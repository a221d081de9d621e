"""Who may watch what, and until when."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.identity import Viewer
from videos.models.catalogue import Collection, Video
from videos.models.licences import MEMBERSHIP, outlasting


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
