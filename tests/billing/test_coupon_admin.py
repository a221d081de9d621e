"""Coupons in the office: made with care, and it is known by whom."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.admin.people import UserAdmin
from accounts.models import User
from billing.admin.coupons import CouponAdmin
from billing.models import Coupon, CouponUse, Erasure
from billing.privacy import erasing
from tests import office
from tests.concurrency.racing import overtaken
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


@pytest.mark.django_db(transaction=True)
def test_what_moves_while_a_page_is_saved_stays_moved(cho: User, ada: User) -> None:
    coupon = Coupon.objects.create(code="SPRING", percent=10, uses_limit=5, used=4)
    browser = office.signed_in(cho)

    def use() -> str:
        return str(Coupon.objects.filter(pk=coupon.pk).update(used=5))

    def erase() -> str:
        return str(erasing.erase(ada.email, by=Erasure.By.STAFF, at=timezone.now()))

    overtaken(
        lambda: office.change(browser, coupon, uses_per_buyer=2), use, owner=CouponAdmin, name="save_model"
    )
    overtaken(lambda: office.change(browser, ada, is_staff=""), erase, owner=UserAdmin, name="save_model")

    coupon.refresh_from_db()
    assert (coupon.used, coupon.uses_per_buyer) == (5, 2)
    was = ada.email
    ada.refresh_from_db()
    assert (ada.email == was, ada.is_active) == (False, False)


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
