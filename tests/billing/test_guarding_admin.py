"""Heat in the office: seen by who may, changed by nobody, and not dearer the more of it there is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from billing.guarding import heat, velocity
from billing.models import Heat
from tests import office

pytestmark = pytest.mark.django_db


def test_the_list_says_what_is_hot(cho: User) -> None:
    heat.add([velocity.SHOP, "offer:7", "sum:usd:790"], 10, at=timezone.now())

    shown = office.text(office.signed_in(cho).get(office.page(Heat)))

    assert "offer:7" in shown
    assert shown.count(">hot<") == 1  # eight are borne for an offer, more for the others
    found = office.text(office.signed_in(cho).get(office.page(Heat), {"q": "sum:"}))
    assert "sum:usd:790" in found
    assert "offer:7" not in found


def test_a_long_list_asks_no_more_than_a_short_one(cho: User) -> None:
    browser = office.signed_in(cho)
    heat.add(["offer:1"], 1, at=timezone.now())
    short = office.statements(browser, office.page(Heat))
    for minutes in range(10, 300, 10):
        heat.add([f"offer:{minutes}", velocity.SHOP], 1, at=timezone.now() + timedelta(minutes=minutes))

    assert len(office.statements(browser, office.page(Heat))) == len(short)


@pytest.mark.parametrize("what", ["add", "change", "delete"])
def test_heat_can_only_be_read(cho: User, what: str) -> None:
    heat.add(["offer:1"], 1, at=timezone.now())
    row = Heat.objects.get()

    address = office.page(Heat, what, *([] if what == "add" else [row.pk]))

    assert office.signed_in(cho).post(address, {"post": "yes", "count": 0}).status_code == 403


def test_staff_without_the_right_see_no_heat(bo: User) -> None:
    assert office.signed_in(bo).get(office.page(Heat)).status_code == 403
    assert office.signed_in(bo, "billing.view_heat").get(office.page(Heat)).status_code == 200
