"""Free days in a real Chromium: what is charged today and later stands on the button, the bank's question is
in the page, and the film starts.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import Membership, Order
from tests.billing.club import Club
from tests.browser import axe, cinema
from tests.browser.cinema import Visit
from tests.buyer import Buyer
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(
    ("width", "mode", "prefix", "button", "begun"),
    [
        (1440, "light", "", "Start 7 days free, then $7.90 a month", "Your free days have begun"),
        (390, "dark", "/ko", "7일 무료로 시작하기, 그다음 월 ₩9,900", "무료 체험이 시작됐어요"),
    ],
)
def test_free_days_begin_in_the_page(
    open_page: OpenPage, shop: Shop, width: int, mode: str, prefix: str, button: str, begun: str
) -> None:
    Club(shop, trial_days=7)
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    visit = Visit.begin(page, shop, f"{prefix}/collections/all-day/")
    visit.fill(cinema.ALWAYS_ASKS)
    expect(page.get_by_test_id("pay")).to_have_text(button)
    axe.finds_nothing(page)

    visit.pay()
    visit.answer_bank(passed=True)

    expect(page.locator(".receipt")).to_contain_text(begun)
    assert (Order.objects.get().total_minor, Membership.objects.get().state) == (0, "active")
    assert not shop.world.objects("charge")
    visit.witness.swear()
    page.goto(f"{shop.url}{prefix}/orders/{Order.objects.get().reference}/")
    expect(page.get_by_test_id("membership")).to_have_attribute("data-state", "trial")
    axe.finds_nothing(page)


def test_a_card_that_had_its_free_days_sees_the_price_without_them(open_page: OpenPage, shop: Shop) -> None:
    club = Club(shop, trial_days=7)
    Buyer.pay(club.buyer, club.quote())
    page = open_page()
    visit = Visit.begin(page, shop, "/collections/all-day/")
    visit.fill(cinema.PLAIN, email="bo@example.com")

    visit.pay()

    visit.expect_status("once per person and card")
    expect(page.get_by_test_id("pay")).to_have_text("Pay $7.90")
    expect(page.get_by_test_id("email")).to_have_value("bo@example.com")
    assert not shop.world.objects("charge")
