"""A film that its owners lose leaves while one of them watches: the page stops, and says what happened."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.leaving import giving_back
from billing.models import Order
from tests import factories
from tests.browser import axe
from tests.buyer import Buyer
from tests.conftest import Shop
from videos.publishing import taking_down

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(("width", "mode", "prefix"), [(390, "dark", "/ko"), (1440, "light", "")])
def test_it_stops_and_each_page_says_why(
    open_page: OpenPage, shop: Shop, width: int, mode: str, prefix: str
) -> None:
    film, now = factories.film_on_sale("noon"), timezone.now()
    shop.announce(film)
    buyer = Buyer(shop.url, shop.world)
    order = buyer.buy("noon")["order"]
    Order.objects.update(created_at=now - timedelta(days=9))
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    taken = taking_down.take_down(
        film, leaves_at=now + timedelta(days=9), cause="demand", owners="lose", reason="A letter.", at=now
    )
    page.goto(f"{shop.url}{prefix}/videos/noon/")
    expect(page.get_by_test_id("leaving")).to_be_visible()
    expect(page.get_by_test_id("pay")).to_be_enabled()  # or it changes its colour meanwhile
    axe.finds_nothing(page)
    cookies = [{"name": each.name, "value": each.value or "", "url": shop.url} for each in buyer.http.cookies]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()
    page.get_by_test_id("watch-here").click()
    expect(page.locator("video-player iframe")).to_be_visible()

    taking_down.call_off(taken, at=timezone.now())
    at = timezone.now()
    taking_down.take_down(film, leaves_at=at, cause="demand", owners="lose", reason="A letter.", at=at)

    reload = page.locator("[data-act=reload]")
    expect(reload).to_be_visible()
    reload.click()
    expect(page.get_by_test_id("film-left")).to_be_visible()
    axe.finds_nothing(page)
    assert giving_back.sweep(at=timezone.now()) == 1
    for path in ("/library/", f"/orders/{order}/", "/refund-policy/"):
        page.goto(f"{shop.url}{prefix}{path}")
        axe.finds_nothing(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
