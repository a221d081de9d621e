from typing import Final

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from videos.models.catalogue import Collection


class Certificate(models.Model):
    """That its owner watched a whole course, as his player reported it.

    `name` is what he wants to be called there; who checks the code sees it only where he shares it. What the
    course was then stays: films are added to courses later.
    """

    LONGEST_CODE: Final = 24

    number = models.PositiveIntegerField(_("number"), unique=True)
    code = models.CharField(_("code"), max_length=LONGEST_CODE, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="certificates")
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField(_("name"), max_length=80)
    is_name_shared = models.BooleanField(_("name shown to who checks it"), default=False)
    films = models.PositiveIntegerField(_("films"))
    total_seconds = models.PositiveIntegerField(_("length in seconds"))
    completed_at = models.DateTimeField(_("completed"))
    issued_at = models.DateTimeField(_("made out"))
    time_zone = models.CharField(_("time zone"), max_length=64)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(fields=["user", "collection"], name="one_certificate_per_course")
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("videos:certificate_check", args=[self.code])
