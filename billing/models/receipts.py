"""The running number of the seller's receipts."""

from typing import Final

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# One statement: its lock on the row is held until the transaction ends, and undone with it.
_NEXT: Final = """
    INSERT INTO billing_receiptcounter (id, last) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET last = billing_receiptcounter.last + 1 RETURNING last
"""


class ReceiptCounterManager(models.Manager["ReceiptCounter"]):
    def next(self) -> int:
        """Take the next number, in the transaction that uses it: what is undone gives it back, without a gap.

        Others who want one wait until that transaction has ended.
        """
        with connection.cursor() as cursor:
            cursor.execute(_NEXT)
            (number,) = cursor.fetchone()
        return int(number)


class ReceiptCounter(models.Model):
    """The last number that a receipt got: one row, or none before the first sale."""

    last = models.PositiveBigIntegerField(_("last number"), default=0)

    objects = ReceiptCounterManager()

    class Meta:
        verbose_name = _("receipt counter")
        verbose_name_plural = _("receipt counters")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_receipt_counter")]

    def __str__(self) -> str:
        return str(self.last)
