"""Years of a shop's money, drawn by chance: sales with and without coupons, renewals, refunds, some of them
sent back, disputes and how they end, payouts; in eight currencies, some settled in dollars.

Each event goes through the shop's own verb, at the place where Stripe's answer reaches it: over a socket ten
thousand would take many minutes (`tests/billing/test_ledger_at_random.py` plays some there too). Most news
comes more than once, as it does in life. With the same seed these are the same years.
"""

import random
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from billing.books import balance
from billing.discounts import coupons
from billing.disputing import dispute_outcomes
from billing.joining import renewing
from billing.models import Coupon, Membership, MembershipPeriod, Order, Refund
from billing.refunding import refund_outcomes, refunds
from billing.settling import fulfilment
from billing.stripe.stripe_disputes import Disputed
from billing.stripe.stripe_refunds import GivenBack
from billing.taxing import tax_table
from tests import factories
from tests.stripe_words import WORTH, Bank
from videos import money
from videos.models import Price

_BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_FETCHED_AT_ONCE: Final = 100
# How a bank decides, step by step; a loss may be thought better of.
_DISPUTE_GOES_ON: Final = {
    "warning_needs_response": ("warning_closed", "needs_response"),
    "needs_response": ("under_review", "won", "lost", "lost"),
    "under_review": ("won", "lost", "lost"),
    "lost": ("won",),
}


class Years:
    """A shop with one film and one membership on sale, and what happens to its money."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - it plays, it guards nothing
        self._bank = Bank(self._dice, seed)
        self._at = _BEGIN
        tax_table.load(tax_table.SHIPPED)
        film = factories.video()
        prices: dict[str, Any] = {currency: 100 * money.smallest_step(currency) for currency in WORTH}
        self._film = _prices(factories.offer(film, **prices))
        self._month = _prices(factories.membership(factories.collection(film), **prices))
        self._coupons = [
            Coupon.objects.create(code=f"OFF{percent}-{seed}", percent=percent) for percent in (20, 100)
        ]
        self._sold: list[int] = []
        self._members: list[tuple[Membership, Counter[str]]] = []
        self._refunds: list[GivenBack] = []
        self._disputes: list[Disputed] = []
        self._disputed: set[int] = set()
        self._news: deque[Callable[[], object]] = deque(maxlen=200)

    def write(self, events: int) -> Counter[str]:
        """Let at least so many events happen, and return how many of each kind did."""
        happened: Counter[str] = Counter()
        acts: dict[Callable[[], int], int] = {
            **{self._buy: 26, self._buy_with_coupon: 5, self._join: 2, self._renew: 4, self._refund: 8},
            **{self._send_back: 2, self._dispute: 2, self._decide: 3, self._pay_out: 1, self._tell_again: 47},
        }
        while happened.total() < events:
            self._at += timedelta(microseconds=self._dice.randrange(1, 1800 * 10**6))
            act = self._dice.choices(list(acts), list(acts.values()))[0]
            happened[act.__name__.removeprefix("_")] += act()
            if len(self._bank.moved) >= _FETCHED_AT_ONCE:
                happened["movement"] += self._fetch()
        happened["movement"] += self._fetch()
        return happened

    def _buy(self) -> int:
        order = self._order(self._film)
        return self._pay(order, self._bank.new_id("pi"))

    def _buy_with_coupon(self) -> int:
        coupon = self._dice.choice(self._coupons)
        order = self._order(self._film, coupon)
        if not order.is_free:
            return self._pay(order, self._bank.new_id("pi"))
        with transaction.atomic():
            coupons.hold(order, at=self._at)
            fulfilment.settle_free(order.pk, at=self._at)
        return 1

    def _join(self) -> int:
        order = self._order(self._month, intent_id=self._bank.new_id("pi"))
        ids = {"customer_id": self._bank.new_id("cus"), "subscription_id": self._bank.new_id("sub")}
        membership = Membership.objects.create(order=order, **ids)
        MembershipPeriod.objects.create(
            membership=membership,
            order=order,
            invoice_id=self._bank.new_id("in"),
            starts_at=self._at,
            ends_at=self._at + timedelta(days=30),
        )
        self._members.append((membership, Counter()))
        return self._pay(order, order.intent_id or "")

    def _pay(self, order: Order, intent_id: str) -> int:
        told, at = self._bank.paid(order, intent_id, at=self._at), self._at
        self._hear(lambda: fulfilment.settle(order.pk, told, at=at))
        self._sold.append(order.pk)
        return 1

    def _renew(self) -> int:
        if not self._members:
            return 0
        membership, periods = self._dice.choice(self._members)
        periods["paid"] += 1
        invoice, told = self._bank.renewed(membership, periods["paid"], at=self._at)
        at = self._at
        self._hear(lambda: renewing.settle(membership.pk, invoice, told, at=at))
        self._sold.append(Order.objects.get(intent_id=told.id).pk)
        return 1

    def _refund(self) -> int:
        order = self._one_sold()
        if order is None or not order.left_minor:
            return 0
        step = money.smallest_step(order.currency)
        part = step * self._dice.randint(1, order.left_minor // step)
        amount = self._dice.choice([order.left_minor, part])
        key = self._ask(order, amount) if self._dice.random() < 0.8 else ""
        state = self._dice.choice(["succeeded", "succeeded", "pending"])
        told = self._bank.given_back(order, amount, key=key, state=state, at=self._at)
        self._refunds.append(told)
        at = self._at
        self._hear(lambda: refund_outcomes.hear(told, at=at))
        return 1

    def _ask(self, order: Order, amount: int) -> str:
        wish = refunds.Wish(
            amount_minor=amount,
            after_minor=order.refunded_minor,
            reason=Refund.Reason.OTHER,
            ends_access=amount == order.left_minor,
            asker=Refund.Asker.SHOP,
        )
        return refunds.write(order, wish, at=self._at).idempotency_key

    def _send_back(self) -> int:
        if not self._refunds:
            return 0
        told = self._bank.sent_back(self._take_one(self._refunds), at=self._at)
        at = self._at
        self._hear(lambda: refund_outcomes.hear(told, at=at))
        return 1

    def _dispute(self) -> int:
        order = self._one_sold()
        if order is None:
            return 0
        self._disputed.add(order.pk)
        state = self._dice.choice(["needs_response", "needs_response", "warning_needs_response"])
        return self._hear_of(self._bank.disputed(order, state, at=self._at))

    def _decide(self) -> int:
        if not self._disputes:
            return 0
        told = self._take_one(self._disputes)
        state = self._dice.choice(_DISPUTE_GOES_ON[told.state])
        return self._hear_of(self._bank.moved_on(told, state, at=self._at))

    def _hear_of(self, told: Disputed) -> int:
        if told.state in _DISPUTE_GOES_ON:
            self._disputes.append(told)
        at = self._at
        self._hear(lambda: dispute_outcomes.hear(told, at=at))
        return 1

    def _pay_out(self) -> int:
        self._bank.pay_out(at=self._at)
        return 1

    def _fetch(self) -> int:
        """The books hear of what moved in any order, and of some of it twice."""
        moved, self._bank.moved = self._bank.moved, []
        self._dice.shuffle(moved)
        for some in balance.in_batches(moved + self._dice.sample(moved, len(moved) // 20)):
            balance.keep(some)
        return len(moved)

    def _hear(self, news: Callable[[], object]) -> None:
        news()
        self._news.append(news)

    def _tell_again(self) -> int:
        """Old news from another witness: the webhook, the page, the sweep."""
        if not self._news:
            return 0
        self._dice.choice(self._news)()
        return 1

    def _one_sold(self) -> Order | None:
        """An order over which no bank has the money, as it is now."""
        pk = self._dice.choice(self._sold or [0])
        return None if pk in self._disputed else Order.objects.filter(pk=pk).first()

    def _take_one(self, those: list[Any]) -> Any:
        return those.pop(self._dice.randrange(len(those)))

    def _order(self, prices: list[Price], coupon: Coupon | None = None, **facts: Any) -> Order:
        """What Pay writes down before Stripe hears of it, at a price that was the right one that day."""
        price, number = self._dice.choice(prices), self._bank.new_id("v")
        step = money.smallest_step(price.currency)
        amount = step * self._dice.randint(50, 99_999)
        off = amount * (coupon.percent or 0) // 100 // step * step if coupon else 0
        return Order.objects.create(
            visitor=number,
            email=f"{number}@example.com",
            language=self._dice.choice(["en", "ko"]),
            offer=price.offer,
            price=price,
            total_minor=amount - off,
            discount_minor=off,
            coupon=coupon,
            currency=price.currency,
            quote_nonce=number,
            created_at=self._at,
            **facts,
        )


def _prices(offer: Any) -> list[Price]:
    return list(offer.prices.select_related("offer").order_by("id"))
