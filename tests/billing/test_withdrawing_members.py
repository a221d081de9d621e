"""A member's consent at the till, and his way out: what is unused goes back, through real pages."""

import re
import time
from datetime import timedelta

import pytest
import requests
from django.db.models import F
from django.utils import timezone

from accounts.models import Mail
from accounts.tasks import send_mail
from billing import tasks
from billing.books import ledger
from billing.consenting import consents
from billing.joining import following
from billing.models import Consent, Membership, MembershipPeriod, Order, Refund
from billing.refunding import facts
from billing.refunding.cases import Reason
from tests import factories
from tests.billing.club import A_MONTH, Club
from tests.buyer import EMAIL, Buyer
from tests.conftest import Shop
from tests.moments import later
from videos.models import Entitlement, PlaybackSession

pytestmark = pytest.mark.django_db(transaction=True)

BERLIN, SEOUL = {"time_zone": "Europe/Berlin"}, {"time_zone": "Asia/Seoul"}


@pytest.fixture
def club(shop: Shop) -> Club:
    return Club(shop)


def _join(club: Club, *, card_country: str, agrees: bool, zone: dict[str, str]) -> Order:
    club.world.configure(issuer_country=card_country)
    quote = club.quote(**zone)
    assert club.buyer.pay(quote, has_agreed=agrees, **zone).json()["state"] == "paid"
    send_mail()
    return Order.objects.earliest("id")


def _watch(club: Club) -> None:
    club.buyer.watch("noon")
    time.sleep(1.1)  # the link that he was given counts from its first second on


def _withdraw(club: Club, order: Order) -> tuple[str, str]:
    """By order number and address, in another browser; returns the page with the button and the one after."""
    browser = Buyer(club.buyer.url, club.world)
    _press(browser, f"{browser.url}/withdraw/", reference=order.reference, email=EMAIL)
    tasks.answer_withdrawals()
    link = str(Mail.objects.filter(template="withdrawal-link").latest("id").context["link"])
    page = browser.http.get(link, timeout=20).text
    shown = re.findall(r'name="shown" value="(\d+)"', page)[0]
    answer = _press(browser, link, shown=shown)
    done = answer.text
    assert answer.status_code == 200 and 'name="shown"' not in done, done
    following.sweep(at=timezone.now())
    return page, done


def _press(browser: Buyer, address: str, **fields: str) -> requests.Response:
    page = browser.http.get(address, timeout=20)
    token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[-1]
    data = {"csrfmiddlewaretoken": token, **fields}
    return browser.http.post(address, data=data, headers={"Referer": address}, timeout=40)


def _unused(order: Order) -> int:
    """The price of the days after today, of all days of the period, rounded up."""
    period = MembershipPeriod.objects.get(order=order)
    days = (period.ends_at - period.starts_at).days
    return -(-order.total_minor * (days - 1) // days)


def assert_ended(club: Club) -> None:
    membership, right = Membership.objects.get(), Entitlement.objects.get()
    assert membership.state == "ended"
    assert right.revoked_at is not None or (right.ends_at and right.ends_at <= later(1))
    assert club.world.objects("subscription")[0]["status"] == "canceled"
    assert club.buyer.watch("noon").status_code == 404
    assert Mail.objects.filter(template="withdrawal").count() == 1
    assert ledger.check().is_same


def test_in_europe_the_box_of_a_membership_is_its_own(club: Club) -> None:
    factories.offer(club.collection, usd=2900)
    address = f"{club.buyer.url}/checkout/collections/all-day/panel/"

    page = club.buyer.http.get(address, params=BERLIN, timeout=20).text

    assert page.count('type="checkbox"') == 1
    box = page.partition('class="consent__box"')[2].partition("</label>")[0]
    assert set(re.findall(r'data-for-kind="([\w-]+)"', box)) == {"own", "membership-month"}
    assert "I pay for the days that have begun by then" in box
    assert 'id="notice-membership-month"' in page


def test_without_the_tick_no_membership_begins(club: Club) -> None:
    answer = club.buyer.pay(club.quote(**BERLIN), **BERLIN)

    assert (answer.status_code, answer.json()["code"]) == (400, "consent")
    assert not Order.objects.exists()


def test_who_wanted_it_at_once_gets_back_the_days_that_have_not_begun(club: Club) -> None:
    order = _join(club, card_country="DE", agrees=True, zone=BERLIN)
    words = consents.words(Consent.objects.get())
    assert words and words.kind == "membership"
    assert words.box in club.world.sandbox.mail(EMAIL)[-1]["text"]
    _watch(club)

    page, done = _withdraw(club, order)

    refund = Refund.objects.get()
    assert "Your withdrawal is received" in done
    assert (refund.amount_minor, refund.rule) == (_unused(order), "eu_membership_withdrawal")
    assert f"{refund.amount_minor / 100:.2f}" in page
    assert_ended(club)


def test_who_watched_in_korea_gets_back_the_days_that_have_not_begun(club: Club) -> None:
    order = _join(club, card_country="KR", agrees=False, zone=SEOUL)
    assert Consent.objects.get().law == "kr"
    _watch(club)

    _withdraw(club, order)

    assert Refund.objects.get().rule == "kr_membership_ended"
    assert Refund.objects.get().amount_minor == _unused(order)
    assert_ended(club)


def test_who_never_watched_in_korea_gets_all_of_it_back(club: Club) -> None:
    order = _join(club, card_country="KR", agrees=False, zone=SEOUL)
    PlaybackSession.objects.update(link_until=F("opened_at"))  # what began with the payment was left at once

    _withdraw(club, order)

    assert (Refund.objects.get().amount_minor, Refund.objects.get().rule) == (790, "kr_membership_unwatched")
    assert_ended(club)


def test_what_was_agreed_at_the_beginning_holds_for_what_a_renewal_paid(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    _join(club, card_country="DE", agrees=True, zone=BERLIN)
    club.pass_time(A_MONTH)
    club.look()

    case = facts.case_of(Order.objects.latest("id"), reason=Reason.CHANGED_MIND, at=timezone.now())

    assert case.consents.wanted_at_once
    assert case.consents.told_at is not None


class TestFreeDays:
    @pytest.fixture
    def club(self, shop: Shop) -> Club:
        made = Club(shop, trial_days=7)
        made.world.faults(webhooks={"drop": 1000})
        return made

    def test_the_consent_comes_before_the_card_is_put_on_file(self, club: Club) -> None:
        refused = club.buyer.pay(club.quote(**BERLIN), **BERLIN)
        _join(club, card_country="DE", agrees=True, zone=BERLIN)

        mail = club.world.sandbox.mail(EMAIL)[-1]
        words = consents.words(Consent.objects.get())
        assert refused.status_code == 400
        assert words
        for form in (mail["text"], mail["html"]):
            assert "Your free days have begun" in form
            assert "unless you cancel before" in form
            assert words.box in form
            assert "/orders/" in form

    def test_withdrawing_from_them_ends_the_membership_and_nothing_is_charged(self, club: Club) -> None:
        order = _join(club, card_country="DE", agrees=True, zone=BERLIN)
        time.sleep(1.1)  # a right lasts for a second at least

        page, done = _withdraw(club, order)

        assert "Your membership ends, and nothing is charged." in page
        assert "Your withdrawal is received" in done
        assert not Refund.objects.exists()
        assert_ended(club)
        club.pass_time(A_MONTH)
        assert not club.world.objects("charge")

    def test_after_the_first_charge_the_first_mails_number_withdraws_from_that(self, club: Club) -> None:
        order = _join(club, card_country="DE", agrees=True, zone=BERLIN)
        club.look()
        club.pass_time(timedelta(days=7, hours=2))
        club.look()

        _withdraw(club, order)

        refund = Refund.objects.get()
        assert refund.order == Order.objects.latest("id")
        assert refund.rule == "eu_membership_withdrawal"
