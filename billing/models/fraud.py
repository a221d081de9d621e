"""What issuers say of a payment before anybody disputes it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.orders import Order


class FraudWarning(models.Model):
    """An issuer's early word that a payment was fraud. A refund in time spares the dispute and its fee."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fraud_warnings")
    warning_id = models.CharField(_("Stripe's warning"), max_length=64, unique=True)
    charge_id = models.CharField(_("Charge"), max_length=64)
    # Stripe's word for how the card was misused.
    fraud_type = models.CharField(_("kind of fraud"), max_length=60)
    # Until it is refunded in full or disputed.
    is_actionable = models.BooleanField(_("a refund still helps"))
    warned_at = models.DateTimeField(_("warned"))

    class Meta:
        verbose_name = _("fraud warning")
        verbose_name_plural = _("fraud warnings")
        indexes = [
            # Serves the admin's search by Stripe's charge.
            models.Index(fields=["charge_id"], name="fraud_warning_charge"),
        ]

    def __str__(self) -> str:
        return self.warning_id
