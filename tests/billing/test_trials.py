"""Free days with a card on file: nothing is charged today, the card is kept, and all goes on by itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Mail, User
from billing.books import ledger
from billing.inbox import webhook_inbox
from billing.joining import following
from billing.models import Membership, MembershipPeriod, Order, Payment, Trial
from billing.settling import outcomes
from tests import factories, promises
from tests.billing.club import ALWAYS_ASKS, DECLINED, Club, until
from tests.buyer import Buyer, Json
from tests.conftest import Shop
from tests.moments import later
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

CONFIRM = "POST /v1/setup_intents/{intent}/confirm"
A_WEEK = timedelta(days=7, hours=2)


@pytest.fixture
def club(shop: Shop) -> Club:
    return Club(shop, trial_days=7)


def _subscription(club: Club) -> Json:
    return club.world.objects("subscription")[-1]


def assert_begun_once(club: Club) -> None:
    membership, order = Membership.objects.get(), Order.objects.get()
    right, period, payment = Entitlement.objects.get(), MembershipPeriod.objects.get(), Payment.objects.last()
    assert (membership.state, order.state, order.total_minor, order.trial_days) == ("active", "paid", 0, 7)
    assert timedelta(days=6, hours=23) < period.ends_at - timezone.now() < timedelta(days=7)
    assert right.ends_at == period.ends_at + timedelta(days=1)
    assert payment is not None
    assert (payment.state, payment.is_setup, payment.amount_minor) == ("succeeded", True, 0)
    assert Mail.objects.filter(cause=f"receipt:{order.reference}", template="trial-begun").count() == 1
    assert not Mail.objects.filter(template="receipt").exists()
    assert not club.world.objects("charge")
    assert Trial.objects.get().card_fingerprint
    assert ledger.check().is_same
    promises.paid_means_playable()


def test_the_panel_says_what_is_charged_today_and_what_later(club: Club) -> None:
    page = club.buyer.http.get(f"{club.buyer.url}/checkout/collections/all-day/panel/").text

    assert 'data-button="Start 7 days free, then $7.90 a month"' in page
    assert 'data-mode="setup"' in page
    assert "nothing is charged today" in page
    assert "unless you cancel before" in page


def test_the_day_of_the_first_charge_is_the_buyers_own(club: Club) -> None:
    address = f"{club.buyer.url}/checkout/collections/all-day/panel/"

    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Nowhere/../etc", ""):
        where = ZoneInfo(zone if zone.startswith("Pacific") else "UTC")
        before = timezone.now().astimezone(where)
        page = club.buyer.http.get(address, params={"time_zone": zone}).text
        days = {each.date() + timedelta(days=7) for each in (before, timezone.now().astimezone(where))}
        assert any(f"On {date_format(day)} your card" in page for day in days)


def test_a_card_that_needs_no_question_begins_at_once(club: Club) -> None:
    answer = club.join()

    assert answer["state"] == "paid"
    assert "Your free days have begun" in answer["sentence"]
    assert "unless you cancel before" in answer["receipt_html"]
    assert _subscription(club)["status"] == "trialing"
    assert club.buyer.watch("dusk").status_code == 200
    assert_begun_once(club)


def test_a_passed_challenge_begins(club: Club) -> None:
    asked = club.join(card=ALWAYS_ASKS)
    assert (asked["state"], Membership.objects.get().state) == ("challenge", "starting")
    assert not Entitlement.objects.exists()

    club.world.challenge(asked["challenge_url"], passed=True)

    assert club.buyer.status(asked["order"])["state"] == "paid"
    assert_begun_once(club)


def test_a_membership_that_waits_for_its_card_opens_nothing(club: Club) -> None:
    club.join(card=ALWAYS_ASKS)

    club.look()

    assert (Membership.objects.get().state, Order.objects.get().state) == ("starting", "open")
    assert not Entitlement.objects.exists()


def test_the_event_alone_begins_when_the_browser_never_asks(club: Club, celery_worker: object) -> None:
    asked = club.join(card=ALWAYS_ASKS)
    club.world.challenge(asked["challenge_url"], passed=True)

    until(lambda: Order.objects.get().is_paid)
    club.world.settle()
    webhook_inbox.sweep(at=later(60))
    assert_begun_once(club)


def test_the_sweep_alone_begins_when_nobody_tells(club: Club) -> None:
    club.world.faults(webhooks={"drop": 100})
    asked = club.join(card=ALWAYS_ASKS)
    club.world.challenge(asked["challenge_url"], passed=True)

    outcomes.sweep(at=later(61))

    assert_begun_once(club)


def test_the_membership_alone_tells_of_its_card(club: Club) -> None:
    club.world.faults(webhooks={"drop": 100})
    asked = club.join(card=ALWAYS_ASKS)
    club.world.challenge(asked["challenge_url"], passed=True)

    club.look()

    assert_begun_once(club)


def test_a_lost_answer_is_found_out(club: Club) -> None:
    club.world.faults(stripe={"fail_next": [{"call": CONFIRM, "how": "drop_after"}]}, webhooks={"drop": 100})

    asked = club.join()

    until(lambda: club.buyer.status(asked["order"])["state"] == "paid")
    assert_begun_once(club)


@pytest.mark.parametrize("card", [DECLINED, ALWAYS_ASKS])
def test_another_card_begins_the_same_membership(club: Club, card: str) -> None:
    quote = club.quote()
    refused = club.buyer.pay(quote, card=card).json()
    if card == ALWAYS_ASKS:
        club.world.challenge(refused["challenge_url"], passed=False)
        refused = club.buyer.status(refused["order"])

    begun = club.buyer.pay(quote).json()

    assert refused["state"] == "refused"
    assert "nothing was charged" in refused["sentence"]
    assert (begun["state"], begun["order"]) == ("paid", refused["order"])
    assert len(club.world.objects("subscription")) == 1
    assert_begun_once(club)


def test_the_card_on_file_pays_when_the_trial_ends(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    club.member()
    following.sweep(at=timezone.now())
    assert _subscription(club)["default_payment_method"]
    club.pass_time(A_WEEK)

    club.look()

    trial, first = Order.objects.order_by("id")
    right = Entitlement.objects.get()
    paid_until = Membership.objects.get().paid_until()
    assert (first.total_minor, first.trial_days, first.receipt_number) == (790, 0, 1)
    assert paid_until is not None
    assert right.ends_at == paid_until + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    assert right.reference == trial.reference
    assert Mail.objects.get(template="receipt").cause == f"receipt:{first.reference}"
    assert ledger.check().is_same
    promises.receipts_run_on()


def test_a_trial_whose_card_fails_opens_a_day_longer_and_no_more(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    club.join(card="4000000000000341")  # it can be put on file, and every charge fails
    club.look()
    club.pass_time(A_WEEK)

    club.look()

    period = MembershipPeriod.objects.get()
    assert Membership.objects.get().state == "past_due"
    assert Entitlement.objects.get().ends_at == period.ends_at + timedelta(days=1)


def test_who_cancels_in_his_free_days_is_never_charged(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    club.member()
    address = f"{club.buyer.url}{Order.objects.get().get_absolute_url()}"
    page = club.buyer.http.get(address).text
    form = {"goes_on": "no", "csrfmiddlewaretoken": club.buyer.http.cookies["csrftoken"]}
    club.buyer.http.post(f"{address}membership/", data=form, headers={"Referer": address}, timeout=40)
    club.pass_time(A_WEEK)

    club.look(after=A_WEEK)

    assert 'data-state="trial"' in page
    assert "Cancel before anything is charged" in page
    assert "Receipt to print" not in page
    assert club.buyer.http.get(f"{address}receipt/").status_code == 404
    assert Membership.objects.get().state == "ended"
    assert Entitlement.objects.get().ends_at == MembershipPeriod.objects.get().ends_at
    assert not club.world.objects("charge")


def test_the_same_browser_is_offered_no_second_trial(club: Club) -> None:
    factories.membership(club.collection, "year", trial_days=14, usd=7900)
    club.member()
    Entitlement.objects.update(revoked_at=timezone.now(), revoked_because="test")

    page = club.buyer.http.get(f"{club.buyer.url}/checkout/collections/all-day/panel/").text

    assert "days free" not in page
    assert 'data-mode="setup"' not in page


def test_another_collection_has_a_trial_of_its_own(club: Club) -> None:
    other = factories.collection(factories.video("night"), slug="all-night")
    factories.membership(other, trial_days=3)
    club.member()

    page = club.buyer.http.get(f"{club.buyer.url}/checkout/collections/all-night/panel/").text

    assert "Start 3 days free" in page


def test_a_card_that_had_a_trial_gets_none_in_another_browser(club: Club) -> None:
    club.member()
    bo = Buyer(club.buyer.url, club.world)
    quote = bo.quote("all-day", offer="membership-month", kind="collections")

    refused = bo.pay(quote, email="bo@example.com").json()
    following.sweep(at=timezone.now())
    panel = bo.http.get(f"{bo.url}/checkout/collections/all-day/panel/").text
    anew = bo.pay(bo.quote("all-day", offer="membership-month", kind="collections"), email="bo@example.com")

    assert (refused["state"], refused["decline_code"]) == ("refused", "trial_used")
    assert "given once per person and card, and nothing was charged" in refused["sentence"]
    assert "days free" not in panel
    assert [each["status"] for each in club.world.objects("subscription")][:2] == ["trialing", "canceled"]
    assert anew.json()["state"] == "paid"
    assert sorted(Order.objects.values_list("state", "total_minor")) == [
        ("canceled", 0),
        ("paid", 0),
        ("paid", 790),
    ]
    assert len(club.world.objects("charge")) == Trial.objects.count() == 1


def test_a_user_gets_one_trial_whatever_his_card_and_browser(club: Club, ada: User) -> None:
    club.member()
    Order.objects.update(user=ada)
    again = Buyer(club.buyer.url, club.world)
    again.sign_in(ada.email)

    page = again.http.get(f"{again.url}/checkout/collections/all-day/panel/").text

    assert "days free" not in page


def test_a_quote_signed_before_does_not_bring_a_second_trial(club: Club) -> None:
    early = club.quote()
    club.member()
    Entitlement.objects.update(revoked_at=timezone.now(), revoked_because="test")

    answer = club.buyer.pay(early, card="5555555555554444")

    assert (answer.status_code, answer.json()["code"]) == (409, "trial_gone")
    assert Order.objects.count() == 1


def test_the_offer_may_stop_giving_trials_and_what_was_quoted_holds(club: Club) -> None:
    quote = club.quote()
    type(club.offer).objects.update(trial_days=0)

    assert club.buyer.pay(quote).json()["state"] == "paid"

    assert Order.objects.get().trial_days == 7
    assert isinstance(MembershipPeriod.objects.get().ends_at, datetime)
