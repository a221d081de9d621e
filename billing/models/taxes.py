"""What a country takes of a sale, by date."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    def of(self, country: str, *, on: date) -> "TaxRate | None":
        """The rate that is in force in a country on that day, None where none is known."""
        return self.filter(country=country, starts_on__lte=on).order_by("-starts_on").first()


class TaxRate(models.Model):
    """A country's rate from a day on, until the day on which the country's next one starts.

    So there is never a day with two. A rate of 0 says that nothing is taken; no rate, that nobody knows.
    """

    country = models.CharField(_("country"), max_length=2)
    starts_on = models.DateField(_("in force from"))
    basis_points = models.PositiveIntegerField(_("rate in hundredths of a percent"))

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.UniqueConstraint(fields=["country", "starts_on"], name="one_tax_rate_per_country_day"),
            models.CheckConstraint(condition=Q(basis_points__lt=10_000), name="tax_rate_is_below_the_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.percent_text}"

    @property
    def percent_text(self) -> str:
        return percent_text(self.basis_points)


def percent_text(basis_points: int) -> str:
    """This will write a rate as people do: 19 %, 25.5 %."""
    return f"{(Decimal(basis_points) / 100).normalize():f}\N{NO-BREAK SPACE}%"
