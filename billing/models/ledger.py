"""The books: entries that are only ever added, and what Stripe says it did to its balance.

Triggers of the database (migration `0004_books`) refuse to change or delete either, and refuse at commit a
set of entries that does not come to zero in each currency.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from videos import money

# Written out: the ORM's way of passing over what is there also passes over broken checks on SQLite.
_POST: Final = """
    INSERT INTO billing_ledgerentry (cause, line, account, currency, amount_minor, booked_at)
    VALUES {rows} ON CONFLICT DO NOTHING
"""
_ROW: Final = "(%s, %s, %s, %s, %s, %s)"


class Row(NamedTuple):
    """An entry to be posted, in the order of its columns."""

    cause: str
    line: int
    account: str
    currency: str
    amount_minor: int
    booked_at: datetime


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def post(self, rows: Iterable[Row]) -> int:
        """Add entries in one statement, and return how many were new; what is there stays as it is."""
        adapt = connection.ops.adapt_datetimefield_value
        values = [(*row[:5], adapt(row.booked_at)) for row in rows]
        if not values:
            return 0
        with connection.cursor() as cursor:
            placeholders = ", ".join([_ROW] * len(values))
            cursor.execute(_POST.format(rows=placeholders), [each for row in values for each in row])
            return int(cursor.rowcount)


class LedgerEntry(models.Model):
    """One line of a balanced set. All lines of a set have the same `cause`, which is booked once and for all.

    Amounts are Stripe's minor units: debits above zero, credits below.
    """

    class Account(models.TextChoices):
        STRIPE_BALANCE = "stripe_balance", _("Stripe balance")
        DUE_FROM_STRIPE = "due_from_stripe", _("Due from Stripe")
        EXCHANGE = "exchange", _("Currency exchange")
        PAID_OUT = "paid_out", _("Paid out")
        SALES = "sales", _("Sales")
        TAX = "tax", _("Tax")
        DISCOUNTS = "discounts", _("Discounts")
        REFUNDS = "refunds", _("Refunds")
        DISPUTES = "disputes", _("Disputes")
        STRIPE_FEES = "stripe_fees", _("Stripe's fees")
        UNEXPLAINED = "unexplained", _("Unexplained")

    cause = models.CharField(_("cause"), max_length=80)
    line = models.PositiveSmallIntegerField(_("line"))
    account = models.CharField(_("account"), max_length=20, choices=Account.choices)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    booked_at = models.DateTimeField(_("booked for"))

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        permissions = [("view_money_report", "Can see the money report")]
        constraints = [
            models.UniqueConstraint(fields=["cause", "line"], name="one_set_per_cause"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="entry_is_not_zero"),
            models.CheckConstraint(
                condition=Q(
                    account__in=[
                        *("stripe_balance", "due_from_stripe", "exchange", "paid_out", "sales", "tax"),
                        *("discounts", "refunds", "disputes", "stripe_fees", "unexplained"),
                    ]
                ),
                name="entry_account_is_known",
            ),
        ]
        indexes = [
            # Serve the admin's list by account, newest first, with the totals; and a day's reconciliation.
            models.Index(fields=["account", "currency", "-id"], name="entry_account"),
            models.Index(fields=["booked_at"], name="entry_booked"),
        ]

    def __str__(self) -> str:
        return f"{self.cause}/{self.line}"

    @property
    def debit_text(self) -> str:
        return money.format_amount(self.amount_minor, self.currency) if self.amount_minor > 0 else ""

    @property
    def credit_text(self) -> str:
        return money.format_amount(-self.amount_minor, self.currency) if self.amount_minor < 0 else ""


class BalanceTransactionQuerySet(models.QuerySet["BalanceTransaction"]):
    def keep(self, transactions: Iterable["BalanceTransaction"]) -> None:
        """Keep what is new, in one statement; what is kept already stays as it is."""
        self.bulk_create(list(transactions), ignore_conflicts=True)


class BalanceTransaction(models.Model):
    """One movement of our balance at Stripe, as Stripe tells it.

    `amount_minor`, less `fee_minor`, comes to `net_minor` in the currency in which it settled; the source is
    the charge, refund or dispute that moved it, with its sum in the buyer's currency and the same sign.
    Source: https://docs.stripe.com/api/balance_transactions/object
    """

    transaction_id = models.CharField(_("balance transaction"), max_length=64, unique=True)
    type = models.CharField(_("type"), max_length=40)
    category = models.CharField(_("reporting category"), max_length=40)
    source_id = models.CharField(_("source"), max_length=64, blank=True)
    intent_id = models.CharField(_("PaymentIntent"), max_length=64, blank=True)
    source_amount_minor = models.BigIntegerField(_("amount in the source's minor units"))
    source_currency = models.CharField(_("source's currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    fee_minor = models.BigIntegerField(_("fee in minor units"))
    net_minor = models.BigIntegerField(_("net in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    exchange_rate = models.DecimalField(
        _("exchange rate"), max_digits=24, decimal_places=12, null=True, blank=True
    )
    created_at = models.DateTimeField(_("made by Stripe"))

    objects = BalanceTransactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("balance transaction")
        verbose_name_plural = _("balance transactions")
        constraints = [
            models.CheckConstraint(
                condition=Q(net_minor=F("amount_minor") - F("fee_minor")), name="net_is_amount_less_fee"
            ),
        ]
        indexes = [
            # Serve what is fetched next, the admin's search by payment or charge, and reconciliation.
            models.Index(fields=["created_at", "id"], name="balance_newest"),
            models.Index(fields=["intent_id"], name="balance_intent"),
            models.Index(fields=["source_id"], name="balance_source"),
        ]

    def __str__(self) -> str:
        return self.transaction_id

    @property
    def amount_text(self) -> str:
        return money.format_amount(self.amount_minor, self.currency)

    @property
    def fee_text(self) -> str:
        return money.format_amount(self.fee_minor, self.currency)

    @property
    def net_text(self) -> str:
        return money.format_amount(self.net_minor, self.currency)
