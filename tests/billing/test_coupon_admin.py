"""Coupons in the office: made with care, and it is known by whom."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import User
from billing.models import Coupon, CouponUse
from tests import office
from tests.saboteurs.rows import saved

pytestmark = pytest.mark.django_db

RIGHTS = ("billing.view_coupon", "billing.add_coupon", "billing.change_coupon", "billing.add_couponamount")


def form(*amounts: tuple[str, int], **given: Any) -> dict[str, Any]:
    rows: dict[str, str | int] = {"amounts-TOTAL_FORMS": len(amounts), "amounts-INITIAL_FORMS": 0}
    for number, (currency, amount) in enumerate(amounts):
        rows |= {f"amounts-{number}-currency": currency, f"amounts-{number}-amount_minor": amount}
    return {"code": "Spring 26", "is_active": "on", "uses_per_buyer": 1, **rows, **given}


def test_a_coupon_is_made_and_the_log_says_by_whom(cho: User) -> None:
    browser = office.signed_in(cho, *RIGHTS)

    made = browser.post(office.page(Coupon, "add"), form(("usd", 200), ("krw", 2000)))

    assert made.status_code == 302, office.text(made)
    coupon = Coupon.objects.get()
    assert (coupon.code, coupon.percent, coupon.amounts.count()) == ("SPRING26", None, 2)
    assert LogEntry.objects.get().user == cho
    assert "$2.00 · ₩2,000" in office.text(browser.get(office.page(Coupon)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (form(), "at least one amount"),
        (form(("usd", 200), percent=10), "not both"),
        (form(("isk", 250)), "no small coin"),
        (form(percent=101), "percentage"),
        (form(percent=10, uses_limit=3, code="x" * 41), "at most 40"),
    ],
)
def test_what_would_surprise_a_buyer_is_refused(cho: User, given: dict[str, Any], words: str) -> None:
    refused = office.signed_in(cho, *RIGHTS).post(office.page(Coupon, "add"), given)

    assert words in office.text(refused)
    assert not Coupon.objects.exists()


def test_a_limit_does_not_fall_below_what_is_used(cho: User) -> None:
    coupon = Coupon.objects.create(code="SPRING", percent=10, uses_limit=5, used=4)

    refused = office.signed_in(cho, *RIGHTS).post(
        office.page(Coupon, "change", coupon.pk), form(code="SPRING", percent=10, uses_limit=3)
    )

    assert "4 uses are held or spent already" in office.text(refused)


def test_who_may_only_look_makes_no_coupon(bo: User) -> None:
    browser = office.signed_in(bo, "billing.view_coupon", "billing.view_couponuse")

    assert browser.post(office.page(Coupon, "add"), form(percent=100)).status_code == 403
    assert browser.get(office.page(CouponUse, "add")).status_code == 403
    assert not Coupon.objects.exists()


def test_lists_take_as_many_statements_for_one_row_as_for_many(cho: User) -> None:
    browser = office.signed_in(cho, "billing.view_coupon", "billing.view_couponuse")
    saved(CouponUse)
    before = [len(office.statements(browser, office.page(model))) for model in (Coupon, CouponUse)]

    for _ in range(5):
        saved(CouponUse)

    assert [len(office.statements(browser, office.page(model))) for model in (Coupon, CouponUse)] == before
    use = CouponUse.objects.latest("pk")
    found = office.text(browser.get(office.page(CouponUse), {"q": use.coupon.code}))
    assert use.address in found
    assert browser.get(office.page(CouponUse, "change", use.pk)).status_code == 200
    assert use.held_at <= timezone.now()
