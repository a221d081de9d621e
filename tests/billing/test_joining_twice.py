"""A guest joins one membership from two browsers: the second goes through, and is given back and ended."""

import pytest
from django.utils import timezone

from accounts.models import Mail
from billing.joining import following
from billing.models import Membership, Order, Refund
from billing.refunding import second_purchases
from tests import factories
from tests.billing.club import A_MONTH, Club
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.moments import later

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    return made


def _joins_elsewhere(club: Club, *, offer: str = "membership-month", **given: str) -> Order:
    browser = Buyer(club.buyer.url, club.world)
    quote = browser.quote("all-day", offer=offer, kind="collections")
    answer = browser.pay(quote, **given).json()
    assert answer["state"] == "paid"
    return Order.objects.get(reference=answer["order"])


def test_the_second_is_given_back_in_full_ended_and_told_by_mail(club: Club) -> None:
    first, second = Membership.objects.get(), _joins_elsewhere(club)

    assert second_purchases.give_back(at=later(1)) == 1
    assert second_purchases.give_back(at=later(2)) == 0
    following.sweep(at=timezone.now())

    refund, mail = Refund.objects.get(), Mail.objects.get(template="refund")
    assert (refund.order, refund.amount_minor, refund.reason) == (second, 790, "bought_twice")
    assert mail.context["is_bought_twice"] is True
    assert Membership.objects.get(order=second).state == "ended"
    first.refresh_from_db()
    assert (first.state, first.end_wanted_at) == ("active", None)
    assert club.buyer.watch("noon").status_code == 200


def test_who_is_leaving_may_join_anew(club: Club) -> None:
    Membership.objects.update(cancels_at_period_end=True)
    _joins_elsewhere(club)

    assert second_purchases.give_back(at=later(1)) == 0


def test_another_plan_and_another_address_are_no_second_joining(club: Club) -> None:
    factories.membership(club.collection, "year", usd=7900)
    _joins_elsewhere(club, offer="membership-year")
    _joins_elsewhere(club, email="bo@example.com")

    assert second_purchases.give_back(at=later(1)) == 0


def test_a_renewal_is_no_second_joining(club: Club) -> None:
    club.pass_time(A_MONTH)
    club.look()
    renewal = Order.objects.latest("id")

    assert second_purchases.give_back(at=later(1)) == 0
    assert not second_purchases.is_second(renewal, at=later(1))
