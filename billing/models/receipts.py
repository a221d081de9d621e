"""The running numbers of the seller's papers: one series for receipts, one for credit notes."""

from typing import Final

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# One statement: its lock on the row is held until the transaction ends, and undone with it.
_NEXT: Final = """
    INSERT INTO billing_receiptcounter (id, last) VALUES (%s, 1)
    ON CONFLICT (id) DO UPDATE SET last = billing_receiptcounter.last + 1 RETURNING last
"""


class ReceiptCounterManager(models.Manager["ReceiptCounter"]):
    def next(self) -> int:
        """Take a receipt's number, in the transaction that uses it: what is undone gives it back, without a
        gap.

        Others who want one wait until that transaction has ended.
        """
        return self._take(ReceiptCounter.Series.RECEIPTS)

    def next_credit_note(self) -> int:
        """Take a credit note's number in the same way; receipts do not wait for it."""
        return self._take(ReceiptCounter.Series.CREDIT_NOTES)

    def _take(self, series: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [series])
            (number,) = cursor.fetchone()
        return int(number)


class ReceiptCounter(models.Model):
    """The last number that a paper of a series got: a row for each series, or none before its first paper."""

    class Series(models.IntegerChoices):
        RECEIPTS = 1, _("Receipts")
        CREDIT_NOTES = 2, _("Credit notes")

    last = models.PositiveBigIntegerField(_("last number"), default=0)

    objects = ReceiptCounterManager()

    class Meta:
        verbose_name = _("receipt counter")
        verbose_name_plural = _("receipt counters")
        constraints = [models.CheckConstraint(condition=Q(pk__in=[1, 2]), name="one_counter_per_series")]

    def __str__(self) -> str:
        return str(self.last)
