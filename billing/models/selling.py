"""The switch that stops the tills."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Selling(models.Model):
    """What buyers can do just now: one row, or none where nobody has ever touched the switch.

    What was sold plays on in every mode, and payments under way are carried to their end.
    """

    class Mode(models.TextChoices):
        OPEN = "open", pgettext_lazy("shop", "Open")
        STOPPED = "stopped", _("Nothing is sold; everything else goes on")
        READ_ONLY = "read_only", _("Read-only: buyers can watch and look, and change nothing")

    mode = models.CharField(_("the shop is"), max_length=12, choices=Mode.choices, default=Mode.OPEN)
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("selling")
        verbose_name_plural = _("selling")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_switch_for_selling")]

    def __str__(self) -> str:
        return self.get_mode_display()
