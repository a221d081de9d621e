"""From a month to a year: the exact sum first, the bank's question in the page, and nothing by halves."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import requests
from django.core import signing
from django.utils import timezone

from accounts.models import Mail
from accounts.tasks import send_mail
from billing.books import balance, ledger
from billing.inbox import webhook_inbox
from billing.joining import following, plan_change
from billing.models import Membership, MembershipPeriod, Order, Payment, PlanChange, PriceMove, TaxRate
from billing.reconciling import reconciliation
from billing.settling import outcomes
from billing.stripe import stripe_plans
from billing.stripe.intents import StripeRefused
from billing.stripe.stripe_gateway import speaking
from tests import factories, promises
from tests.billing.club import Club, until
from tests.buyer import EMAIL, Buyer, Json
from tests.concurrency.racing import all_at_once
from tests.conftest import Shop
from tests.moments import later
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"
A_YEAR = timedelta(days=366, hours=2)


@pytest.fixture
def club(shop: Shop) -> Club:
    """Somebody who became a member ten days ago, by Stripe's clock."""
    made = Club(shop)
    factories.membership(made.collection, "year", usd=7900, krw=99000)
    made.world.faults(webhooks={"drop": 10_000})
    made.world.shift_clock("stripe", -timedelta(days=10).total_seconds())
    made.member()
    made.world.shift_clock("stripe", 0)
    return made


def _first() -> Order:
    return Order.objects.earliest("id")


def _page(club: Club, buyer: Buyer | None = None) -> str:
    answer = (buyer or club.buyer).http.get(f"{club.buyer.url}/orders/{_first().reference}/plan/", timeout=40)
    return answer.text


def _wish(club: Club) -> str:
    return unescape(re.findall(r'data-wish="([^"]+)"', _page(club))[0])


def _press(club: Club, wish: str, buyer: Buyer | None = None) -> requests.Response:
    path = f"/api/v1/orders/{_first().reference}/plan-changes/"
    return (buyer or club.buyer).post(path, {"wish": wish})


def _due(page: str) -> int:
    return round(100 * float(re.findall(r'data-testid="due">\$([\d.]+)<', page)[0]))


def _subscription(club: Club) -> Json:
    return club.world.objects("subscription")[0]


def _interval(club: Club) -> str:
    return str(_subscription(club)["items"]["data"][0]["price"]["recurring"]["interval"])


def _use_card(card: str) -> None:
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
    assert (_interval(club), _subscription(club)["pending_update"]) == ("year", None)
    charges = [each["amount"] for each in club.world.objects("charge") if each["status"] == "succeeded"]
    assert charges == [790, change.total_minor]
    assert Mail.objects.filter(cause=f"receipt:{change.reference}").count() == 1
    promises.receipts_run_on()
    assert ledger.check().is_same


def assert_nothing_changed(club: Club) -> None:
    membership, right = Membership.objects.get(), Entitlement.objects.get()
    assert (membership.state, membership.current_price.offer.interval) == ("active", "month")
    assert right.ends_at == MembershipPeriod.objects.earliest("id").ends_at + timedelta(days=3)
    assert _first().is_paid
    assert not Order.objects.filter(offer__interval="year", state="paid").exists()
    assert (_interval(club), _subscription(club)["pending_update"]) == ("month", None)
    assert len([each for each in club.world.objects("charge") if each["status"] == "succeeded"]) == 1
    assert all(each["status"] in ("paid", "void") for each in club.world.objects("invoice"))
    assert not PlanChange.objects.under_way().exists()
    assert ledger.check().is_same


def test_the_page_says_the_exact_sum_and_that_very_sum_is_charged(club: Club) -> None:
    page = _page(club)
    due, wish = _due(page), unescape(re.findall(r'data-wish="([^"]+)"', page)[0])
    assert "Pay $" in page
    assert "Nothing changes unless this is paid." in page
    assert len(club.world.objects("charge")) == 1

    answer = _press(club, wish).json()

    assert (answer["state"], answer["sentence"]) == ("paid", "Paid. Your plan has changed.")
    assert Order.objects.latest("id").total_minor == due
    assert_changed_once(club)
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
        _page(club)

    assert Order.objects.count() == 1
    assert_nothing_changed(club)


def test_the_members_page_leads_there_and_a_year_later_it_renews_for_a_year(club: Club) -> None:
    order_page = club.buyer.http.get(f"{club.buyer.url}/orders/{_first().reference}/", timeout=40).text
    assert f'/orders/{_first().reference}/plan/"' in order_page
    _press(club, _wish(club))

    club.pass_time(A_YEAR)
    club.look()

    renewal = Order.objects.latest("id")
    assert (renewal.total_minor, renewal.offer.interval) == (7900, "year")
    assert "nothing changes now" in _page(club)


def test_the_tax_within_the_sum_is_split_off(club: Club) -> None:
    TaxRate.objects.create(country="US", starts_on="2020-01-01", basis_points=1000)

    _press(club, _wish(club))

    change = Order.objects.latest("id")
    assert change.tax_minor == round(change.total_minor / 11)
    assert ledger.check().is_same


def test_the_books_agree_with_stripe_after_it(shop: Shop) -> None:
    club = Club(shop)
    factories.membership(club.collection, "year", usd=7900)
    club.member()
    assert _press(club, _wish(club)).json()["state"] == "paid"
    balance.fetch(at=timezone.now())

    since, end = timezone.now() - timedelta(days=1), timezone.now() + timedelta(minutes=5)
    left = [
        each.what for each in reconciliation.reconcile(since=since, until=end, at=timezone.now(), fix=True)
    ]

    assert left == []


def test_another_sum_than_was_shown_is_refused(club: Club) -> None:
    claims = signing.loads(_wish(club), salt="billing.plan_changes")
    wish = signing.dumps({**claims, "due": claims["due"] - 100}, salt="billing.plan_changes")

    answer = _press(club, wish)

    assert (answer.status_code, answer.json()["code"]) == (409, "plan_stale")
    assert "The sum is another by now, and nothing was charged" in answer.json()["sentence"]
    assert_nothing_changed(club)


@pytest.mark.parametrize("wish", ["", "nonsense", "a:b:c"])
def test_a_wish_that_we_did_not_sign_is_refused(club: Club, wish: str) -> None:
    assert _press(club, wish).status_code in (400, 409)

    assert_nothing_changed(club)


def test_a_wish_of_another_membership_is_refused(club: Club) -> None:
    wish = _wish(club)
    bo = Buyer(club.buyer.url, club.world)
    quote = bo.quote("all-day", offer="membership-month", kind="collections")
    reference = bo.pay(quote, email="bo@example.com").json()["order"]

    answer = bo.post(f"/api/v1/orders/{reference}/plan-changes/", {"wish": wish})

    assert (answer.status_code, answer.json()["code"]) == (409, "plan_stale")


def test_a_stranger_finds_neither_page_nor_change(club: Club) -> None:
    wish = _wish(club)
    bo = Buyer(club.buyer.url, club.world)
    bo.panel("all-day", kind="collections")

    assert bo.http.get(f"{bo.url}/orders/{_first().reference}/plan/", timeout=40).status_code == 404
    assert _press(club, wish, bo).status_code == 404
    assert_nothing_changed(club)


def test_a_refused_card_leaves_everything_as_it_was(club: Club) -> None:
    _use_card("pm_card_chargeCustomerFail")

    answer = _press(club, _wish(club)).json()

    assert answer["state"] == "refused"
    assert "your plan is as it was" in answer["sentence"]
    assert_nothing_changed(club)
    assert Order.objects.latest("id").state == "canceled"


def test_after_a_refusal_another_card_changes_it(club: Club) -> None:
    _use_card("pm_card_chargeCustomerFail")
    _press(club, _wish(club))
    _use_card("pm_card_visa")

    assert _press(club, _wish(club)).json()["state"] == "paid"

    assert _interval(club) == "year"
    assert ledger.check().is_same


class TestTheBanksQuestion:
    @pytest.fixture
    def asked(self, club: Club) -> Json:
        _use_card("pm_card_authenticationRequired")
        answer: Json = _press(club, _wish(club)).json()
        assert answer["state"] == "challenge"
        assert _interval(club) == "month"
        return answer

    def test_passed_it_changes_the_plan(self, club: Club, asked: Json) -> None:
        club.world.challenge(asked["challenge_url"], passed=True)

        assert club.buyer.status(asked["order"])["state"] == "paid"
        assert_changed_once(club)

    def test_the_sweep_alone_finds_it_passed(self, club: Club, asked: Json) -> None:
        club.world.challenge(asked["challenge_url"], passed=True)

        outcomes.sweep(at=later(61))
        plan_change.sweep(at=later(61))

        assert_changed_once(club)

    def test_the_membership_alone_tells_of_it(self, club: Club, asked: Json) -> None:
        club.world.challenge(asked["challenge_url"], passed=True)

        club.look()

        assert_changed_once(club)

    def test_failed_nothing_changes(self, club: Club, asked: Json) -> None:
        club.world.challenge(asked["challenge_url"], passed=False)

        answer = club.buyer.status(asked["order"])
        plan_change.sweep(at=later(61))

        assert answer["state"] == "refused"
        assert "your plan is as it was" in answer["sentence"]
        assert_nothing_changed(club)

    def test_turned_away_from_nothing_changes(self, club: Club, asked: Json) -> None:
        answer = club.buyer.another_card(asked["order"])
        plan_change.sweep(at=later(61))

        assert (answer["state"], answer["sentence"]) == (
            "open",
            "Nothing was charged, and your plan is as it was.",
        )
        assert_nothing_changed(club)

    def test_while_it_is_open_a_second_change_is_the_same(self, club: Club, asked: Json) -> None:
        again = _press(club, _wish(club)).json()

        assert (again["state"], again["order"]) == ("challenge", asked["order"])
        assert len(club.world.objects("invoice")) == 2


def test_the_webhook_alone_settles_it(club: Club, celery_worker: object) -> None:
    _use_card("pm_card_authenticationRequired")
    asked = _press(club, _wish(club)).json()
    club.world.faults(webhooks=None)

    club.world.challenge(asked["challenge_url"], passed=True)

    until(lambda: Order.objects.latest("id").is_paid)
    club.world.settle()
    webhook_inbox.sweep(at=later(60))
    assert_changed_once(club)


@pytest.mark.parametrize("how", ["drop_after", "drop_before"])
def test_a_lost_answer_is_found_out(club: Club, how: str) -> None:
    wish = _wish(club)
    club.world.faults(stripe={"fail_next": [{"call": UPDATE, "how": how}]})

    answer = _press(club, wish).json()

    assert answer["state"] == "asking"
    following.sweep(at=later(40))
    outcomes.sweep(at=later(61))
    plan_change.sweep(at=later(62))
    outcomes.sweep(at=later(90))
    plan_change.sweep(at=later(91))
    assert_changed_once(club) if how == "drop_after" else assert_nothing_changed(club)


def test_found_out_late_it_is_settled_all_the_same(club: Club) -> None:
    wish = _wish(club)
    club.world.faults(stripe={"fail_next": [{"call": UPDATE, "how": "drop_after"}]})
    _press(club, wish)
    outcomes.sweep(at=later(61))  # finds no intent and gives the attempt up
    assert Payment.objects.latest("id").state == "refused"

    plan_change.sweep(at=later(62))

    assert_changed_once(club)


def test_pressed_twice_at_once_it_is_charged_once(club: Club) -> None:
    wish = _wish(club)
    tabs = [Buyer(club.buyer.url, club.world) for _ in range(3)]
    for tab in tabs:
        tab.http.cookies.update(club.buyer.http.cookies)

    all_at_once(*[lambda tab=tab: _press(club, wish, tab) for tab in tabs])
    club.look()

    assert_changed_once(club)


def _leaves() -> None:
    Membership.objects.update(cancels_at_period_end=True)


def _owes() -> None:
    Membership.objects.update(state="past_due")


def _goes() -> None:
    Membership.objects.update(end_wanted_at=timezone.now())


@pytest.mark.parametrize("make_so", [_leaves, _owes, _goes])
def test_who_leaves_or_owes_changes_nothing(club: Club, make_so: Any) -> None:
    wish = _wish(club)
    make_so()

    page, answer = _page(club), _press(club, wish)

    assert "data-wish" not in page
    assert answer.status_code == 409
    assert len(club.world.objects("charge")) == 1


def test_stripe_silent_the_page_says_so(club: Club) -> None:
    club.world.faults(
        stripe={"fail_next": [{"call": "POST /v1/invoices/create_preview", "how": "drop_before"}]}
    )

    assert "we can't tell the sum" in _page(club) or "we can&#x27;t tell the sum" in _page(club)


def test_a_price_move_that_waits_is_dropped_by_it(club: Club, cho: Any) -> None:
    from billing.joining import price_moves
    from videos import pricing

    pricing.change(club.offer, currency="usd", amount_minor=990, at=timezone.now())
    price_moves.move(Membership.objects.all(), reason="rose", asked_by=cho.pk, at=timezone.now())
    _press(club, _wish(club))

    price_moves.sweep(at=timezone.now())

    assert PriceMove.objects.get().dropped_at is not None
    assert_changed_once(club)


def test_a_day_has_room_for_five_tries(club: Club) -> None:
    _use_card("pm_card_chargeCustomerFail")
    for _ in range(5):
        _press(club, _wish(club))

    answer = _press(club, _wish(club))

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")


def test_stripe_refuses_to_tell_of_a_price_that_it_does_not_know(club: Club) -> None:
    subscription = Membership.objects.get().subscription_id or ""

    with pytest.raises(StripeRefused):
        stripe_plans.preview(subscription, price_id="price_none", prorated_at=timezone.now())
