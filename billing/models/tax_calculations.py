"""What Stripe Tax worked out for an attempt, before the attempt was sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.payments import Payment


class TaxCalculation(models.Model):
    """The tax within an attempt's amount by Stripe. The order takes it over if this attempt's intent is paid.

    A rate of several authorities is their sum, rounded to hundredths of a percent.
    """

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="tax_calculation")
    calculation_id = models.CharField(_("Stripe's calculation"), max_length=64, unique=True)
    country = models.CharField(_("taxed in"), max_length=2)
    basis_points = models.PositiveIntegerField(_("tax rate in hundredths of a percent"))
    tax_minor = models.BigIntegerField(_("tax in minor units"))

    class Meta:
        verbose_name = _("tax calculation")
        verbose_name_plural = _("tax calculations")
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_minor=0) | Q(tax_minor__gt=0, basis_points__gt=0),
                name="calculated_tax_has_a_rate",
            ),
        ]

    def __str__(self) -> str:
        return self.calculation_id
