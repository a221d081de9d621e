"""The stage for the whole life of money: all that the shop sells, weeks that pass, and a night's work."""

from datetime import timedelta
from typing import Any, ClassVar, Final

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import User
from billing.books import balance
from billing.models import (
    BalanceTransaction,
    Coupon,
    DisputeAnswer,
    FraudWarning,
    LedgerEntry,
    Membership,
    Order,
    ReceiptCounter,
    Refund,
    StripePrice,
    Withdrawal,
)
from billing.reconciling import reconciliation
from billing.reconciling.differences import Difference
from billing.taxing import tax_table
from tests import factories
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.schedules.clock import Clock
from tests.schedules.stage import FILM, Stage

RENTED, SEEN_BY_MEMBERS, CLUB = "dusk", "dawn", "all-day"
HALF, ALL = "HALF", "ALL"
# What is sold: the film it opens, and how the panel is asked for it.
KINDS: Final = {
    "plain": (FILM, FILM, {}),
    "coupon": (FILM, FILM, {"coupon": HALF}),
    "free": (FILM, FILM, {"coupon": ALL}),
    "rental": (RENTED, RENTED, {"offer": "rent"}),
    "membership": (SEEN_BY_MEMBERS, CLUB, {"offer": "membership-month", "kind": "collections"}),
}
# What settles as itself and what in dollars.
SETTLED_IN: Final = {"krw": "usd"}
_A_DAY: Final = timedelta(days=1)


class LongStage(Stage):
    """Where the life of money is played, from the purchase on."""

    ROWS: ClassVar[list[type[Model]]] = [
        *Stage.ROWS,
        *(StripePrice, FraudWarning, Withdrawal, LedgerEntry, BalanceTransaction, ReceiptCounter),
    ]

    def __init__(self, shop: Shop, clock: Clock) -> None:
        super().__init__(shop, clock)
        factories.offer(factories.video(RENTED), "rent")
        factories.membership(factories.collection(factories.video(SEEN_BY_MEMBERS), slug=CLUB))
        for code, percent in ((HALF, 50), (ALL, 100)):
            Coupon.objects.create(code=code, percent=percent, uses_per_buyer=None)
        tax_table.load(tax_table.SHIPPED)
        self.world.configure(settlement_currency=SETTLED_IN)
        self.staff = User.objects.create_user("cho@example.com", is_staff=True)

    def sell(self, buyer: Buyer, kind: str, *, currency: str, email: str) -> Order:
        """Let a buyer have one of KINDS, with nothing in the way."""
        _film, slug, query = KINDS[kind]
        quote = buyer.quote(slug, currency=currency, **query)
        answer = buyer.pay(quote, email=email).json()
        assert answer["state"] == "paid", answer
        return Order.objects.get(reference=answer["order"])

    def a_day_passes(self) -> None:
        """Long enough that whatever was put off is looked at."""
        self.skip(int(_A_DAY.total_seconds()) + 3600)
        self._wait_for_webhooks()
        self.sweep()
        self._sweep_for(60)

    def balance_is_fetched(self) -> None:
        balance.fetch(at=timezone.now())

    def reconcile(self, *, fix: bool) -> list[Difference]:
        """Hold the three sides against each other over all that happened."""
        now = timezone.now()
        began = now - timedelta(seconds=self.clock.skipped_seconds) - _A_DAY
        until = now + timedelta(seconds=1)
        return list(reconciliation.reconcile(since=began, until=until, at=now, fix=fix))

    def _rows_that_wait(self) -> tuple[QuerySet[Any], ...]:
        return (
            *super()._rows_that_wait(),
            Refund.objects.filter(state=Refund.State.SENT),
            DisputeAnswer.objects.filter(state=DisputeAnswer.State.SENT),
            Withdrawal.objects.filter(answered_at=None),
            Membership.objects.to_end().exclude(subscription_id=None),
        )
