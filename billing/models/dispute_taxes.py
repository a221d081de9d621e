"""What a bank's verdict does to the tax that is owed of a sale: a row per verdict, booked by that row."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.disputes import Dispute
from videos import money


class DisputeTax(models.Model):
    """Tax that is not owed any more, since a bank gave the money back; below zero where it is owed again."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="taxes")
    number = models.PositiveSmallIntegerField(_("verdict"))
    # What the ledger's entry is named by.
    key = models.CharField(max_length=68, unique=True)
    amount_minor = models.BigIntegerField(_("tax given back, in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    booked_at = models.DateTimeField(_("booked for"))

    class Meta:
        verbose_name = _("tax of a dispute")
        verbose_name_plural = _("taxes of disputes")
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="dispute_taxes_are_numbered"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="dispute_tax_is_not_zero"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def amount_text(self) -> str:
        return money.format_amount(self.amount_minor, self.currency)
