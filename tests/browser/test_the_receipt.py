"""The receipt in a real Chromium: readable on every screen, and alone on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import Order, Refund
from billing.refunding import refunds
from billing.taxing import tax_table
from tests import factories
from tests.browser import axe
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.moments import later

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(("width", "mode", "prefix"), [(320, "dark", "/ko"), (1440, "light", "")])
def test_it_reads_well_on_screen_and_is_alone_on_paper(
    open_page: OpenPage, shop: Shop, width: int, mode: str, prefix: str
) -> None:
    tax_table.load(tax_table.SHIPPED)
    shop.world.configure(issuer_country="DE")
    factories.film_on_sale("noon")
    buyer = Buyer(shop.url, shop.world)
    order = Order.objects.get(reference=buyer.buy("noon")["order"])
    wish = refunds.Wish(
        amount_minor=200,
        after_minor=0,
        reason=Refund.Reason.OTHER,
        ends_access=False,
        asker=Refund.Asker.SHOP,
    )
    refunds.ask(order, wish, at=later(0))
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    cookies = [{"name": each.name, "value": each.value or "", "url": shop.url} for each in buyer.http.cookies]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]

    page.goto(f"{shop.url}{prefix}/orders/{order.reference}/receipt/")

    axe.finds_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("main summary").press("Enter")
    page.get_by_label("Tax ID" if not prefix else "사업자 번호").fill("DE1")
    page.get_by_test_id("company").press("Enter")
    expect(page.locator(".field__error").first).to_be_visible()
    axe.finds_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    expect(page.locator(".sales-receipt__lines")).to_be_visible()
    for beside in ("body > header", "body > footer", ".sales-receipt__beside", ".sales-receipt__company"):
        expect(page.locator(beside)).to_be_hidden()
