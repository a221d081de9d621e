"""The ledger against the records it comes from: derived again, compared set by set, in bounded memory.

A set is written in the transaction of its record. So whoever reads a record and then its set, or a set and
then its record, finds both, and the shop may go on selling meanwhile.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final, NamedTuple

from django.db import models

from billing.books import entries
from billing.books.entries import Line, Posting
from billing.models import BalanceTransaction, DisputeTax, LedgerEntry, Order, Refund

_AT_ONCE: Final = 1000
_MODULUS: Final = 2**256
_NAMED_AT_MOST: Final = 20


class Source(NamedTuple):
    """Records of one kind: what their causes begin with, what names them there, when they were made."""

    kinds: tuple[str, ...]
    rows: Callable[[], "models.QuerySet[Any]"]
    key: str
    made_at: str
    book: Callable[[Any], Iterable[Posting]]


SOURCES: Final = (
    Source(
        ("sale",),
        lambda: Order.objects.filter(state=Order.State.PAID),
        "reference",
        "paid_at",
        lambda order: [entries.of_sale(order)],
    ),
    Source(
        ("refund", "refund_failed"),
        lambda: Refund.objects.exclude(refund_id=None),
        "refund_id",
        "asked_at",
        entries.of_refund,
    ),
    Source(
        ("dispute_tax",),
        DisputeTax.objects.all,
        "key",
        "booked_at",
        lambda tax: [entries.of_dispute_tax(tax)],
    ),
    Source(
        ("balance",),
        BalanceTransaction.objects.all,
        "transaction_id",
        "created_at",
        lambda moved: [entries.of_balance(moved)],
    ),
)


@dataclass(frozen=True)
class Total:
    """What stands on one account in one currency; credits are below zero."""

    account: str
    currency: str
    debits: int
    credits: int

    @property
    def balance(self) -> int:
        return self.debits + self.credits


@dataclass
class Sum:
    """A hash of sets that does not mind their order, so that none need be sorted or held."""

    sets: int = 0
    _sum: int = 0

    def add(self, posting: Posting) -> None:
        at = posting.booked_at.astimezone(UTC).isoformat()
        lines = ";".join(f"{line.account} {line.currency} {line.amount_minor}" for line in posting.lines)
        digest = hashlib.sha256(f"{posting.cause}|{at}|{lines}".encode()).digest()
        self._sum = (self._sum + int.from_bytes(digest, "big")) % _MODULUS
        self.sets += 1

    @property
    def hash(self) -> str:
        return f"{self._sum:064x}"


@dataclass
class Comparison:
    """The books as they are and as the records would have them. Of each kind of difference some are named."""

    booked: Sum = field(default_factory=Sum)
    derived: Sum = field(default_factory=Sum)
    missing: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    without_record: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return (self.booked.sets, self.booked.hash) == (self.derived.sets, self.derived.hash)


def check() -> Comparison:
    """This will derive the whole ledger again from the records and compare it with what is booked."""
    found = Comparison()
    for wanted in derived():
        there = booked(posting.cause for posting in wanted)
        for posting in wanted:
            found.derived.add(posting)
            if (entry := there.get(posting.cause)) is None:
                _name(found.missing, posting.cause)
                continue
            found.booked.add(entry)
            if entry != posting:
                _name(found.different, posting.cause)
    for orphan in without_record():
        found.booked.add(orphan)
        _name(found.without_record, orphan.cause)
    return found


def post_missing() -> int:
    """This will book every record that is not booked yet, and return how many lines were new."""
    return sum(map(entries.post, derived()))


def derived(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[list[Posting]]:
    """This will derive the sets of all records, or of those made then, in batches."""
    for source in SOURCES:
        rows: models.QuerySet[Any] = source.rows()
        if since is not None:
            rows = rows.filter(**{f"{source.made_at}__gte": since})
        if until is not None:
            rows = rows.filter(**{f"{source.made_at}__lt": until})
        for some in _by_key(rows):
            if postings := _bookable(chain.from_iterable(map(source.book, some))):
                yield postings


def booked(causes: Iterable[str]) -> dict[str, Posting]:
    """This will read the sets of these causes as they are booked."""
    lines: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in LedgerEntry.objects.filter(cause__in=list(causes)).order_by("cause", "line"):
        lines[entry.cause].append(entry)
    return {cause: _posting(cause, of_cause) for cause, of_cause in lines.items()}


def without_record(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[Posting]:
    """This will find the sets, all or those booked for then, that no record asks for."""
    rows = LedgerEntry.objects.filter(line=1)
    if since is not None and until is not None:
        rows = rows.filter(booked_at__gte=since, booked_at__lt=until)
    for some in _by_key(rows):
        causes = {entry.cause for entry in some}
        yield from booked(causes - _asked_for(causes)).values()


def causes_of(order: Order) -> list[str]:
    """This will name everything that may be booked because of an order."""
    refunds = Refund.objects.filter(order=order).exclude(refund_id=None).values_list("refund_id", flat=True)
    taxes = DisputeTax.objects.filter(dispute__order=order).values_list("key", flat=True)
    moved = BalanceTransaction.objects.filter(intent_id=order.intent_id) if order.intent_id else ()
    return [
        f"sale:{order.reference}",
        *(f"{kind}:{refund_id}" for refund_id in refunds for kind in ("refund", "refund_failed")),
        *(f"dispute_tax:{key}" for key in taxes),
        *(f"balance:{each.transaction_id}" for each in moved),
    ]


def totals() -> list[Total]:
    """This will add up each account by currency, and what accounts of nothing there are too."""
    sums = LedgerEntry.objects.values("account", "currency").annotate(
        debits=models.Sum("amount_minor", filter=models.Q(amount_minor__gt=0), default=0),
        credits=models.Sum("amount_minor", filter=models.Q(amount_minor__lt=0), default=0),
    )
    order = LedgerEntry.Account.values
    found = [Total(**each) for each in sums]
    return sorted(found, key=lambda total: (total.currency, order.index(total.account)))


def _asked_for(causes: set[str]) -> set[str]:
    """Those of the causes that a record stands behind."""
    keys: dict[str, set[str]] = defaultdict(set)
    for cause in causes:
        kind, _, key = cause.partition(":")
        keys[kind].add(key)
    found: set[str] = set()
    for source in SOURCES:
        wanted = set().union(*(keys[kind] for kind in source.kinds))
        for row in source.rows().filter(**{f"{source.key}__in": wanted}) if wanted else ():
            found.update(posting.cause for posting in _bookable(source.book(row)))
    return found


def _bookable(postings: Iterable[Posting]) -> list[Posting]:
    """Those that have lines: what moved nothing is not booked."""
    return [posting for posting in postings if posting.lines]


def _posting(cause: str, lines: list[LedgerEntry]) -> Posting:
    return Posting(
        cause,
        lines[0].booked_at,
        tuple(Line(line.account, line.currency, line.amount_minor) for line in lines),
    )


def _by_key(rows: "models.QuerySet[Any]") -> Iterator[list[Any]]:
    """Batches by primary key: each is a query of its own, so that nothing stays open and nothing is held."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        yield batch
        if len(batch) < _AT_ONCE:
            return
        last = batch[-1].pk


def _name(named: list[str], cause: str) -> None:
    if len(named) < _NAMED_AT_MOST:
        named.append(cause)
