"""The one writer of the ledger: each record that moves money becomes a balanced set of entries, once.

What a set holds follows from its record alone, so that the whole ledger can be derived again (`ledger`). The
money of a sale or a refund is due from Stripe, in the buyer's currency, until Stripe's own balance
transaction tells what came of it; where that settled in another currency, it goes through the exchange
account at Stripe's rate.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from billing.models import BalanceTransaction, DisputeTax, LedgerEntry, Order, Refund
from billing.models.ledger import Row

Account = LedgerEntry.Account

_OF_SALES = {"charge", "payment", "refund", "payment_refund", "refund_failure", "payment_failure_refund"}
_OF_DISPUTES = {"dispute", "dispute_reversal"}
_OF_PAYOUTS = {"payout", "payout_cancel", "payout_failure", "payout_minimum_balance_hold"}
_OF_FEES = {"stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost"}


@dataclass(frozen=True)
class Line:
    """One side of a set: debits above zero, credits below, in minor units."""

    account: str
    currency: str
    amount_minor: int

    def __neg__(self) -> "Line":
        return Line(self.account, self.currency, -self.amount_minor)


@dataclass(frozen=True)
class Posting:
    """A set of lines that comes to zero in each currency, for one cause."""

    cause: str
    booked_at: datetime
    lines: tuple[Line, ...]

    def rows(self) -> Iterator[Row]:
        for number, line in enumerate(self.lines, start=1):
            yield Row(self.cause, number, line.account, line.currency, line.amount_minor, self.booked_at)


def post(postings: Iterable[Posting]) -> int:
    """This will book sets in one statement, and return how many lines were new.

    A cause that is booked already stays as it is.
    :raises IntegrityError: at commit, if a set does not come to zero.
    """
    return LedgerEntry.objects.post(row for posting in postings for row in posting.rows())


def of_sale(order: Order) -> Posting:
    """This will tell what a paid order books: its price as sales and the tax that is owed of it, less what a
    coupon took off, and the rest, which is now due from Stripe.

    :raises ValueError: the order is not paid.
    """
    if order.paid_at is None:
        raise ValueError("nothing was sold")
    return _posting(
        f"sale:{order.reference}",
        order.paid_at,
        Line(Account.DUE_FROM_STRIPE, order.currency, order.total_minor),
        Line(Account.DISCOUNTS, order.currency, order.discount_minor),
        Line(Account.SALES, order.currency, order.tax_minor - order.total_minor - order.discount_minor),
        Line(Account.TAX, order.currency, -order.tax_minor),
    )


def of_refund(refund: Refund) -> Iterator[Posting]:
    """This will tell what a refund that Stripe took on books, its tax apart; and once it came back, that."""
    if refund.refund_id is None or refund.state == Refund.State.SENT:
        return
    lines = (
        Line(Account.REFUNDS, refund.currency, refund.amount_minor - refund.tax_minor),
        Line(Account.DUE_FROM_STRIPE, refund.currency, -refund.amount_minor),
        Line(Account.TAX, refund.currency, refund.tax_minor),
    )
    yield _posting(f"refund:{refund.refund_id}", refund.asked_at, *lines)
    if not refund.is_live and refund.failed_at is not None:
        back = [-line for line in lines]
        yield _posting(f"refund_failed:{refund.refund_id}", refund.failed_at, *back)


def of_dispute_tax(tax: DisputeTax) -> Posting:
    """This will tell what a verdict books: the tax of what was lost is no loss, since it is not owed."""
    return _posting(
        f"dispute_tax:{tax.key}",
        tax.booked_at,
        Line(Account.DISPUTES, tax.currency, -tax.amount_minor),
        Line(Account.TAX, tax.currency, tax.amount_minor),
    )


def of_balance(moved: BalanceTransaction) -> Posting:
    """This will tell what a movement of Stripe's balance books: what came or went, the fee, and for what."""
    against = Line(_reason_for(moved), moved.source_currency, -moved.source_amount_minor)
    return _posting(
        f"balance:{moved.transaction_id}",
        moved.created_at,
        against,
        *_exchange(moved),
        Line(Account.STRIPE_FEES, moved.currency, moved.fee_minor),
        Line(Account.STRIPE_BALANCE, moved.currency, moved.net_minor),
    )


def _reason_for(moved: BalanceTransaction) -> str:
    if moved.type in _OF_SALES:
        return Account.DUE_FROM_STRIPE
    if moved.category in _OF_DISPUTES:
        return Account.DISPUTES
    if moved.type in _OF_PAYOUTS:
        return Account.PAID_OUT
    return Account.STRIPE_FEES if moved.type in _OF_FEES else Account.UNEXPLAINED


def _exchange(moved: BalanceTransaction) -> Iterator[Line]:
    if moved.source_currency != moved.currency:
        yield Line(Account.EXCHANGE, moved.source_currency, moved.source_amount_minor)
        yield Line(Account.EXCHANGE, moved.currency, -moved.amount_minor)


def _posting(cause: str, booked_at: datetime, *lines: Line) -> Posting:
    """A set without its lines of nothing; a movement of nothing has none at all."""
    return Posting(cause, booked_at, tuple(line for line in lines if line.amount_minor))
