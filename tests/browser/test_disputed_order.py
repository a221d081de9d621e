"""A disputed order's page in a real Chromium: readable, and without a way to press what cannot be had."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing import tasks
from billing.models import Order
from tests import factories
from tests.browser import axe
from tests.buyer import Buyer
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(
    ("width", "mode", "prefix", "taken", "lost"),
    [
        (390, "dark", "/ko", "은행이 결정할 때까지 볼 수 없어요.", "이제 볼 수 없어요."),
        (1440, "light", "", "It can't be watched until the bank decides.", "It can't be watched any more."),
    ],
)
def test_a_disputed_order_says_what_holds_now(
    open_page: OpenPage, shop: Shop, width: int, mode: str, prefix: str, taken: str, lost: str
) -> None:
    factories.film_on_sale("noon")
    buyer = Buyer(shop.url, shop.world)
    buyer.buy("noon")
    order = Order.objects.get()
    dispute = shop.world.dispute(order.payments.get().charge_id)
    _hear(shop)
    page = open_page(viewport={"width": width, "height": 844}, color_scheme=mode)
    cookies = [{"name": each.name, "value": each.value or "", "url": shop.url} for each in buyer.http.cookies]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]

    page.goto(f"{shop.url}{prefix}/orders/{order.reference}/")

    expect(page.get_by_test_id("order-status")).to_contain_text(taken)
    expect(page.locator("refund-request")).to_have_count(1)  # which only asks a person
    axe.finds_nothing(page)

    shop.world.lose_dispute(dispute["id"])
    _hear(shop)
    page.reload()

    expect(page.get_by_test_id("order-status")).to_contain_text(lost)
    expect(page.locator("refund-request")).to_have_count(0)
    axe.finds_nothing(page)


def _hear(shop: Shop) -> None:
    shop.world.settle()
    tasks.sweep()
