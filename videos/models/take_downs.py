"""A film leaves: from which instant on, why, and what becomes of what people have."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from videos.models.catalogue import Video


class TakeDownQuerySet(models.QuerySet["TakeDown"]):
    def standing(self) -> Self:
        """Those that were not called off."""
        return self.filter(called_off_at=None)


class TakeDown(models.Model):
    """Who has a film leave the shop at which instant, by what cause, and whether its owners keep it.

    It can be called off until then. The film's own `sold_until` and `watched_until` say the same.
    """

    class Cause(models.TextChoices):
        LICENCE = "licence", _("Our licence for it ends")
        DEMAND = "demand", _("Its rights holder demands it")
        LAW = "law", _("The law demands it")

    class Owners(models.TextChoices):
        KEEP = "keep", _("Keep it: who has it watches on")
        LOSE = "lose", _("Lose it: nobody watches it any more")

    video = models.ForeignKey(
        Video, on_delete=models.PROTECT, related_name="take_downs", verbose_name=_("film")
    )
    leaves_at = models.DateTimeField(_("leaves at"))
    cause = models.CharField(_("cause"), max_length=8, choices=Cause.choices)
    owners = models.CharField(_("owners"), max_length=4, choices=Owners.choices)
    reason = models.CharField(_("why"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"))
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True)
    # Set once all who lose it have a mail.
    told_at = models.DateTimeField(_("owners told"), null=True, blank=True, editable=False)

    objects = TakeDownQuerySet.as_manager()

    class Meta:
        verbose_name = _("take-down")
        verbose_name_plural = _("take-downs")
        constraints = [
            models.UniqueConstraint(
                fields=["video"], condition=Q(called_off_at=None), name="one_take_down_per_film"
            ),
            models.CheckConstraint(condition=Q(leaves_at__gte=F("asked_at")), name="film_leaves_once_asked"),
            models.CheckConstraint(
                condition=Q(called_off_at=None) | Q(called_off_at__lt=F("leaves_at")),
                name="take_down_is_called_off_in_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="take_down_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.video} {self.leaves_at:%Y-%m-%d}"

    @property
    def owners_lose_it(self) -> bool:
        return self.owners == self.Owners.LOSE

    def is_ahead(self, *, at: datetime) -> bool:
        """Whether the film is there still."""
        return self.called_off_at is None and at < self.leaves_at

    def call_off(self, *, at: datetime) -> bool:
        """Note that the film stays, and return whether this call did it; not once it has left."""
        ahead = TakeDown.objects.standing().filter(pk=self.pk, leaves_at__gt=at)
        return bool(ahead.update(called_off_at=at))
