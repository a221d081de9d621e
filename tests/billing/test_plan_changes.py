"""From a month to a year: the exact sum first, the bank's question in the page, and nothing by halves."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from accounts.tasks import send_mail
from billing.books import balance, ledger
from billing.joining import price_moves
from billing.models import Membership, Order, PriceMove, TaxRate
from billing.reconciling import reconciliation
from billing.stripe import stripe_plans
from billing.stripe.intents import StripeRefused
from tests import factories
from tests.billing import planner
from tests.billing.club import Club
from tests.buyer import EMAIL, Buyer
from tests.conftest import Shop
from videos import pricing

pytestmark = pytest.mark.django_db(transaction=True)

A_YEAR = timedelta(days=366, hours=2)


@pytest.fixture
def club(shop: Shop) -> Club:
    return planner.ten_days_a_member(shop)


def test_the_page_says_the_exact_sum_and_that_very_sum_is_charged(club: Club) -> None:
    page = planner.page(club)
    due, wish = planner.due(page), unescape(re.findall(r'data-wish="([^"]+)"', page)[0])
    assert "Pay $" in page
    assert "Nothing changes unless this is paid." in page
    assert len(club.world.objects("charge")) == 1

    answer = planner.press(club, wish).json()

    assert (answer["state"], answer["sentence"]) == ("paid", "Paid. Your plan has changed.")
    assert Order.objects.latest("id").total_minor == due
    planner.assert_changed_once(club)
    send_mail()
    told = club.world.sandbox.mail(EMAIL)[-1]["text"]
    assert "Your membership goes on" in told
    assert "renews every year" in told
    assert "Less the days you have paid for and not used: $" in told
    paper = club.buyer.http.get(
        f"{club.buyer.url}/orders/{Order.objects.latest('id').reference}/receipt/", timeout=40
    ).text
    assert "$79.00" in paper
    assert "Less the days you have paid for and not used" in paper


def test_looking_changes_nothing(club: Club) -> None:
    for _ in range(2):
        planner.page(club)

    assert Order.objects.count() == 1
    planner.assert_nothing_changed(club)


def test_the_members_page_leads_there_and_a_year_later_it_renews_for_a_year(club: Club) -> None:
    order_page = club.buyer.http.get(f"{club.buyer.url}/orders/{planner.first().reference}/", timeout=40).text
    assert f'/orders/{planner.first().reference}/plan/"' in order_page
    planner.press(club, planner.wish(club))

    club.pass_time(A_YEAR)
    club.look()

    renewal = Order.objects.latest("id")
    assert (renewal.total_minor, renewal.offer.interval) == (7900, "year")
    assert "nothing changes now" in planner.page(club)


def test_the_tax_within_the_sum_is_split_off(club: Club) -> None:
    TaxRate.objects.create(country="US", starts_on="2020-01-01", basis_points=1000)

    planner.press(club, planner.wish(club))

    change = Order.objects.latest("id")
    assert change.tax_minor == round(change.total_minor / 11)
    assert ledger.check().is_same


def test_the_books_agree_with_stripe_after_it(shop: Shop) -> None:
    club = Club(shop)
    factories.membership(club.collection, "year", usd=7900)
    club.member()
    assert planner.press(club, planner.wish(club)).json()["state"] == "paid"
    balance.fetch(at=timezone.now())

    since, end = timezone.now() - timedelta(days=1), timezone.now() + timedelta(minutes=5)
    left = [
        each.what for each in reconciliation.reconcile(since=since, until=end, at=timezone.now(), fix=True)
    ]

    assert left == []


def test_another_sum_than_was_shown_is_refused(club: Club) -> None:
    claims = signing.loads(planner.wish(club), salt="billing.plan_changes")
    wish = signing.dumps({**claims, "due": claims["due"] - 100}, salt="billing.plan_changes")

    answer = planner.press(club, wish)

    assert (answer.status_code, answer.json()["code"]) == (409, "plan_stale")
    assert "The sum is another by now, and nothing was charged" in answer.json()["sentence"]
    planner.assert_nothing_changed(club)


@pytest.mark.parametrize("wish", ["", "nonsense", "a:b:c"])
def test_a_wish_that_we_did_not_sign_is_refused(club: Club, wish: str) -> None:
    assert planner.press(club, wish).status_code in (400, 409)

    planner.assert_nothing_changed(club)


def test_a_wish_of_another_membership_is_refused(club: Club) -> None:
    wish = planner.wish(club)
    bo = Buyer(club.buyer.url, club.world)
    quote = bo.quote("all-day", offer="membership-month", kind="collections")
    reference = bo.pay(quote, email="bo@example.com").json()["order"]

    answer = bo.post(f"/api/v1/orders/{reference}/plan-changes/", {"wish": wish})

    assert (answer.status_code, answer.json()["code"]) == (409, "plan_stale")


def test_a_stranger_finds_neither_page_nor_change(club: Club) -> None:
    wish = planner.wish(club)
    bo = Buyer(club.buyer.url, club.world)
    bo.panel("all-day", kind="collections")

    assert bo.http.get(f"{bo.url}/orders/{planner.first().reference}/plan/", timeout=40).status_code == 404
    assert planner.press(club, wish, bo).status_code == 404
    planner.assert_nothing_changed(club)


def _leaves() -> None:
    Membership.objects.update(cancels_at_period_end=True)


def _owes() -> None:
    Membership.objects.update(state="past_due")


def _goes() -> None:
    Membership.objects.update(end_wanted_at=timezone.now())


@pytest.mark.parametrize("make_so", [_leaves, _owes, _goes])
def test_who_leaves_or_owes_changes_nothing(club: Club, make_so: Any) -> None:
    wish = planner.wish(club)
    make_so()

    page, answer = planner.page(club), planner.press(club, wish)

    assert "data-wish" not in page
    assert answer.status_code == 409
    assert len(club.world.objects("charge")) == 1


def test_stripe_silent_the_page_says_so(club: Club) -> None:
    club.world.faults(
        stripe={"fail_next": [{"call": "POST /v1/invoices/create_preview", "how": "drop_before"}]}
    )

    assert "we can't tell the sum" in planner.page(club) or "we can&#x27;t tell the sum" in planner.page(club)


def test_a_price_move_that_waits_is_dropped_by_it(club: Club, cho: Any) -> None:
    pricing.change(club.offer, currency="usd", amount_minor=990, at=timezone.now())
    price_moves.move(Membership.objects.all(), reason="rose", asked_by=cho.pk, at=timezone.now())
    planner.press(club, planner.wish(club))

    price_moves.sweep(at=timezone.now())

    assert PriceMove.objects.get().dropped_at is not None
    planner.assert_changed_once(club)


def test_a_day_has_room_for_five_tries(club: Club) -> None:
    planner.use_card("pm_card_chargeCustomerFail")
    for _ in range(5):
        planner.press(club, planner.wish(club))

    answer = planner.press(club, planner.wish(club))

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")


def test_stripe_refuses_to_tell_of_a_price_that_it_does_not_know(club: Club) -> None:
    subscription = Membership.objects.get().subscription_id or ""

    with pytest.raises(StripeRefused):
        stripe_plans.preview(subscription, price_id="price_none", prorated_at=timezone.now())
