"""Years of money in records, drawn by chance: sales, refunds, failures, disputes, payouts, many currencies.

Some settle as themselves and some in dollars. For tests and benchmarks of the books, with the same seed the
same years.
"""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.books import entries
from billing.books.entries import Posting
from billing.models import BalanceTransaction, Order, Refund
from billing.taxing import taxes
from tests import factories
from videos import money
from videos.models import Offer

# Dollars for one: no decimals, two, three, and those that have two by Stripe and none in fact.
_WORTH = {
    **{"usd": "1", "eur": "1.08", "jpy": "0.0067", "krw": "0.00073"},
    **{"bhd": "2.65", "kwd": "3.25", "isk": "0.0072", "ugx": "0.00027"},
}
_STEP = {"isk": 100, "ugx": 100, "bhd": 10, "kwd": 10}
_RATES = {"DE": 1900, "FI": 2550, "KR": 1000, "CH": 810, "US": 0}
_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


class Years:
    """Writes records and books them, many at once."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - it plays, it guards nothing
        self._numbers = itertools.count(1)
        self._offer: Offer = factories.offer(factories.video())
        self._price = self._offer.prices.get(currency="usd")
        self._seed = seed

    def write(self, events: int, *, at_once: int = 1000) -> int:
        """Write at least so many events and book them, some twice; returns how many sets there are."""
        written = 0
        while written < events:
            postings = self._some(min(at_once, events - written))
            self._dice.shuffle(postings)
            entries.post(postings)
            entries.post(self._dice.sample(postings, len(postings) // 20))
            written += len(postings)
        return written

    def _some(self, count: int) -> list[Posting]:
        orders = Order.objects.bulk_create(self._order() for _ in range(max(1, count * 2 // 5)))
        refunds, moved = [], []
        for order in orders:
            charge = self._moved(order, "charge", order.total_minor)
            moved.append(charge)
            if self._dice.random() < 0.25:
                refund = self._refund(order)
                refunds.append(refund)
                moved += self._back(order, refund)
            elif self._dice.random() < 0.07:
                moved += self._dispute(order)
        moved.append(self._payout())
        Refund.objects.bulk_create(refunds)
        BalanceTransaction.objects.bulk_create(moved)
        return [
            *map(entries.of_sale, orders),
            *(posting for refund in refunds for posting in entries.of_refund(refund)),
            *map(entries.of_balance, moved),
        ]

    def _order(self) -> Order:
        number, at = next(self._numbers), self._instant()
        currency = self._dice.choice(list(_WORTH))
        total = _STEP.get(currency, 1) * self._dice.randint(50, 99_999)
        country = self._dice.choice(["", *_RATES])
        rate = _RATES.get(country)
        return Order(
            reference=f"{self._seed:08x}{number:024x}",
            state=Order.State.PAID,
            visitor="v",
            email="ada@example.com",
            language="en",
            offer=self._offer,
            price=self._price,
            total_minor=total,
            currency=currency,
            tax_country=country,
            tax_basis_points=rate,
            tax_minor=taxes.within(total, rate, currency) if rate else 0,
            quote_nonce=f"n{self._seed}-{number}",
            intent_id=f"pi_{self._seed}_{number}",
            created_at=at,
            paid_at=at,
        )

    def _refund(self, order: Order) -> Refund:
        step = _STEP.get(order.currency, 1)
        amount = step * self._dice.randint(1, order.total_minor // step)
        has_failed, at = self._dice.random() < 0.2, self._instant()
        return Refund(
            order=order,
            number=1,
            state=Refund.State.FAILED if has_failed else Refund.State.SUCCEEDED,
            amount_minor=amount,
            currency=order.currency,
            tax_minor=order.tax_minor * amount // order.total_minor,
            reason=Refund.Reason.OTHER,
            ends_access=amount == order.total_minor,
            asker=Refund.Asker.SHOP,
            idempotency_key=f"{order.reference}-r1",
            refund_id=f"re_{order.reference}",
            intent_id=order.intent_id or "",
            asked_at=at,
            succeeded_at=None if has_failed else at,
            failed_at=at + timedelta(days=3) if has_failed else None,
        )

    def _back(self, order: Order, refund: Refund) -> Iterator[BalanceTransaction]:
        yield self._moved(order, "refund", -refund.amount_minor)
        if refund.state == Refund.State.FAILED:
            yield self._moved(order, "refund_failure", refund.amount_minor)

    def _dispute(self, order: Order) -> Iterator[BalanceTransaction]:
        yield self._moved(order, "adjustment", -order.total_minor, category="dispute")
        if self._dice.random() < 0.5:
            yield self._moved(order, "adjustment", order.total_minor, category="dispute_reversal")

    def _payout(self) -> BalanceTransaction:
        amount = -self._dice.randint(1, 10**9)
        usd = {"source_currency": "usd", "currency": "usd"}
        return self._transaction("payout", amount, amount, 0, **usd)

    def _moved(self, order: Order, type: str, amount: int, *, category: str = "") -> BalanceTransaction:
        settled, rate, into = amount, None, order.currency
        if order.currency != "usd" and int(order.reference, 16) % 2:
            into = "usd"
            whole = Decimal(_WORTH[order.currency]) * 100
            rate = whole / 10 ** money.decimals(order.currency) * self._dice.randint(90, 110) / 100
            settled = int((amount * rate).to_integral_value())
        fee = 30 + abs(settled) * 29 // 1000 if type == "charge" else 1500 if category == "dispute" else 0
        return self._transaction(
            type,
            amount,
            settled,
            fee,
            category=category or type,
            exchange_rate=rate,
            intent_id=order.intent_id,
            source_currency=order.currency,
            currency=into,
        )

    def _transaction(
        self, type: str, amount: int, settled: int, fee: int, **facts: Any
    ) -> BalanceTransaction:
        return BalanceTransaction(
            transaction_id=f"txn_{self._seed}_{next(self._numbers)}",
            type=type,
            source_amount_minor=amount,
            amount_minor=settled,
            fee_minor=fee,
            net_minor=settled - fee,
            created_at=self._instant().replace(microsecond=0),
            **{"category": type} | facts,
        )

    def _instant(self) -> datetime:
        return _BEGIN + timedelta(microseconds=self._dice.randrange(6 * 365 * 86400 * 10**6))
