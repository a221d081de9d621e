"""Stripe's own lists of what moved money, read for the books and never written to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing.models import BalanceTransaction
from billing.stripe.intent_reading import read
from billing.stripe.intents import Intent
from billing.stripe.stripe_gateway import reading


@dataclass(frozen=True)
class Seen:
    """A charge or a refund as it stands in Stripe's lists. `order_reference` is empty if it names none."""

    id: str
    intent_id: str
    order_reference: str
    amount_minor: int
    currency: str
    status: str


def balance_after(transaction_id: str) -> Iterator[BalanceTransaction]:
    """Read what moved our balance after this transaction, oldest first, as rows not yet kept.

    :raises StripeRefused: Stripe knows no such transaction.
    """
    yield from _balance({"ending_before": transaction_id})


def balance_between(since: datetime, until: datetime) -> Iterator[BalanceTransaction]:
    """Read what moved our balance then, newest first, as rows not yet kept.

    Source: https://docs.stripe.com/api/balance_transactions/list
    """
    yield from _balance({"created": _between(since, until)})


def _balance(which: dict[str, Any]) -> Iterator[BalanceTransaction]:
    with reading() as client:
        params: Any = {**which, "limit": 100, "expand": ["data.source"]}
        for each in client.v1.balance_transactions.list(params).auto_paging_iter():
            yield _moved(each)


def intents_between(since: datetime, until: datetime) -> Iterator[Intent]:
    """Read the intents made then, newest first, unpaid ones included; their cards are not told."""
    with reading() as client:
        params: Any = {"created": _between(since, until), "limit": 100}
        for each in client.v1.payment_intents.list(params).auto_paging_iter():
            yield read(each)


def charges_between(since: datetime, until: datetime) -> Iterator[Seen]:
    """Read the charges made then, newest first, refused ones included."""
    with reading() as client:
        params: Any = {"created": _between(since, until), "limit": 100}
        for each in client.v1.charges.list(params).auto_paging_iter():
            yield _seen(each)


def refunds_between(since: datetime, until: datetime) -> Iterator[Seen]:
    """Read the refunds made then, newest first."""
    with reading() as client:
        params: Any = {"created": _between(since, until), "limit": 100}
        for each in client.v1.refunds.list(params).auto_paging_iter():
            yield _seen(each)


def _between(since: datetime, until: datetime) -> dict[str, int]:
    """Whole seconds, as Stripe counts, so that neighbouring spans neither overlap nor leave a gap."""
    return {"gte": int(since.timestamp()), "lt": int(until.timestamp())}


def _seen(record: Any) -> Seen:
    return Seen(
        id=record.id,
        intent_id=record.payment_intent or "",
        order_reference=_order_of(record.metadata),
        amount_minor=record.amount,
        currency=record.currency,
        status=record.status or "",
    )


def _order_of(metadata: Any) -> str:
    return str(metadata["order"]) if metadata and "order" in metadata else ""


def _moved(moved: Any) -> BalanceTransaction:
    source = moved.source
    is_expanded = source is not None and not isinstance(source, str)
    # What Stripe exchanged has a sum in the buyer's currency, of the same direction.
    is_exchanged = moved.exchange_rate is not None and is_expanded
    return BalanceTransaction(
        transaction_id=moved.id,
        type=moved.type,
        category=moved.reporting_category,
        source_id=(source.id if is_expanded else source) or "",
        intent_id=getattr(source, "payment_intent", None) or "",
        source_amount_minor=_signed(moved, source.amount) if is_exchanged else moved.amount,
        source_currency=source.currency if is_exchanged else moved.currency,
        amount_minor=moved.amount,
        fee_minor=moved.fee,
        net_minor=moved.net,
        currency=moved.currency,
        exchange_rate=None if moved.exchange_rate is None else Decimal(str(moved.exchange_rate)),
        created_at=datetime.fromtimestamp(moved.created, tz=UTC),
    )


def _signed(moved: Any, amount_minor: int) -> int:
    """The source's sum in the direction in which it moved; one worth less than a cent has no sign to read."""
    takes = moved.amount < 0 or (moved.amount == 0 and moved.reporting_category in ("refund", "dispute"))
    return -amount_minor if takes else amount_minor
