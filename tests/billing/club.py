"""A collection with a monthly membership on sale, and a buyer in front of it."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from billing.joining import following
from billing.models import Membership, Order
from billing.stripe.stripe_gateway import speaking
from tests import factories
from tests.buyer import Buyer, Json
from tests.conftest import Shop

ALWAYS_ASKS = "4000002760003184"
DECLINED = "4000000000000002"
# A month, and the hour for which a renewal's invoice is a draft.
A_MONTH = timedelta(days=31, hours=2)


class Club:
    """What a test of memberships works with. Stripe's clock runs ahead as far as the test says."""

    def __init__(self, shop: Shop, *, trial_days: int = 0, first: str = "noon") -> None:
        self.films = [factories.video(first), factories.video("dusk")]
        self.collection = factories.collection(*self.films, slug="all-day")
        self.offer = factories.membership(self.collection, trial_days=trial_days)
        shop.announce(*self.films)
        self.world = shop.world
        self.buyer = Buyer(shop.url, shop.world)
        self.ahead = timedelta(0)

    def quote(self, offer: str = "membership-month", **query: str) -> str:
        return self.buyer.quote("all-day", offer=offer, kind="collections", **query)

    def join(self, *, card: str = "4242424242424242", **given: Any) -> Json:
        """Press Pay for the monthly membership."""
        answer: Json = self.buyer.pay(self.quote(), card=card, **given).json()
        return answer

    def member(self) -> Membership:
        """Somebody whose first month is paid."""
        assert self.join()["state"] == "paid"
        return Membership.objects.get()

    def break_the_card(self) -> None:
        """From now on every charge without the member is declined."""
        self._put_on_file("pm_card_chargeCustomerFail")

    def mend_the_card(self) -> None:
        """The card on file can be charged again."""
        self._put_on_file("pm_card_visa")

    def _put_on_file(self, name: str) -> None:
        membership = Membership.objects.get()
        with speaking() as client:
            card = client.v1.payment_methods.attach(name, {"customer": membership.customer_id or ""})
            client.v1.subscriptions.update(
                membership.subscription_id or "", {"default_payment_method": card.id}
            )

    def another_tab(self) -> Buyer:
        """The member's own browser, with a connection of its own."""
        tab = Buyer(self.buyer.url, self.world)
        tab.http.cookies.update(self.buyer.http.cookies)
        return tab

    def pass_time(self, ahead: timedelta) -> None:
        """Let Stripe's clock run ahead; what falls due by that is done at once."""
        self.world.shift_clock("stripe", ahead.total_seconds())

    def look(self, *, after: timedelta = timedelta(0)) -> Membership:
        """Ask Stripe how the membership stands, as the sweep does."""
        membership = Membership.objects.get()
        return following.look(membership, at=timezone.now() + after)

    def orders(self) -> list[Order]:
        return list(Order.objects.order_by("id"))


def until(is_so: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
