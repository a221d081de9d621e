"""What a buyer was told and agreed to before he paid: one row per order, which nobody ever changes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.orders import Order


class Consent(models.Model):
    """The words that stood at the till, by edition and hash, and whether the box under them was ticked.

    It is written with the order, before any money moves. A trigger refuses to change or delete it.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="consent")
    edition = models.CharField(_("edition of the terms"), max_length=20)
    law = models.CharField(_("law"), max_length=10, blank=True)
    kind = models.CharField(_("kind of the offer"), max_length=10)
    language = models.CharField(_("language"), max_length=10)
    fingerprint = models.CharField(_("SHA-256 of the words shown"), max_length=64)
    wanted_at_once = models.BooleanField(_("wanted it to begin at once"))
    knew_of_loss = models.BooleanField(_("knew what watching ends"))
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            # One box says both.
            models.CheckConstraint(
                condition=Q(wanted_at_once=False) | Q(knew_of_loss=True),
                name="wish_comes_with_acknowledgement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}/{self.law}/{self.language}"
