"""Files on their way to Kollus, what Kollus tells of them, and what it said of a film when last asked."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from videos.models.catalogue import Video

_SOONEST, _LATEST = timedelta(seconds=30), timedelta(hours=1)
_ASKED_FOR = timedelta(days=7)
# Each sync asks about every film, four times a day.
_STALE_AFTER = timedelta(hours=13)


class UploadQuerySet(models.QuerySet["Upload"]):
    def due(self, *, at: datetime) -> Self:
        return self.filter(look_after__lte=at)


class Upload(models.Model):
    """One file sent, or to be sent, to one upload address of Kollus."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being sent")
        GIVEN_UP = "given_up", _("Not finished")
        UPLOADED = "uploaded", _("Arrived, being prepared")
        FAILED = "failed", _("Could not be prepared")
        TRANSCODED = "transcoded", _("Prepared")
        READY = "ready", _("Ready to play")

    ARRIVED: Final = (State.UPLOADED, State.TRANSCODED, State.READY)
    MOVING: Final = (State.WAITING, State.UPLOADED, State.TRANSCODED)

    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="uploads")
    upload_file_key = models.CharField(_("upload file key"), max_length=64, unique=True)
    file_name = models.CharField(_("file"), max_length=255)
    file_size = models.BigIntegerField(_("size in bytes"))
    # By which the page knows the same file again: a hash over its size and both its ends.
    file_mark = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    asked_at = models.DateTimeField(_("begun"))
    address_until = models.DateTimeField(_("address good until"))
    uploaded_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    decided_at = models.DateTimeField(_("prepared or failed"), null=True, blank=True)
    look_after = models.DateTimeField(_("ask Kollus after"), null=True, blank=True)
    trouble = models.CharField(_("trouble"), max_length=80, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [
            models.UniqueConstraint(
                fields=["video"], condition=Q(state="waiting"), name="one_waiting_upload_per_video"
            ),
            models.CheckConstraint(condition=Q(file_size__gt=0), name="upload_size_is_above_zero"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "given_up"]) | Q(uploaded_at__isnull=False),
                name="arrived_upload_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "given_up", "uploaded"]) | Q(decided_at__isnull=False),
                name="decided_upload_has_time",
            ),
        ]
        # Serves the sweep.
        indexes = [
            models.Index(fields=["look_after"], condition=Q(look_after__isnull=False), name="upload_due")
        ]

    def __str__(self) -> str:
        return self.upload_file_key

    @property
    def is_given_up_on(self) -> bool:
        """Whether it is undecided, and Kollus is not asked about it any more."""
        return self.state in self.MOVING and self.look_after is None

    def become(self, state: "Upload.State", *, at: datetime) -> bool:
        """Move on, from a state that comes before, and return whether this call did it."""
        moved = Upload.objects.filter(pk=self.pk, state__in=_BEFORE[state]).update(**_facts(state, at))
        self.refresh_from_db()
        return bool(moved)

    def look_again(self, *, at: datetime, trouble: str = "") -> None:
        """Have Kollus asked again, the later the longer nothing happens; or never, where all is decided, or
        nothing came of it for a week: the sync, which reads the whole library, finds it still.
        """
        age = at - self.asked_at
        is_open = self.state in self.MOVING and age < _ASKED_FOR
        later = at + min(max(age / 4, _SOONEST), _LATEST) if is_open else None
        Upload.objects.filter(pk=self.pk).update(look_after=later, trouble=trouble)


_S = Upload.State
# News come doubled and in any order: what came before the state that they tell of. A failed file may be
# prepared anew in Kollus' console, and one that was given up here may have arrived all the same.
_BEFORE: Final[dict[Upload.State, tuple[Upload.State, ...]]] = {
    _S.GIVEN_UP: (_S.WAITING,),
    _S.UPLOADED: (_S.WAITING, _S.GIVEN_UP),
    _S.FAILED: (_S.WAITING, _S.GIVEN_UP, _S.UPLOADED),
    _S.TRANSCODED: (_S.WAITING, _S.GIVEN_UP, _S.UPLOADED, _S.FAILED),
    _S.READY: (_S.WAITING, _S.GIVEN_UP, _S.UPLOADED, _S.FAILED, _S.TRANSCODED),
}


def _facts(state: Upload.State, at: datetime) -> dict[str, object]:
    facts: dict[str, object] = {"state": state, "trouble": ""}
    if state != Upload.State.GIVEN_UP:
        facts["uploaded_at"] = Coalesce(F("uploaded_at"), at)
    if state in (Upload.State.FAILED, Upload.State.TRANSCODED, Upload.State.READY):
        facts["decided_at"] = Coalesce(F("decided_at"), at)
    return facts


class KollusEventQuerySet(models.QuerySet["KollusEvent"]):
    def due(self, *, at: datetime) -> Self:
        return self.filter(Q(try_after=None) | Q(try_after__lte=at), processed_at=None)


class KollusEvent(models.Model):
    """A notice of Kollus' servers. It is a nudge: what it tells is asked of Kollus anew."""

    class Kind(models.TextChoices):
        UPLOAD = "upload", _("upload")
        TRANSCODING = "transcoding", _("transcoding")
        UPDATE = "update", _("update")
        CHANNEL = "channel", _("channel")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    upload_file_key = models.CharField(_("upload file key"), max_length=64)
    told = models.CharField(_("told"), max_length=20, blank=True)
    received_at = models.DateTimeField(_("received"))
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    try_after = models.DateTimeField(_("try again after"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=80, blank=True)

    objects = KollusEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Kollus event")
        verbose_name_plural = _("Kollus events")
        constraints = [
            # The same notice again is the same work, until that is done.
            models.UniqueConstraint(
                fields=["kind", "upload_file_key", "told"],
                condition=Q(processed_at=None),
                name="one_waiting_kollus_event",
            )
        ]
        indexes = [
            # Serve the sweep and the search by key.
            models.Index(fields=["received_at"], condition=Q(processed_at=None), name="kollus_event_due"),
            models.Index(fields=["upload_file_key"], name="kollus_event_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.upload_file_key}"

    def claim(self, *, until: datetime, at: datetime) -> bool:
        """Take the event for processing; of several workers one gets it, until `until`."""
        due = KollusEvent.objects.due(at=at).filter(pk=self.pk)
        return bool(due.update(try_after=until, attempts=F("attempts") + 1))

    def mark_processed(self, outcome: str, *, at: datetime) -> None:
        """Done, unless the same notice came again meanwhile: it may tell of more than was read."""
        same = KollusEvent.objects.filter(pk=self.pk, received_at=self.received_at)
        if not same.update(processed_at=at, outcome=outcome):
            KollusEvent.objects.filter(pk=self.pk).update(try_after=None)

    def put_off(self, why: str, *, until: datetime) -> None:
        KollusEvent.objects.filter(pk=self.pk).update(try_after=until, outcome=why)


class KollusFilm(models.Model):
    """What Kollus said of a video's file when it was last asked."""

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="at_kollus")
    is_there = models.BooleanField(_("in the library"))
    is_transcoded = models.BooleanField(_("prepared"), default=False)
    is_encrypted = models.BooleanField(_("Kollus DRM"), default=False)
    is_in_channel = models.BooleanField(_("in the channel"), default=False)
    # Set where it lay in the channel and was taken out at Kollus: who did that puts it back, not we.
    left_channel_at = models.DateTimeField(_("taken out of the channel"), null=True, blank=True)
    captions = models.JSONField(_("captions"), default=list, blank=True)
    # The key of a trailer that was looked for in the film's channel, and whether it lies there.
    trailer_key = models.CharField(
        _("trailer looked for"), max_length=16, blank=True, default="", db_default=""
    )
    has_trailer = models.BooleanField(_("trailer in the channel"), default=False, db_default=False)
    looked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("film at Kollus")
        verbose_name_plural = _("films at Kollus")

    def __str__(self) -> str:
        return f"{self.looked_at:%Y-%m-%d %H:%M}"

    def is_stale(self, *, at: datetime) -> bool:
        """Whether the last two syncs should have asked, and did not come through."""
        return at - self.looked_at > _STALE_AFTER
