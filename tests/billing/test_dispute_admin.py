"""Disputes in the office: found by what people name, listed at a fixed cost, told in the order's story."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from billing.models import Dispute, Order
from tests import office
from tests.saboteurs.rows import saved

pytestmark = pytest.mark.django_db


def _dispute(**given: object) -> Dispute:
    dispute: Dispute = saved(Dispute)
    for name, value in given.items():
        setattr(dispute, name, value)
    dispute.save()
    return dispute


def test_the_list_of_disputes_costs_the_same_however_long_it_is(cho: User) -> None:
    browser = office.signed_in(cho)
    for _ in range(5):
        _dispute()
    short = office.statements(browser, office.page(Dispute))
    for _ in range(40):
        _dispute()

    long = office.statements(browser, office.page(Dispute))

    assert len(long) == len(short) <= 3


def test_the_day_by_which_to_answer_is_shown_while_the_bank_waits(cho: User) -> None:
    browser, now = office.signed_in(cho), timezone.now()
    _dispute(due_by=now + timedelta(days=3, hours=1))
    _dispute(due_by=now - timedelta(days=1), state="warning_needs_response")
    _dispute(due_by=now + timedelta(days=5), state="under_review")

    page = office.text(browser.get(office.page(Dispute)))

    assert "(in 3\xa0days" in page
    assert page.count("(over)") == 1
    assert "5\xa0days" not in page


def test_those_that_wait_for_an_answer_are_a_click_away(cho: User) -> None:
    waiting, reading = _dispute(), _dispute(state="under_review")

    page = office.text(office.signed_in(cho).get(office.page(Dispute), {"answer": "waiting"}))

    assert waiting.dispute_id in page
    assert reading.dispute_id not in page


@pytest.mark.parametrize("term", ["du_1", "ch_1", "pi_1", "Ada@example.com", "reference"])
def test_disputes_are_found_by_what_people_name(cho: User, term: str) -> None:
    _dispute()
    dispute = _dispute(dispute_id="du_1", charge_id="ch_1")
    Order.objects.filter(pk=dispute.order_id).update(intent_id="pi_1", email="ada@example.com")
    term = dispute.order.reference[:8] if term == "reference" else term

    page = office.text(office.signed_in(cho).get(office.page(Dispute), {"q": term}))

    assert office.page(Dispute, "change", dispute.pk) in page
    assert page.count('class="action-select"') <= 1


def test_disputes_are_only_read(cho: User, bo: User) -> None:
    browser, dispute = office.signed_in(cho), _dispute()

    assert 'name="_save"' not in office.text(browser.get(office.page(Dispute, "change", dispute.pk)))
    changed = browser.post(office.page(Dispute, "change", dispute.pk), {"state": "won"})
    assert (changed.status_code, browser.get(office.page(Dispute, "add")).status_code) == (403, 403)
    assert office.signed_in(bo, "billing.view_order").get(office.page(Dispute)).status_code == 403


def test_the_orders_story_tells_of_a_dispute_and_its_end(cho: User) -> None:
    now = timezone.now()
    dispute = _dispute(state="lost", closed_at=now, network_reason="10.4")

    page = office.text(office.signed_in(cho).get(office.page(Order, "change", dispute.order_id)))

    assert "The bank disputes $7.90" in page
    assert "fraudulent · 10.4" in page
    assert "Dispute over $7.90: Lost" in page
