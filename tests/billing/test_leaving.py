"""A member's page: when it renews, the way out, and the way back; strangers find nothing."""

from datetime import timedelta

import pytest
import requests
from django.conf import settings
from django.utils import timezone

from accounts.models import Mail
from billing.buying import selling
from billing.joining import following
from billing.models import Membership, MembershipPeriod, Order, Selling
from tests.billing.club import A_MONTH, Club
from tests.buyer import Buyer
from tests.conftest import Shop
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    return made


def _press(buyer: Buyer, *, goes_on: str) -> requests.Response:
    address = f"{buyer.url}{Order.objects.earliest('id').get_absolute_url()}membership/"
    form = {"goes_on": goes_on, "csrfmiddlewaretoken": buyer.http.cookies.get("csrftoken", "")}
    return buyer.http.post(address, data=form, headers={"Referer": address}, timeout=40)


def _end() -> object:
    return Entitlement.objects.get().ends_at


def test_the_page_says_when_it_renews_and_for_how_much(club: Club) -> None:
    page = club.buyer.http.get(club.buyer.url + Order.objects.get().get_absolute_url()).text

    assert 'data-state="active"' in page
    assert "It renews on" in page
    assert "for $7.90." in page


def test_who_leaves_watches_to_the_end_of_what_was_paid_and_not_longer(club: Club) -> None:
    page = _press(club.buyer, goes_on="no").text

    period = MembershipPeriod.objects.get()
    assert 'data-state="leaving"' in page
    assert club.world.objects("subscription")[0]["cancel_at_period_end"] is True
    assert _end() == period.ends_at
    assert Mail.objects.filter(template="membership-left").count() == 1

    club.pass_time(A_MONTH)
    club.look(after=A_MONTH)

    assert Membership.objects.get().state == "ended"
    assert len(club.world.objects("charge")) == 1
    assert _end() == period.ends_at


def test_who_leaves_and_owes_is_told_what_is_still_to_be_paid(club: Club) -> None:
    club.break_the_card()
    club.pass_time(A_MONTH)
    club.look()

    page = _press(club.buyer, goes_on="no").text

    assert "A renewal of $7.90 is still to be paid; nothing after it is charged." in page
    assert "If you stay, this card is charged: Visa ···· 0341" in page


def test_who_stays_after_all_is_renewed(club: Club) -> None:
    _press(club.buyer, goes_on="no")

    page = _press(club.buyer, goes_on="yes").text

    period = MembershipPeriod.objects.get()
    assert 'data-state="active"' in page
    assert _end() == period.ends_at + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    club.pass_time(A_MONTH)
    club.look()
    assert Order.objects.count() == 2


def test_pressing_twice_is_leaving_once(club: Club) -> None:
    for _ in range(2):
        _press(club.buyer, goes_on="no")

    assert Membership.objects.get().cancels_at_period_end
    assert Mail.objects.filter(template="membership-left").count() == 1


def test_a_lost_answer_is_found_out_later(club: Club) -> None:
    club.world.faults(stripe={"fail_next": [{"call": UPDATE, "how": "drop_after"}]})

    page = _press(club.buyer, goes_on="no").text

    assert "nothing changed. Press once more" in page
    following.sweep(at=timezone.now())
    assert Membership.objects.get().cancels_at_period_end


def test_a_stranger_finds_no_membership(club: Club) -> None:
    stranger = Buyer(club.buyer.url, club.world)
    stranger.panel("all-day", kind="collections")

    answer = _press(stranger, goes_on="no")

    assert answer.status_code == 404
    assert not Membership.objects.get().cancels_at_period_end


def test_what_has_ended_cannot_be_brought_back(club: Club) -> None:
    _press(club.buyer, goes_on="no")
    club.pass_time(A_MONTH)
    club.look(after=A_MONTH)

    page = _press(club.buyer, goes_on="yes").text

    assert 'data-state="ended"' in page
    assert Membership.objects.get().state == "ended"


def test_no_wish_is_taken_while_the_shop_is_looked_after(club: Club) -> None:
    switch = selling.switch()
    switch.mode = Selling.Mode.READ_ONLY
    switch.save()

    page = _press(club.buyer, goes_on="no").text

    assert "has to wait" in page
    assert not Membership.objects.get().cancels_at_period_end
