"""Money of a membership that goes back, or does not after all: what each period opens, and what renews."""

import pytest
from django.utils import timezone

from billing.disputing import dispute_outcomes
from billing.joining import following
from billing.models import Membership, MembershipPeriod, Order
from billing.refunding import refunds
from billing.stripe import stripe_disputes
from tests.billing.club import A_MONTH, Club
from tests.conftest import Shop
from tests.moments import later
from tests.refunding import give_back
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    return made


def _may_watch(club: Club) -> bool:
    return club.buyer.watch("noon").status_code == 200


def _first() -> Order:
    return Order.objects.earliest("id")


def test_a_refund_that_stripe_does_not_carry_out_leaves_the_membership_as_it_was(club: Club) -> None:
    club.world.faults(stripe={"fail_next": [{"call": "POST /v1/refunds", "how": "500"}]})
    refund = give_back(_first(), ends_access=True)
    assert not _may_watch(club)

    refunds.sweep(at=later(60))
    following.sweep(at=timezone.now())

    refund.refresh_from_db()
    assert refund.state == "refused"
    assert _may_watch(club)
    assert Membership.objects.get().end_wanted_at is None
    assert club.world.objects("subscription")[0]["status"] == "active"


def test_money_that_comes_back_when_it_has_ended_opens_the_period_that_was_paid(club: Club) -> None:
    refund = give_back(_first())
    following.sweep(at=timezone.now())
    assert (Membership.objects.get().state, _may_watch(club)) == ("ended", False)

    club.world.fail_refund(str(refund.refund_id))
    refunds.look(refund, at=timezone.now())

    page = club.buyer.http.get(club.buyer.url + _first().get_absolute_url()).text
    assert _may_watch(club)
    assert Entitlement.objects.get().ends_at == MembershipPeriod.objects.get().ends_at
    assert 'data-state="ending"' in page
    assert "Until then you can watch; nothing more is charged." in page
    assert "Stay a member" not in page


def test_a_later_period_that_is_paid_plays_though_a_bank_took_the_one_before(club: Club) -> None:
    charge = club.world.objects("charge")[0]["id"]
    club.pass_time(A_MONTH)
    club.look()
    told = club.world.dispute(charge)

    dispute_outcomes.hear(stripe_disputes.retrieve(told["id"]), at=timezone.now())
    following.sweep(at=timezone.now())

    last = MembershipPeriod.objects.latest("ends_at")
    assert _may_watch(club)
    assert club.world.objects("subscription")[0]["status"] == "canceled"
    assert Entitlement.objects.get().ends_at == last.ends_at


def test_a_part_of_an_old_period_opens_nothing_again(club: Club) -> None:
    """Whose last period went back has nothing, whatever moves on an earlier one."""
    club.pass_time(A_MONTH)
    club.look()
    give_back(Order.objects.latest("id"))
    assert not _may_watch(club)

    give_back(_first(), 100)

    assert not _may_watch(club)
