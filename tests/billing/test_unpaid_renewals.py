"""A renewal fails: days of grace, one mail for it and one for the end."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings

from accounts.models import Mail
from billing.models import Membership, MembershipPeriod, Order
from tests.billing.club import A_MONTH, Club
from tests.conftest import Shop
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    return made


def _access_ends_at() -> datetime | None:
    return Entitlement.objects.get().ends_at


def test_a_member_goes_on_watching_for_the_days_of_grace_and_is_told_once(club: Club) -> None:
    club.break_the_card()
    club.pass_time(A_MONTH)

    for _ in range(3):
        club.look()

    period = MembershipPeriod.objects.get()
    page = club.buyer.http.get(club.buyer.url + Order.objects.get().get_absolute_url()).text
    assert Membership.objects.get().state == "past_due"
    assert _access_ends_at() == period.ends_at + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    assert "could not be charged. You can watch until" in page
    assert Mail.objects.filter(template="membership-unpaid").count() == 1
    assert not Mail.objects.filter(template="membership-ended").exists()


def test_after_the_last_attempt_it_is_over_and_that_is_told_once(club: Club) -> None:
    club.break_the_card()
    club.pass_time(A_MONTH)
    club.look()
    club.pass_time(A_MONTH + timedelta(days=16))

    for _ in range(2):
        club.look(after=A_MONTH + timedelta(days=16))

    period = MembershipPeriod.objects.get()
    assert Membership.objects.get().state == "ended"
    assert _access_ends_at() == period.ends_at + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    assert Mail.objects.filter(template="membership-ended").count() == 1
    assert Order.objects.count() == 1
