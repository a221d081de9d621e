"""The office's lists of free days and of changed plans: found, filtered, and no slower the more there are."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from billing.models import Membership, MembershipPeriod, Order, PlanChange, Trial
from tests import factories
from tests.office import page, signed_in, statements, text
from tests.saboteurs.rows import fresh, saved

pytestmark = pytest.mark.django_db

RIGHTS = ("billing.view_planchange", "billing.view_trial")


def _order(**facts: Any) -> Order:
    """A membership's order at a price that is on sale."""
    offer = factories.membership(factories.collection(factories.video()))
    order: Order = fresh(Order)
    order.offer, order.price = offer, offer.prices.get(currency="usd")
    for name, value in facts.items():
        setattr(order, name, value)
    order.save()
    return order


def _paid() -> dict[str, Any]:
    return {"state": "paid", "paid_at": timezone.now(), "intent_id": f"pi_{Order.objects.count()}"}


def _change(*, is_paid: bool = False, is_over: bool = False) -> PlanChange:
    change: PlanChange = fresh(PlanChange)
    change.order = _order(**(_paid() if is_paid else {}))
    change.closed_at = timezone.now() if is_over else None
    change.save()
    return change


def _trial(*, has_paid: bool = False, is_over: bool = False) -> Trial:
    order = _order(total_minor=0, trial_days=14, **_paid())
    ended = {"state": "ended", "ended_at": timezone.now()} if is_over else {}
    membership = Membership.objects.create(order=order, **ended)
    _period(membership, order)
    if has_paid:
        _period(membership, _order(**_paid()))
    trial: Trial = fresh(Trial)
    trial.order = order
    trial.save()
    return trial


def _period(membership: Membership, order: Order) -> None:
    now = timezone.now()
    dates = {"starts_at": now, "ends_at": now + timedelta(days=14)}
    MembershipPeriod.objects.create(membership=membership, order=order, invoice_id=f"in_{order.pk}", **dates)


@pytest.mark.parametrize("model, make", [(PlanChange, _change), (Trial, _trial)])
def test_a_list_takes_as_many_queries_for_many_as_for_few(bo: User, model: type[Model], make: Any) -> None:
    browser = signed_in(bo, *RIGHTS)
    for _ in range(2):
        make()
    few = len(statements(browser, page(model)))
    for _ in range(8):
        make()

    assert len(statements(browser, page(model))) == few


def test_changes_are_found_and_told_apart_by_what_became_of_them(bo: User) -> None:
    browser = signed_in(bo, *RIGHTS)
    under_way, paid, unchanged = _change(), _change(is_paid=True, is_over=True), _change(is_over=True)
    outcomes = {"under_way": under_way, "paid": paid, "unchanged": unchanged}

    for outcome, change in outcomes.items():
        listed = text(browser.get(page(PlanChange), {"outcome": outcome}))
        assert [page(PlanChange, "change", each.pk) in listed for each in outcomes.values()] == [
            each == change for each in outcomes.values()
        ]
    for term in (paid.order.reference, paid.membership.order.reference):
        assert page(PlanChange, "change", paid.pk) in text(browser.get(page(PlanChange), {"q": term}))
    shown = text(browser.get(page(PlanChange, "change", paid.pk)))
    assert "Paid and changed" in shown
    assert browser.post(page(PlanChange, "change", paid.pk), {"closed_at": ""}).status_code == 403


def test_free_days_are_found_and_told_apart_by_what_became_of_them(bo: User) -> None:
    browser = signed_in(bo, *RIGHTS)
    kinds = {
        **{"free": _trial(), "paid": _trial(has_paid=True), "left": _trial(is_over=True)},
    }

    for kind, trial in kinds.items():
        listed = text(browser.get(page(Trial), {"outcome": kind}))
        assert [page(Trial, "change", each.pk) in listed for each in kinds.values()] == [
            each == trial for each in kinds.values()
        ]
    left = kinds["left"]
    for term in (left.order.reference, left.order.email):
        assert page(Trial, "change", left.pk) in text(browser.get(page(Trial), {"q": term}))
    assert "Ended without paying" in text(browser.get(page(Trial, "change", left.pk)))
    assert browser.post(page(Trial, "change", left.pk), {"collection": ""}).status_code == 403


def test_a_membership_shows_how_its_plan_changed(bo: User) -> None:
    change = _change()

    shown = text(
        signed_in(bo, "billing.view_membership").get(page(Membership, "change", change.membership_id))
    )

    assert change.order.reference in shown


def test_who_may_not_see_them_sees_none(bo: User) -> None:
    saved(PlanChange)

    assert [signed_in(bo).get(page(model)).status_code for model in (PlanChange, Trial)] == [403, 403]


def test_the_pages_name_what_they_link_to_in_their_readers_language(bo: User) -> None:
    browser = signed_in(bo, *RIGHTS)
    addresses = [page(type(row), "change", row.pk) for row in (_trial(), _change())]

    shown = [text(browser.get(f"/ko{address}")) for address in addresses]

    assert all(f"<label>{name}:</label>" in shown[0] for name in ("주문", "사용자", "컬렉션"))
    assert all(f"<label>{name}:</label>" in shown[1] for name in ("주문", "멤버십"))
