"""Orders, the ledger and Stripe's own records held against each other, day by day.

Stripe's lists are only read. Each difference is a sentence, with another one that says what to do about it;
what is safe to repair is repaired on demand: nothing here moves money or changes what is booked.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from billing import fulfilment, stripe_gateway, stripe_lists
from billing.books import balance, entries, ledger
from billing.models import BalanceTransaction, Order, Refund
from billing.stripe_lists import Seen
from videos import money

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_AT_ONCE = 100
_SLICE = timedelta(days=1)
_SALES = ("charge", "payment")


@dataclass(frozen=True)
class Difference:
    """What does not agree, and what to do about it or what was done."""

    what: str
    repair: str
    is_repaired: bool = False


def reconcile(*, since: datetime, until: datetime, at: datetime, fix: bool = False) -> Iterator[Difference]:
    """This will find every difference in what happened from `since` to before `until`, oldest day first.

    What is younger than a few minutes may still be under way: leave it out. With `fix`, a sale that got lost
    is settled, and what was not kept or booked is.

    :raises StripeUnavailable: Stripe does not answer; what came so far stands.
    """
    since, until = since.replace(microsecond=0), until.replace(microsecond=0)
    if fix:
        balance.fetch(at=at)
    start = since
    while start < until:
        end = min(start + _SLICE, until)
        yield from _sales(start, end, fix_at=at if fix else None)
        yield from _refunds(start, end)
        yield from _balance(start, end, fix=fix)
        yield from _unseen(start, end)
        yield from _books(start, end, fix=fix)
        start = end


def _sales(start: datetime, end: datetime, *, fix_at: datetime | None) -> Iterator[Difference]:
    """Charges that took money, against paid orders."""
    taken = (each for each in stripe_lists.charges_between(start, end) if each.status == "succeeded")
    for charges in _in_batches(taken):
        references = [each.order_reference for each in charges]
        orders = {order.reference: order for order in Order.objects.filter(reference__in=references)}
        for charge in charges:
            order = orders.get(charge.order_reference)
            if order is None:
                yield Difference(
                    f"Stripe took {_sum_of(charge)} ({charge.id}) for no order of this shop.",
                    "Find out in Stripe's dashboard whose it is, and refund it there if it is nobody's.",
                )
            elif not order.is_paid:
                yield _lost_sale(order, charge, fix_at=fix_at)
            elif charge.intent_id != order.intent_id:
                yield Difference(
                    f"Stripe took {_sum_of(charge)} ({charge.id}) a second time for order {order.reference}.",
                    "Refund it in Stripe's dashboard.",
                )
            elif (charge.amount_minor, charge.currency) != (order.total_minor, order.currency):
                yield Difference(
                    f"Order {order.reference} is {order.total_text}, but Stripe took {_sum_of(charge)} "
                    f"({charge.id}) for it.",
                    "Find out why; refund what is too much in the admin.",
                )


def _lost_sale(order: Order, charge: Seen, *, fix_at: datetime | None) -> Difference:
    what = f"Stripe took {_sum_of(charge)} ({charge.id}) for order {order.reference}, which is {order.state}."
    if fix_at is None:
        return Difference(what, "Settle it with --fix: the buyer gets what he paid for.")
    try:
        fulfilment.settle(order.pk, stripe_gateway.retrieve(charge.intent_id), at=fix_at)
    except fulfilment.Mismatch as error:
        return Difference(what, f"It cannot be settled, its {error.what} does not fit: refund it.")
    return Difference(what, "It is settled now.", is_repaired=True)


def _refunds(start: datetime, end: datetime) -> Iterator[Difference]:
    """Refunds that Stripe knows, against those noted here."""
    for made in _in_batches(stripe_lists.refunds_between(start, end)):
        noted = {
            refund.refund_id: refund
            for refund in Refund.objects.filter(refund_id__in=[each.id for each in made]).select_related(
                "order"
            )
        }
        for each in made:
            refund = noted.get(each.id)
            if refund is None:
                yield Difference(
                    f"Stripe gave back {_sum_of(each)} ({each.id}) of payment {each.intent_id}, "
                    "which is not noted here.",
                    "Replay its refund.created event in the admin, and decide whether the film is still his.",
                )
            elif (each.amount_minor, each.currency) != (refund.amount_minor, refund.currency):
                yield Difference(
                    f"Refund {each.id} of order {refund.order} is {refund.amount_text} here and "
                    f"{_sum_of(each)} at Stripe.",
                    "Find out why: Stripe's sum is the one that moved.",
                )
            elif refund.is_live != (each.status in ("pending", "succeeded", "requires_action")):
                yield Difference(
                    f"Refund {each.id} of order {refund.order} is {refund.state} here and {each.status} "
                    "at Stripe.",
                    "Replay its latest event in the admin.",
                )


def _balance(start: datetime, end: datetime, *, fix: bool) -> Iterator[Difference]:
    """Stripe's balance transactions, against those kept here."""
    kept = {
        row.transaction_id: row
        for row in BalanceTransaction.objects.filter(created_at__gte=start, created_at__lt=end)
    }
    for moved in _in_batches(stripe_lists.balance_between(start, end)):
        new = [each for each in moved if each.transaction_id not in kept]
        if fix and new:
            balance.keep(new)
        for each in new:
            what = f"Stripe's {each.type} of {each.net_text} ({each.transaction_id}) is not kept here."
            yield _mended(what, "Keep and book it with --fix.", "It is kept and booked now.", is_done=fix)
        for each in moved:
            row = kept.pop(each.transaction_id, each)
            if row.net_text != each.net_text or row.fee_minor != each.fee_minor:
                yield Difference(
                    f"Stripe's {each.type} {each.transaction_id} is {row.net_text} here and {each.net_text} "
                    "at Stripe.",
                    "Ask Stripe: what moved the balance does not change.",
                )
    for gone in kept.values():
        yield Difference(
            f"The {gone.type} of {gone.net_text} ({gone.transaction_id}) is kept here and unknown to Stripe.",
            "Compare the keys: these may be another account's records.",
        )


def _unseen(start: datetime, end: datetime) -> Iterator[Difference]:
    """Sales and refunds noted here that moved nothing at Stripe."""
    sold = Order.objects.filter(state=Order.State.PAID, paid_at__gte=start, paid_at__lt=end)
    for orders in _in_batches(sold.order_by("id").iterator(_AT_ONCE)):
        intents = [order.intent_id for order in orders]
        moved = BalanceTransaction.objects.filter(type__in=_SALES, intent_id__in=intents)
        seen = set(moved.values_list("intent_id", flat=True))
        for order in orders:
            if order.intent_id not in seen:
                yield Difference(
                    f"Order {order.reference} of {order.total_text} is paid here, but nothing that Stripe "
                    "did to the balance shows it.",
                    f"Look {order.intent_id} up at Stripe. If it took nothing, take the film back.",
                )
    given = Refund.objects.filter(state=Refund.State.SUCCEEDED, asked_at__gte=start, asked_at__lt=end)
    for refunds in _in_batches(given.select_related("order").order_by("id").iterator(_AT_ONCE)):
        ids = [refund.refund_id for refund in refunds]
        seen = set(BalanceTransaction.objects.filter(source_id__in=ids).values_list("source_id", flat=True))
        for refund in refunds:
            if refund.refund_id not in seen:
                yield Difference(
                    f"Refund {refund.refund_id} of {refund.amount_text} is given back here, but nothing that "
                    "Stripe did to the balance shows it.",
                    "Look it up in Stripe's dashboard, and replay its latest event in the admin.",
                )


def _books(start: datetime, end: datetime, *, fix: bool) -> Iterator[Difference]:
    """The ledger, against the records that it comes from."""
    for postings in ledger.derived(since=start, until=end):
        there = ledger.booked(posting.cause for posting in postings)
        missing = [posting for posting in postings if posting.cause not in there]
        if fix:
            entries.post(missing)
        for posting in missing:
            yield _mended(
                f"{posting.cause} is not in the ledger.",
                "Book it with --fix.",
                "It is booked now.",
                is_done=fix,
            )
        for posting in postings:
            if there.get(posting.cause, posting) != posting:
                yield Difference(
                    f"{posting.cause} is booked otherwise than its record says.",
                    "The ledger is never rewritten: find out who changed the record.",
                )
    for posting in ledger.without_record(since=start, until=end):
        yield Difference(
            f"{posting.cause} is in the ledger, but no record says why.",
            "The ledger is never rewritten: find out who removed the record.",
        )


def _mended(what: str, before: str, after: str, *, is_done: bool) -> Difference:
    return Difference(what, after if is_done else before, is_repaired=is_done)


def _sum_of(seen: Seen) -> str:
    return money.format_amount(seen.amount_minor, seen.currency)


def _in_batches(rows: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _AT_ONCE)):
        yield batch
