"""The office's list of unpaid renewals: found by whoever asks, and no slower the more there are."""

import pytest

from accounts.models import User
from billing.models import CardChange, Membership, RenewalPayment, UnpaidRenewal
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
