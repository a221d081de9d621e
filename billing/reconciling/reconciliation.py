"""Orders, the ledger and Stripe's own records held against each other, part by part of a span.

Stripe's lists are only read. What is safe to repair is repaired on demand: nothing here moves money or
changes what is booked.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from billing.books import balance, entries, ledger
from billing.books.balance import in_batches
from billing.models import BalanceTransaction, Order, Refund
from billing.reconciling import bank_side, stripe_side, tax_side
from billing.reconciling.differences import Difference, mended

# So many movements that are kept here are held in memory at once.
_MOVED_AT_ONCE = 5000
_A_SECOND = timedelta(seconds=1)
_SALES = ("charge", "payment")
_AT_ONCE = 500


def reconcile(*, since: datetime, until: datetime, at: datetime, fix: bool = False) -> Iterator[Difference]:
    """This will find every difference in what happened from `since` to before `until`, oldest part first.

    Stripe's lists are read once for each part; a span in which little moved is one part, however long it is.
    What is younger than a few minutes may still be under way: leave it out. With `fix`, a sale that got lost
    is settled, a refund, dispute or warning that Stripe knows is noted, and what was not kept or booked is.

    :raises StripeUnavailable: Stripe does not answer; what came so far stands.
    """
    since, until = since.replace(microsecond=0), until.replace(microsecond=0)
    fix_at = at if fix else None
    if fix:
        balance.fetch(at=at)
    for start, end in _parts(since, until):
        yield from stripe_side.sales(start, end, fix_at=fix_at)
        yield from tax_side.taxes(start, end)
        yield from stripe_side.refunds(start, end, fix_at=fix_at)
        yield from bank_side.disputes(start, end, fix_at=fix_at)
        yield from bank_side.warnings(start, end, fix_at=fix_at)
        yield from stripe_side.movements(start, end, fix=fix)
        yield from _unseen_sales(start, end)
        yield from _unseen_refunds(start, end)
        yield from _books(start, end, fix=fix)


def _parts(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The span cut where too much would be held, at whole seconds, as Stripe counts them."""
    while since < until:
        then = BalanceTransaction.objects.filter(created_at__gte=since, created_at__lt=until)
        instants = then.order_by("created_at").values_list("created_at", flat=True)
        one_too_many = instants[_MOVED_AT_ONCE:].first()
        end = max(one_too_many, since + _A_SECOND) if one_too_many else until
        yield since, end
        since = end


def _unseen_sales(start: datetime, end: datetime) -> Iterator[Difference]:
    """Orders that were paid for here and moved nothing at Stripe."""
    paid = Order.objects.filter(state=Order.State.PAID, total_minor__gt=0)
    sold = paid.filter(paid_at__gte=start, paid_at__lt=end)
    for orders in in_batches(sold.order_by("id").iterator(_AT_ONCE)):
        intents = [order.intent_id for order in orders]
        moved = BalanceTransaction.objects.filter(type__in=_SALES, intent_id__in=intents)
        seen = set(moved.values_list("intent_id", flat=True))
        for order in (each for each in orders if each.intent_id not in seen):
            yield Difference(
                f"Order {order.reference} of {order.total_text} is paid here, but nothing that Stripe did to "
                "the balance shows it.",
                f"Look {order.intent_id} up at Stripe. If it took nothing, take the film back.",
            )


def _unseen_refunds(start: datetime, end: datetime) -> Iterator[Difference]:
    """Refunds that are given back here and moved nothing at Stripe."""
    given = Refund.objects.filter(state=Refund.State.SUCCEEDED, asked_at__gte=start, asked_at__lt=end)
    for refunds in in_batches(given.order_by("id").iterator(_AT_ONCE)):
        ids = [refund.refund_id for refund in refunds]
        seen = set(BalanceTransaction.objects.filter(source_id__in=ids).values_list("source_id", flat=True))
        for refund in (each for each in refunds if each.refund_id not in seen):
            yield Difference(
                f"Refund {refund.refund_id} of {refund.amount_text} is given back here, but nothing that "
                "Stripe did to the balance shows it.",
                "Look it up in Stripe's dashboard.",
            )


def _books(start: datetime, end: datetime, *, fix: bool) -> Iterator[Difference]:
    """The ledger, against the records that it comes from."""
    for postings in ledger.derived(since=start, until=end):
        there = ledger.booked(posting.cause for posting in postings)
        missing = [posting for posting in postings if posting.cause not in there]
        if fix:
            entries.post(missing)
        for posting in missing:
            what = f"{posting.cause} is not in the ledger."
            yield mended(what, "Book it with --fix.", "It is booked now.", is_done=fix)
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
