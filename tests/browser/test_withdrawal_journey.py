"""Withdrawing in a real Chromium, in a browser that never bought anything and runs no script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Mail
from billing import tasks
from billing.models import Order, Refund
from tests import factories
from tests.browser import axe
from tests.buyer import EMAIL, Buyer
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(("prefix", "width", "mode"), [("", 1440, "light"), ("/ko", 390, "dark")])
def test_a_guest_withdraws_without_a_script(
    open_page: OpenPage, shop: Shop, prefix: str, width: int, mode: str
) -> None:
    factories.offer(factories.video("noon", duration_seconds=7200))  # a short one is watched by the end
    Buyer(shop.url, shop.world).buy("noon")
    page = open_page(viewport={"width": width, "height": 844}, color_scheme=mode, java_script_enabled=False)
    page.goto(f"{shop.url}{prefix}/withdraw/")
    page.locator("[name=reference]").fill(Order.objects.get().reference)
    page.locator("[name=email]").fill(EMAIL)

    page.locator("main button").click()
    expect(page.get_by_test_id("withdrawal-asked")).to_be_visible()
    tasks.answer_withdrawals()
    page.goto(Mail.objects.get(template="withdrawal-link").context["link"])
    assert not Refund.objects.exists()
    page.get_by_test_id("withdraw").click()

    expect(page.get_by_test_id("withdrawal-received")).to_be_visible()
    assert Order.objects.get().is_refunded


def test_axe_finds_nothing_on_the_mailed_page(page: Page, shop: Shop) -> None:
    factories.film_on_sale("noon")
    Buyer(shop.url, shop.world).buy("noon")
    page.goto(f"{shop.url}/withdraw/?order={Order.objects.get().reference}")
    page.locator("[name=email]").fill(EMAIL)
    page.locator("main button").click()
    tasks.answer_withdrawals()
    page.goto(Mail.objects.get(template="withdrawal-link").context["link"])

    for state in ("the button", "pressed"):
        axe.finds_nothing_in_either_light(page, state)
        if state == "the button":
            page.get_by_test_id("withdraw").click()
            expect(page.get_by_test_id("withdrawal-received")).to_be_visible()
