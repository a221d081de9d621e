"""The office's list of unpaid renewals: found by whoever asks, and no slower the more there are."""

import pytest
from django.utils import timezone

from accounts.models import User
from billing.models import CardChange, Membership, MembershipPeriod, Order, RenewalPayment, UnpaidRenewal
from tests import factories
from tests.office import page, signed_in, statements, text
from tests.saboteurs.rows import fresh, saved

pytestmark = pytest.mark.django_db


def _renewals(count: int) -> UnpaidRenewal:
    for _ in range(count):
        payment: RenewalPayment = saved(RenewalPayment)
    return payment.renewal


def test_the_list_takes_as_many_queries_for_many_as_for_few(bo: User) -> None:
    browser = signed_in(bo, "billing.view_unpaidrenewal")
    _renewals(2)
    few = len(statements(browser, page(UnpaidRenewal)))
    _renewals(10)

    assert len(statements(browser, page(UnpaidRenewal))) == few


def test_a_renewal_is_found_by_its_names_with_what_was_tried(bo: User) -> None:
    browser = signed_in(bo, "billing.view_unpaidrenewal")
    newest = _renewals(2)
    UnpaidRenewal.objects.filter(pk=newest.pk).update(invoice_id="in_1", intent_id="pi_1")
    order = newest.membership.order

    for term in ("in_1", "pi_1", order.reference, order.email):
        assert order.reference[:8] in text(browser.get(page(UnpaidRenewal), {"q": term})), term
    shown = text(browser.get(page(UnpaidRenewal, "change", newest.pk)))
    assert "Sent, no answer yet" in shown
    assert newest.token_hash not in shown
    assert browser.post(page(UnpaidRenewal, "change", newest.pk), {"state": "paid"}).status_code == 403


def test_a_membership_shows_its_card_and_the_tries_to_change_it(bo: User) -> None:
    browser = signed_in(bo, "billing.view_membership")
    change: CardChange = fresh(CardChange)
    change.decline_code = "insufficient_funds"
    change.save()

    shown = text(browser.get(page(Membership, "change", change.membership_id)))

    assert "insufficient_funds" in shown


def test_who_may_not_see_renewals_sees_none(bo: User) -> None:
    assert signed_in(bo).get(page(UnpaidRenewal)).status_code == 403


def test_the_story_of_each_of_a_memberships_orders_tells_what_was_tried_with_its_renewals(bo: User) -> None:
    browser = signed_in(bo, "billing.view_order")
    payment: RenewalPayment = saved(RenewalPayment)
    renewal = payment.renewal
    order = renewal.membership.order
    order.offer = factories.membership(factories.collection(factories.video()))
    order.save()
    dates = {"starts_at": renewal.starts_at, "ends_at": renewal.ends_at}
    MembershipPeriod.objects.create(
        membership=renewal.membership, order=order, invoice_id="in_first", **dates
    )
    UnpaidRenewal.objects.update(decline_code="insufficient_funds")
    address = page(Order, "change", order.pk)
    few = len(statements(browser, address))
    for number in range(2, 6):
        RenewalPayment.objects.update(state="refused", decided_at=timezone.now())
        another: RenewalPayment = fresh(RenewalPayment)
        another.renewal, another.number = renewal, number
        another.save()

    shown = text(browser.get(address))

    assert f"A renewal of {renewal.amount_text} was not paid by itself" in shown
    assert "insufficient_funds" in shown
    assert "Attempt 5 of the member&#x27;s to pay the renewal" in shown
    assert len(statements(browser, address)) == few
