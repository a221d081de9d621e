"""A membership as it is lived: free days, renewals, a broken card, a bank that asks, another plan, the end.

One clock for the shop and for Stripe. On the way the sweeps run and webhooks come as ever; whether he may
watch is asked over HTTP at each step, and everything else at the end.
"""

import re
from collections import Counter
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Mail
from accounts.tasks import send_mail
from billing import tasks
from billing.books import balance, ledger
from billing.models import Membership, MembershipPeriod, Order, PlanChange, UnpaidRenewal
from billing.reconciling import reconciliation
from billing.stripe.stripe_gateway import speaking
from tests import factories, promises
from tests.billing.club import Club
from tests.buyer import EMAIL, Json
from tests.conftest import Shop
from tests.schedules.clock import Clock
from videos.models import Entitlement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

A_DAY = timedelta(days=1)
# A renewal's invoice is a draft for an hour.
COLLECTED = timedelta(hours=2)
A_SESSION = timedelta(days=60)


class Life:
    """A member's days. `may_watch` says what he must find whenever he looks."""

    def __init__(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        self.club = Club(shop, trial_days=7)
        factories.membership(self.club.collection, "year", trial_days=7, usd=7900)
        self.clock = Clock(shop.world)
        monkeypatch.setattr(timezone, "now", self.clock.now)
        self.began_at = timezone.now()
        self.signed_in_at = self.began_at - A_SESSION
        self.may_watch = True
        self.looked = 0

    @property
    def membership(self) -> Membership:
        return Membership.objects.select_related("order").get()

    @property
    def paid_until(self) -> datetime:
        until = self.membership.paid_until()
        assert until is not None
        return until

    def go_to(self, instant: datetime) -> None:
        """Live until then, and look each day whether the films open."""
        days = 0
        while (left := instant - timezone.now()) > timedelta(seconds=1):
            self.club.world.settle()  # what is under way arrives at the hour at which it was sent
            self.clock.skip(int(min(left, A_DAY).total_seconds()))
            days += 1
            if days % 7 == 0 or left <= A_DAY:
                self.work()
            self.look()

    def work(self) -> None:
        """What the shop's worker does by itself."""
        self.club.world.settle()
        tasks.sweep()
        balance.fetch(at=timezone.now())
        send_mail()

    def look(self) -> None:
        if timezone.now() - self.signed_in_at >= A_SESSION:
            self.club.buyer.http.cookies.clear()
            self.club.buyer.sign_in(EMAIL)
            self.signed_in_at = timezone.now()
        day = (timezone.now() - self.began_at).days
        opened = self.club.buyer.watch("noon").status_code == 200
        assert opened == self.may_watch, f"day {day}: the film {'opened' if opened else 'stayed shut'}"
        self.looked += 1

    def put_on_file(self, name: str) -> None:
        with speaking() as client:
            customer, subscription = self.membership.customer_id or "", self.membership.subscription_id or ""
            card = client.v1.payment_methods.attach(name, {"customer": customer})
            client.v1.subscriptions.update(subscription, {"default_payment_method": card.id})

    def pay_renewal(self, **body: str) -> Json:
        """Come by the mailed link and press the button there."""
        mail = Mail.objects.filter(template="membership-unpaid").latest("id")
        path = str(mail.context["pay_url"]).removeprefix(settings.SITE_URL)
        page = self.club.buyer.http.get(self.club.buyer.url + path, timeout=40)
        assert page.status_code == 200
        answer: Json = self.club.buyer.post(f"/api/v1{path}payments/", body).json()
        if answer["state"] == "challenge":
            self.club.world.challenge(answer["challenge_url"], passed=True)
            self.clock.skip(2)
            address = f"{self.club.buyer.url}/api/v1{path}payments/{answer['order']}/"
            answer = self.club.buyer.http.get(address, timeout=40).json()
        return answer

    def change_plan(self) -> Order:
        """Read the sum, press the button, answer the bank."""
        buyer, reference = self.club.buyer, self.membership.order.reference
        page = buyer.http.get(f"{buyer.url}/orders/{reference}/plan/", timeout=40).text
        shown = re.findall(r'data-testid="due">\$([\d.]+)<', page)[0]
        wish = unescape(re.findall(r'data-wish="([^"]+)"', page)[0])
        answer = buyer.post(f"/api/v1/orders/{reference}/plan-changes/", {"wish": wish}).json()
        assert answer["state"] == "challenge", answer
        self.club.world.challenge(answer["challenge_url"], passed=True)
        self.clock.skip(2)
        assert buyer.status(answer["order"])["state"] == "paid"
        order = Order.objects.get(reference=answer["order"])
        assert order.total_text == f"${shown}"
        return order

    def leave(self) -> None:
        buyer = self.club.buyer
        address = f"{buyer.url}/orders/{self.membership.order.reference}/"
        buyer.http.get(address, timeout=40)
        form = {"goes_on": "no", "csrfmiddlewaretoken": buyer.http.cookies["csrftoken"]}
        buyer.http.post(f"{address}membership/", data=form, headers={"Referer": address}, timeout=40)

    def reconciled(self) -> list[str]:
        since, until, at = self.began_at - A_DAY, timezone.now() + A_DAY, timezone.now()
        return [each.what for each in reconciliation.reconcile(since=since, until=until, at=at, fix=False)]


@pytest.fixture
def life(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Life:
    return Life(shop, monkeypatch)


def _charges(life: Life) -> list[Any]:
    return [each for each in life.club.world.objects("charge") if each["status"] == "succeeded"]


def test_a_membership_is_lived_for_fourteen_months(life: Life) -> None:
    _the_free_days_go_over_into_a_month(life)
    _the_card_breaks_and_another_pays(life)
    _the_bank_asks_and_he_comes_too_late(life)
    change = _a_year_is_cheaper(life)
    end = _he_leaves_and_watches_to_the_end(life)

    assert life.membership.state == "ended"
    assert end - life.began_at > timedelta(days=425)
    assert life.club.world.objects("subscription")[0]["status"] == "canceled"
    assert life.looked > 425
    _assert_everything_is_accounted_for(life, change)


def _the_free_days_go_over_into_a_month(life: Life) -> None:
    assert life.club.join()["state"] == "paid"
    life.work()
    life.look()
    trial_ends = life.paid_until
    life.go_to(trial_ends - A_DAY)
    assert not _charges(life)
    life.go_to(trial_ends + COLLECTED)
    assert [each["amount"] for each in _charges(life)] == [790]


def _the_card_breaks_and_another_pays(life: Life) -> None:
    """He pays the renewal with another one a day later."""
    life.put_on_file("pm_card_chargeCustomerFail")
    life.go_to(life.paid_until + COLLECTED)
    assert life.membership.state == "past_due"
    life.go_to(timezone.now() + A_DAY)
    assert life.pay_renewal(confirmation_token=life.club.world.confirmation_token())["state"] == "paid"
    life.work()
    assert (life.membership.state, len(_charges(life))) == ("active", 2)


def _the_bank_asks_and_he_comes_too_late(life: Life) -> None:
    """It wants him there, and he comes after the days of grace."""
    life.put_on_file("pm_card_authenticationRequired")
    unpaid_since = life.paid_until
    life.go_to(unpaid_since + COLLECTED)
    assert life.membership.state == "past_due"
    life.go_to(unpaid_since + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS) - COLLECTED)
    life.may_watch = False
    life.go_to(unpaid_since + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS) + COLLECTED)
    assert life.pay_renewal()["state"] == "paid"
    life.may_watch = True
    life.work()
    life.look()
    assert (life.membership.state, len(_charges(life))) == ("active", 3)


def _a_year_is_cheaper(life: Life) -> Order:
    """The exact sum first, then the bank's question once more."""
    life.go_to(timezone.now() + 6 * A_DAY)
    month = MembershipPeriod.objects.latest("ends_at")
    change = life.change_plan()
    used = timezone.now() - month.starts_at
    credit = 790 * (1 - used / (month.ends_at - month.starts_at))
    assert abs(change.total_minor - (7900 - credit)) < 1.5
    assert life.paid_until == MembershipPeriod.objects.get(order=change).ends_at
    assert life.paid_until - timezone.now() > timedelta(days=364)
    return change


def _he_leaves_and_watches_to_the_end(life: Life) -> datetime:
    """In the tenth month; of what is paid he loses no day, and gets none beyond."""
    life.go_to(life.began_at + timedelta(days=300))
    life.leave()
    assert life.membership.cancels_at_period_end
    end = life.paid_until
    life.go_to(end - COLLECTED)
    life.may_watch = False
    life.go_to(end + COLLECTED)
    life.go_to(end + 2 * A_DAY)
    return end


def _assert_everything_is_accounted_for(life: Life, change: Order) -> None:
    orders = list(Order.objects.order_by("id"))
    told = Counter(Mail.objects.exclude(template__startswith="sign-in").values_list("template", flat=True))
    right = Entitlement.objects.get()

    assert [order.total_minor for order in orders] == [0, 790, 790, 790, change.total_minor]
    assert [each["amount"] for each in _charges(life)] == [order.total_minor for order in orders[1:]]
    assert [renewal.state for renewal in UnpaidRenewal.objects.all()] == ["paid", "paid"]
    assert not PlanChange.objects.under_way().exists()
    assert right.reference == orders[0].reference
    assert told == {
        "trial-begun": 1,
        "membership-trial-ends": 1,
        "receipt": 4,
        "membership-renews": 2,
        "membership-unpaid": 2,
        "membership-left": 1,
    }
    assert not Mail.objects.filter(sent_at=None).exists()
    promises.receipts_run_on()
    assert ledger.check().is_same
    assert life.reconciled() == []
