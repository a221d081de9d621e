"""What members are told before money moves: so many days before, once each, in their language."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail
from accounts.tasks import send_mail
from billing.joining import notices
from billing.models import Membership, MembershipPeriod
from tests.billing.club import A_MONTH, Club
from tests.buyer import EMAIL
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)

A_DAY = timedelta(days=1)


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    return made


@pytest.fixture
def trial_club(shop: Shop) -> Club:
    made = Club(shop, trial_days=7)
    made.world.faults(webhooks={"drop": 1000})
    return made


def _end() -> datetime:
    return MembershipPeriod.objects.latest("ends_at").ends_at


def _told(template: str) -> int:
    return Mail.objects.filter(template=template).count()


def test_a_renewal_is_told_of_a_week_before_and_once(club: Club) -> None:
    club.member()
    early, due = _end() - timedelta(days=7, minutes=1), _end() - timedelta(days=7)

    assert notices.sweep(at=early) == 0
    assert [notices.sweep(at=due), notices.sweep(at=due + A_DAY)] == [1, 0]

    mail = Mail.objects.get(template="membership-renews")
    assert (mail.context["amount_text"], mail.to) == ("$7.90", EMAIL)
    assert mail.context["ends_at"][:10] == (_end() + timedelta(hours=9)).strftime("%Y-%m-%d")  # in Seoul
    send_mail()
    sent = club.world.sandbox.mail(EMAIL)[-1]
    for form in (sent["text"], sent["html"]):
        assert "your card is charged $7.90" in form
        assert f"/orders/{Membership.objects.get().order.reference}/" in form
        assert "cancel before" in form


def test_each_period_has_its_own(club: Club) -> None:
    club.member()
    notices.sweep(at=_end() - A_DAY)
    club.pass_time(A_MONTH)
    club.look()

    notices.sweep(at=_end() - A_DAY)

    assert _told("membership-renews") == 2


def test_the_end_of_free_days_is_told_of_before(trial_club: Club) -> None:
    trial_club.member()

    told = [notices.sweep(at=_end() - timedelta(days=days)) for days in (4, 3, 2)]

    assert told == [0, 1, 0]
    assert _told("membership-renews") == 0
    send_mail()
    sent = trial_club.world.sandbox.mail(EMAIL)[-1]
    assert "Your free days end soon" in sent["subject"]
    assert "Then your card is charged $7.90" in sent["text"]


def test_free_days_no_longer_than_the_notice_were_told_of_as_they_began(
    trial_club: Club, settings: Any
) -> None:
    settings.MEMBERSHIP_TRIAL_NOTICE_DAYS = 7
    trial_club.member()

    assert notices.sweep(at=_end() - A_DAY) == 0


@pytest.mark.parametrize("days", [0, 14])
def test_the_days_are_the_operators(club: Club, settings: Any, days: int) -> None:
    settings.MEMBERSHIP_RENEWAL_NOTICE_DAYS = days
    club.member()

    assert notices.sweep(at=_end() - timedelta(days=13)) == (1 if days else 0)
    assert notices.sweep(at=_end() - A_DAY) == 0


@pytest.mark.parametrize("facts", [{"cancels_at_period_end": True}, {"end_wanted_at": timezone.now()}])
def test_who_leaves_is_told_nothing(club: Club, facts: dict[str, Any]) -> None:
    club.member()
    Membership.objects.update(**facts)

    assert notices.sweep(at=_end() - A_DAY) == 0


def test_what_is_past_is_not_told(club: Club) -> None:
    club.member()

    assert notices.sweep(at=_end()) == 0


def test_a_korean_member_reads_korean(club: Club) -> None:
    club.member()
    type(Membership.objects.get().order).objects.update(language="ko")
    notices.sweep(at=_end() - A_DAY)
    send_mail()

    sent = club.world.sandbox.mail(EMAIL)[-1]
    assert "곧 멤버십이 갱신돼요" in sent["subject"]
    assert "카드로 결제돼요" in sent["text"]
