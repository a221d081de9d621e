"""The books: a hundred thousand random events through the shop's verbs, derived again, and a million entries
through their one writer.

`MATINEE_BENCH_EVENTS` (100000) and `MATINEE_BENCH_ENTRIES` (1000000) say how many.
"""

import os
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from billing.books import entries, ledger
from billing.books.entries import Line, Posting
from tests.bench.figures import Figure, at_most, told
from tests.bench.stage import Stage
from tests.money_events import Years

_AT_ONCE = 500
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_CURRENCIES = ("usd", "krw", "bhd", "isk")


def measure(stage: Stage) -> Iterator[Figure]:
    events = int(os.environ.get("MATINEE_BENCH_EVENTS", "100000"))
    begun = time.perf_counter()
    happened = Years(seed=int(time.time())).write(events).total()
    seconds = time.perf_counter() - begun
    yield told(f"ledger: {happened:,} random events through the verbs", happened / seconds, "events/s")
    ledger.post_missing()  # what the parts before this one sold
    yield from _derive()
    yield at_most("ledger: currencies in which debits are not credits", _unbalanced(), 0, "currencies")
    yield from _write(int(os.environ.get("MATINEE_BENCH_ENTRIES", "1000000")))
    yield at_most("ledger: currencies in which debits are not credits then", _unbalanced(), 0, "currencies")


def _derive() -> Iterator[Figure]:
    begun = time.perf_counter()
    compared = ledger.check()
    seconds = time.perf_counter() - begun
    tracemalloc.start()
    ledger.check()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield at_most("ledger derived again: sets that differ", int(not compared.is_same), 0, "ledgers")
    yield told(f"ledger derived again: {compared.derived.sets:,} sets", seconds, "s")
    yield at_most("ledger derived again: memory", most / 1e6, 64, "MB")


def _write(count: int) -> Iterator[Figure]:
    """Sets of five lines in two currencies, as a sale that settled in another one."""
    run, sets = time.time_ns(), count // 5
    begun = time.perf_counter()
    written = sum(
        entries.post(_set(run, number) for number in range(first, min(first + _AT_ONCE, sets)))
        for first in range(0, sets, _AT_ONCE)
    )
    seconds = time.perf_counter() - begun
    yield told(f"ledger: {written:,} entries through the writer", written / seconds, "entries/s")


def _set(run: int, number: int) -> Posting:
    currency, into = _CURRENCIES[number % 4], _CURRENCIES[(number + 1) % 4]
    lines = (
        Line("due_from_stripe", currency, -9900),
        Line("exchange", currency, 9900),
        Line("exchange", into, -723),
        Line("stripe_fees", into, 51),
        Line("stripe_balance", into, 672),
    )
    return Posting(f"bench:{run}-{number}", _BEGIN, lines)


def _unbalanced() -> int:
    sides: dict[str, int] = defaultdict(int)
    for total in ledger.totals():
        sides[total.currency] += total.balance
    return sum(map(bool, sides.values()))
