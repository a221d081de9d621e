"""The office's list of memberships: found by whoever asks, and no slower the more there are."""

import pytest

from accounts.models import User
from billing.models import Membership, MembershipPeriod
from tests.office import page, signed_in, statements, text
from tests.saboteurs.rows import saved

pytestmark = pytest.mark.django_db


def _memberships(count: int) -> Membership:
    for _ in range(count):
        membership: Membership = saved(MembershipPeriod).membership
        membership.state, membership.subscription_id = "active", f"sub_{membership.pk}"
        membership.save()
    return membership


def test_the_list_takes_as_many_queries_for_many_as_for_few(bo: User) -> None:
    browser = signed_in(bo, "billing.view_membership")
    _memberships(2)
    few = len(statements(browser, page(Membership)))
    _memberships(10)

    assert len(statements(browser, page(Membership))) == few


def test_a_membership_is_found_by_its_names_and_only_read(bo: User) -> None:
    browser = signed_in(bo, "billing.view_membership")
    newest = _memberships(2)
    names = (str(newest.subscription_id), newest.order.reference, newest.order.email)

    for term in names:
        found = text(browser.get(page(Membership), {"q": term}))
        assert names[0] in found, term
    assert browser.get(page(Membership, "change", newest.pk)).status_code == 200
    assert browser.post(page(Membership, "change", newest.pk), {"state": "ended"}).status_code == 403


def test_who_may_not_see_memberships_sees_none(bo: User) -> None:
    assert signed_in(bo).get(page(Membership)).status_code == 403
