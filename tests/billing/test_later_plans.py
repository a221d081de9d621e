"""From the year to the month: chosen now, charged when the year is over, undone as easily."""

import re
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from accounts.models import Mail
from accounts.tasks import send_mail
from billing.books import ledger
from billing.buying import selling
from billing.joining import notices, price_moves
from billing.models import Membership, MembershipPeriod, Order, PriceMove, Selling
from tests import factories, promises
from tests.billing.club import Club
from tests.buyer import EMAIL, Buyer
from tests.conftest import Shop
from videos.models import Entitlement, Price

pytestmark = pytest.mark.django_db(transaction=True)

UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"
A_YEAR = timedelta(days=366, hours=2)


@pytest.fixture
def club(shop: Shop) -> Club:
    """Somebody who has paid for a year."""
    made = Club(shop)
    factories.membership(made.collection, "year", usd=7900)
    made.world.faults(webhooks={"drop": 10_000})
    assert made.buyer.pay(made.quote("membership-year")).json()["state"] == "paid"
    return made


def _page(club: Club, buyer: Buyer | None = None) -> requests.Response:
    buyer = buyer or club.buyer
    return buyer.http.get(f"{buyer.url}/orders/{Order.objects.earliest('id').reference}/plan/", timeout=40)


def _choose(club: Club, price: int | None = None, buyer: Buyer | None = None) -> requests.Response:
    buyer, page = buyer or club.buyer, _page(club)
    shown = price or int(re.findall(r'name="price" value="(\d+)"', page.text)[0])
    form = {"price": shown, "csrfmiddlewaretoken": buyer.http.cookies.get("csrftoken", "")}
    return buyer.http.post(page.url, data=form, headers={"Referer": page.url}, timeout=40)


def _intervals(club: Club) -> tuple[str, str]:
    item = club.world.objects("subscription")[0]["items"]["data"][0]
    return Membership.objects.get().current_price.offer.interval, item["price"]["recurring"]["interval"]


def test_the_month_begins_when_the_year_is_over_and_not_before(club: Club) -> None:
    year = MembershipPeriod.objects.get()
    assert "nothing changes now" in _page(club).text

    answer = _choose(club)

    assert 'data-testid="plan-chosen"' in answer.text
    assert _intervals(club) == ("month", "month")
    assert len(club.world.objects("charge")) == 1
    club.look()
    assert Membership.objects.get().state == "active"
    assert Entitlement.objects.get().ends_at == year.ends_at + timedelta(days=3)
    notices.sweep(at=year.ends_at - timedelta(days=1))
    assert Mail.objects.get(template="membership-renews").context["amount_text"] == "$7.90"

    club.pass_time(A_YEAR)
    club.look()

    month = MembershipPeriod.objects.latest("ends_at")
    assert [order.total_minor for order in Order.objects.order_by("id")] == [7900, 790]
    assert month.order.offer.interval == "month"
    assert month.starts_at == year.ends_at
    assert timedelta(days=27) < month.ends_at - month.starts_at < timedelta(days=32)
    promises.receipts_run_on()
    assert ledger.check().is_same


def test_a_mail_confirms_it(club: Club) -> None:
    _choose(club)
    send_mail()

    sent = club.world.sandbox.mail(EMAIL)[-1]
    assert "So far it costs $79.00" in sent["text"]
    assert "costs $7.90" in sent["text"]


def test_it_can_be_undone(club: Club) -> None:
    _choose(club)

    _choose(club)

    assert _intervals(club) == ("year", "year")
    club.pass_time(A_YEAR)
    club.look()
    assert [order.total_minor for order in Order.objects.order_by("id")] == [7900, 7900]


def test_pressed_twice_it_is_one_wish(club: Club) -> None:
    month = Price.objects.get(offer=club.offer, currency="usd").pk
    for _ in range(2):
        _choose(club, month)

    assert PriceMove.objects.get().applied_at is not None
    assert Mail.objects.filter(template="membership-price").count() == 1
    assert price_moves.sweep(at=timezone.now() + timedelta(days=400)) == 0


def test_who_has_chosen_the_month_may_still_leave(club: Club) -> None:
    _choose(club)
    address = f"{club.buyer.url}/orders/{Order.objects.get().reference}/"
    form = {"goes_on": "no", "csrfmiddlewaretoken": club.buyer.http.cookies["csrftoken"]}
    club.buyer.http.post(f"{address}membership/", data=form, headers={"Referer": address}, timeout=40)
    club.pass_time(A_YEAR)

    club.look(after=A_YEAR)

    assert Membership.objects.get().state == "ended"
    assert len(club.world.objects("charge")) == 1
    assert Entitlement.objects.get().ends_at == MembershipPeriod.objects.get().ends_at


def test_an_answer_that_got_lost_is_pressed_again(club: Club) -> None:
    club.world.faults(stripe={"fail_next": [{"call": UPDATE, "how": "drop_after"}]})

    first = _choose(club)
    second = _choose(club)

    assert (first.status_code, second.status_code) == (503, 200)
    assert "Press once more" in first.text
    assert _intervals(club) == ("month", "month")


@pytest.mark.parametrize("price", [1, 10**9])
def test_another_price_cannot_be_chosen(club: Club, price: int) -> None:
    foreign = factories.membership(factories.collection(slug="other"), usd=100)
    ids = set(foreign.prices.values_list("pk", flat=True)) | {price}
    for each in ids - {Membership.objects.get().current_price.pk}:
        if not Price.objects.filter(pk=each, offer=club.offer, currency="usd").exists():
            assert _choose(club, each).status_code == 409

    assert _intervals(club) == ("year", "year")


def test_a_stranger_chooses_nothing(club: Club) -> None:
    stranger = Buyer(club.buyer.url, club.world)
    stranger.panel("all-day", kind="collections")

    assert _page(club, stranger).status_code == 404
    assert _choose(club, buyer=stranger).status_code == 404
    assert _intervals(club) == ("year", "year")


def test_no_wish_is_taken_while_the_shop_is_looked_after(club: Club) -> None:
    page = int(re.findall(r'name="price" value="(\d+)"', _page(club).text)[0])
    switch = selling.switch()
    switch.mode = Selling.Mode.READ_ONLY
    switch.save()

    assert _choose(club, page).status_code == 503
    assert _intervals(club) == ("year", "year")
