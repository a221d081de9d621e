"""What Stripe did to our balance, fetched bit by bit, kept as rows, and booked."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import transaction

from billing.books import entries
from billing.models import BalanceTransaction, Order
from billing.stripe import stripe_lists

_T = TypeVar("_T")
_AT_ONCE = 100
_MARGIN = timedelta(days=1)


def fetch(*, at: datetime) -> int:
    """This will keep and book what moved the balance since it was last fetched, and return how many did.

    It goes on where it was interrupted. What Stripe puts in between later is found by reconciliation.

    :raises StripeUnavailable: Stripe does not answer; what came so far is kept.
    """
    return sum(keep(moved) for moved in in_batches(_new(at=at)))


def _new(*, at: datetime) -> Iterable[BalanceTransaction]:
    newest = BalanceTransaction.objects.order_by("-created_at", "-id").first()
    if newest is not None:
        return stripe_lists.balance_after(newest.transaction_id)
    first = Order.objects.filter(state=Order.State.PAID).order_by("id").first()
    if first is None:
        return []
    # They come newest first, and the next fetch begins at the newest that is kept: so all at once or nothing.
    return reversed(list(stripe_lists.balance_between(first.created_at - _MARGIN, at + _MARGIN)))


@transaction.atomic
def keep(moved: list[BalanceTransaction]) -> int:
    """This will keep and book movements. Those that are kept already change nothing."""
    BalanceTransaction.objects.keep(moved)
    # As they are kept: an earlier answer of Stripe's stands, whatever this one says.
    kept = BalanceTransaction.objects.filter(transaction_id__in=[each.transaction_id for each in moved])
    entries.post(map(entries.of_balance, kept))
    return len(moved)


def in_batches(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """This will hand out as many rows at a time as one query is to ask about."""
    iterator = iter(rows)
    while batch := list(islice(iterator, _AT_ONCE)):
        yield batch
