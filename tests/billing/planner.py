"""A member who goes from a month to a year: what he reads, presses, and finds afterwards."""

import re
from datetime import timedelta
from html import unescape

import requests

from accounts.models import Mail
from billing.books import ledger
from billing.models import Membership, MembershipPeriod, Order, Payment, PlanChange
from billing.stripe.stripe_gateway import speaking
from tests import factories, promises
from tests.billing.club import Club
from tests.buyer import Buyer, Json
from tests.conftest import Shop
from videos.models import Entitlement


def ten_days_a_member(shop: Shop) -> Club:
    """Somebody who became a member ten days ago, by Stripe's clock."""
    made = Club(shop)
    factories.membership(made.collection, "year", usd=7900, krw=99000)
    made.world.faults(webhooks={"drop": 10_000})
    made.world.shift_clock("stripe", -timedelta(days=10).total_seconds())
    made.member()
    made.world.shift_clock("stripe", 0)
    return made


def first() -> Order:
    return Order.objects.earliest("id")


def page(club: Club, buyer: Buyer | None = None) -> str:
    answer = (buyer or club.buyer).http.get(f"{club.buyer.url}/orders/{first().reference}/plan/", timeout=40)
    return answer.text


def wish(club: Club) -> str:
    return unescape(re.findall(r'data-wish="([^"]+)"', page(club))[0])


def press(club: Club, wish: str, buyer: Buyer | None = None) -> requests.Response:
    path = f"/api/v1/orders/{first().reference}/plan-changes/"
    return (buyer or club.buyer).post(path, {"wish": wish})


def due(page: str) -> int:
    return round(100 * float(re.findall(r'data-testid="due">\$([\d.]+)<', page)[0]))


def subscription(club: Club) -> Json:
    return club.world.objects("subscription")[0]


def interval(club: Club) -> str:
    return str(subscription(club)["items"]["data"][0]["price"]["recurring"]["interval"])


def use_card(card: str) -> None:
    """Put another card on file, which asks its owner or is refused at each charge."""
    membership = Membership.objects.get()
    with speaking() as client:
        made = client.v1.payment_methods.attach(card, {"customer": membership.customer_id or ""})
        client.v1.subscriptions.update(membership.subscription_id or "", {"default_payment_method": made.id})


def assert_changed_once(club: Club) -> None:
    first, change = Order.objects.order_by("id")
    membership, right = Membership.objects.get(), Entitlement.objects.get()
    period = MembershipPeriod.objects.get(order=change)
    assert (change.state, change.offer.interval) == ("paid", "year")
    assert 7900 - 790 < change.total_minor < 7900
    assert (membership.state, membership.current_price) == ("active", change.price)
    assert timedelta(days=364) < period.ends_at - period.starts_at < timedelta(days=367)
    assert right.reference == first.reference
    assert right.ends_at == period.ends_at + timedelta(days=3)
    assert Payment.objects.get(order=change).state == "succeeded"
    assert PlanChange.objects.get().closed_at is not None
    assert (interval(club), subscription(club)["pending_update"]) == ("year", None)
    charges = [each["amount"] for each in club.world.objects("charge") if each["status"] == "succeeded"]
    assert charges == [790, change.total_minor]
    assert Mail.objects.filter(cause=f"receipt:{change.reference}").count() == 1
    promises.receipts_run_on()
    assert ledger.check().is_same


def assert_nothing_changed(club: Club) -> None:
    membership, right = Membership.objects.get(), Entitlement.objects.get()
    assert (membership.state, membership.current_price.offer.interval) == ("active", "month")
    assert right.ends_at == MembershipPeriod.objects.earliest("id").ends_at + timedelta(days=3)
    assert first().is_paid
    assert not Order.objects.filter(offer__interval="year", state="paid").exists()
    assert (interval(club), subscription(club)["pending_update"]) == ("month", None)
    assert len([each for each in club.world.objects("charge") if each["status"] == "succeeded"]) == 1
    assert all(each["status"] in ("paid", "void") for each in club.world.objects("invoice"))
    assert not PlanChange.objects.under_way().exists()
    assert ledger.check().is_same
