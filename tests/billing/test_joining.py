"""A membership begins in the panel: one subscription, one first invoice, one right that ends with it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Mail
from billing.books import ledger
from billing.joining import following
from billing.models import Coupon, Membership, MembershipPeriod, Order, Payment, StripePrice
from billing.settling import outcomes
from tests import factories
from tests.billing.club import ALWAYS_ASKS, DECLINED, Club, until
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.moments import later
from videos import pricing
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = ["POST /v1/prices", "POST /v1/customers", "POST /v1/subscriptions"]
CONFIRM = "POST /v1/payment_intents/{intent}/confirm"


@pytest.fixture
def club(shop: Shop) -> Club:
    return Club(shop)


def assert_joined_once() -> None:
    membership = Membership.objects.get()
    order, right = Order.objects.get(), Entitlement.objects.get()
    period = MembershipPeriod.objects.get()
    assert (membership.state, order.state, order.total_minor) == ("active", "paid", 790)
    assert (right.reason, right.reference) == ("membership", order.reference)
    assert right.ends_at == period.ends_at + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    assert Mail.objects.get(template="receipt").cause == f"receipt:{order.reference}"
    assert ledger.check().is_same
    assert ledger.booked([f"sale:{order.reference}"])


def test_a_card_that_needs_no_question_joins_at_once(club: Club) -> None:
    answer = club.join()

    subscription = club.world.objects("subscription")[0]
    assert answer["state"] == "paid"
    assert answer["playback"]["url"].startswith("http://kollus.localhost")
    assert "Renews on" in answer["receipt_html"]
    assert subscription["status"] == "active"
    assert subscription["default_payment_method"]
    assert club.buyer.watch("dusk").status_code == 200
    assert_joined_once()


def test_stripe_is_told_no_name_and_no_address(club: Club) -> None:
    club.join()

    customer = club.world.objects("customer")[0]
    assert (customer["email"], customer["name"]) == (None, None)


def test_the_panel_says_what_it_costs_and_that_it_renews(club: Club) -> None:
    factories.membership(club.collection, "year", usd=7900)

    page = club.buyer.http.get(f"{club.buyer.url}/checkout/collections/all-day/panel/").text

    assert "$7.90 a month" in page
    assert "$79.00 a year" in page
    assert "Renews every month until you cancel." in page
    assert page.count('data-mode="subscription"') == 2


def test_the_yearly_membership_renews_after_a_year(club: Club) -> None:
    factories.membership(club.collection, "year", usd=7900)

    answer = club.buyer.pay(club.quote("membership-year")).json()

    period = MembershipPeriod.objects.get()
    assert answer["state"] == "paid"
    assert Order.objects.get().total_minor == 7900
    assert timedelta(days=364) < period.ends_at - period.starts_at < timedelta(days=367)


def test_a_passed_challenge_joins(club: Club) -> None:
    asked = club.join(card=ALWAYS_ASKS)
    assert asked["state"] == "challenge"
    assert not Entitlement.objects.exists()
    assert Membership.objects.get().state == "starting"

    club.world.challenge(asked["challenge_url"], passed=True)

    assert club.buyer.status(asked["order"])["state"] == "paid"
    assert_joined_once()


def test_the_webhook_alone_settles_when_the_browser_never_asks(club: Club, celery_worker: object) -> None:
    asked = club.join(card=ALWAYS_ASKS)
    club.world.challenge(asked["challenge_url"], passed=True)

    until(lambda: Order.objects.get().is_paid)
    club.world.settle()
    assert_joined_once()


def test_the_sweep_alone_settles_when_nobody_tells(club: Club) -> None:
    club.world.faults(webhooks={"drop": 100})
    asked = club.join(card=ALWAYS_ASKS)
    club.world.challenge(asked["challenge_url"], passed=True)

    outcomes.sweep(at=later(61))

    assert_joined_once()
    following.sweep(at=later(61))
    assert_joined_once()


def test_the_membership_alone_tells_of_its_first_invoice(club: Club) -> None:
    club.world.faults(webhooks={"drop": 100})
    asked = club.join(card=ALWAYS_ASKS)
    club.world.challenge(asked["challenge_url"], passed=True)

    club.look()

    assert_joined_once()


@pytest.mark.parametrize("card", [DECLINED, ALWAYS_ASKS])
def test_another_card_pays_the_same_invoice(club: Club, card: str) -> None:
    quote = club.quote()
    refused = club.buyer.pay(quote, card=card).json()
    if card == ALWAYS_ASKS:
        club.world.challenge(refused["challenge_url"], passed=False)
        refused = club.buyer.status(refused["order"])

    paid = club.buyer.pay(quote).json()

    assert refused["state"] == "refused"
    assert "nothing was charged" in refused["sentence"]
    assert (paid["state"], paid["order"]) == ("paid", refused["order"])
    assert len(club.world.objects("subscription")) == len(club.world.objects("payment_intent")) == 1
    assert_joined_once()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("how", ["drop_after", "drop_before"])
def test_an_answer_lost_before_the_card_is_charged_costs_nothing(club: Club, call: str, how: str) -> None:
    club.world.faults(stripe={"fail_next": [{"call": call, "how": how}]})
    quote = club.quote()

    first = club.buyer.pay(quote)
    second = club.buyer.pay(quote)

    assert (first.status_code, first.json()["code"]) == (503, "unavailable")
    assert second.json()["state"] == "paid"
    assert len(club.world.objects("charge")) == 1
    assert list(Payment.objects.order_by("number").values_list("state", flat=True)) == [
        "refused",
        "succeeded",
    ]
    assert_joined_once()


def test_a_lost_answer_to_the_confirmation_is_found_out(club: Club) -> None:
    club.world.faults(stripe={"fail_next": [{"call": CONFIRM, "how": "drop_after"}]}, webhooks={"drop": 100})

    asked = club.join()

    until(lambda: club.buyer.status(asked["order"])["state"] == "paid")
    assert_joined_once()


def test_a_price_is_made_at_stripe_once_and_a_new_amount_is_a_new_one(club: Club) -> None:
    club.join()
    other = Buyer(club.buyer.url, club.world)
    quote = other.quote("all-day", offer="membership-month", kind="collections")
    other.pay(quote, email="bo@example.com")
    assert StripePrice.objects.count() == len(club.world.objects("price")) == 1

    pricing.change(club.offer, currency="usd", amount_minor=990, at=timezone.now())
    third = Buyer(club.buyer.url, club.world)
    quote = third.quote("all-day", offer="membership-month", kind="collections")
    third.pay(quote, email="cho@example.com")

    assert [price["unit_amount"] for price in club.world.objects("price")] == [790, 990]


def test_who_is_a_member_is_not_charged_again(club: Club) -> None:
    quote = club.quote()
    club.join()

    answer = club.buyer.pay(quote)

    assert (answer.status_code, answer.json()["code"]) == (409, "already_yours")


def test_another_currency_closes_the_open_subscription_for_good(club: Club) -> None:
    asked = club.join(card=ALWAYS_ASKS)
    club.buyer.another_card(asked["order"])

    paid = club.buyer.pay(club.quote(currency="krw")).json()

    old, new = club.world.objects("subscription")
    assert paid["state"] == "paid"
    assert (old["status"], new["status"]) == ("canceled", "active")
    assert club.world.objects("payment_intent")[0]["status"] == "canceled"
    assert [order.state for order in club.orders()] == ["canceled", "paid"]


def test_an_unpaid_subscription_is_over_after_a_day(club: Club) -> None:
    asked = club.join(card=ALWAYS_ASKS)
    club.buyer.another_card(asked["order"])
    club.pass_time(timedelta(hours=24))

    club.look()
    again = club.join()
    anew = club.join()

    assert again["state"] in ("refused", "canceled")
    assert anew["state"] == "paid"
    assert sorted(Membership.objects.values_list("state", flat=True)) == ["active", "ended"]


def test_a_coupon_is_not_for_a_membership(club: Club) -> None:
    Coupon.objects.create(code="SPRING", percent=10, uses_limit=1)

    page = club.buyer.http.get(f"{club.buyer.url}/checkout/collections/all-day/panel/?coupon=spring").text

    assert "This code doesn&#x27;t hold" in page or "This code doesn't hold" in page
    assert "$7.90 a month" in page
