"""Withdrawing without an account: one row per wish, from the form to the button in the mail."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.orders import Order


class Withdrawal(models.Model):
    """Somebody named an order and an address. Where they belong together a one-time link was mailed.

    Whoever asked for what there is not leaves no row. `withdrawn_at` is when the button was pressed.
    """

    reference = models.CharField(_("reference"), max_length=32)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=10)
    window = models.DateTimeField(_("within ten minutes from"))
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("link mailed"), null=True, blank=True)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("link is good until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "email", "window"], name="one_withdrawal_asked_per_window"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(order__isnull=False), name="withdrawn_from_an_order"
            ),
        ]
        indexes = [
            # Serves the task that answers.
            models.Index(fields=["id"], condition=Q(answered_at=None), name="withdrawal_waiting"),
        ]

    def __str__(self) -> str:
        return self.reference

    def claim(self, *, at: datetime) -> bool:
        """Use the link, and return whether this call did: it can be used once, while it is good."""
        claimed = Withdrawal.objects.filter(pk=self.pk, withdrawn_at=None, expires_at__gt=at).update(
            withdrawn_at=at
        )
        self.refresh_from_db(fields=["withdrawn_at"])
        return bool(claimed)
