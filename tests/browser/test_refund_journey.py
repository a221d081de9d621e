"""Asking for money back in a real Chromium: in the page, by one press, in words that are read out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import Order, Refund
from tests import factories
from tests.browser import axe
from tests.browser.cinema import Visit
from tests.buyer import Buyer
from tests.conftest import Shop
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


def _film_of_an_hour() -> None:
    """A film of seconds counts as watched while a slow machine opens the next page."""
    factories.offer(factories.video("noon", duration_seconds=3_600))


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    "language, button, told, given_back",
    [
        ("en", "Get $7.90 back", "$7.90 goes back to your card.", "Refunded"),
        ("ko", "$7.90 환불받기", "카드로 $7.90 환불해 드려요.", "환불됨"),
    ],
)
def test_a_buyer_gets_his_money_back_without_leaving_the_page(
    open_page: OpenPage, shop: Shop, width: int, language: str, button: str, told: str, given_back: str
) -> None:
    _film_of_an_hour()
    buyer = Buyer(shop.url, shop.world)
    buyer.buy("noon")
    page = open_page(viewport={"width": width, "height": 844})
    cookies = [{"name": each.name, "value": each.value or "", "url": shop.url} for each in buyer.http.cookies]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    prefix = "/ko" if language == "ko" else ""
    visit = Visit.begin(page, shop, f"{prefix}/orders/{Order.objects.get().reference}/")

    page.locator("refund-request summary").click()
    expect(page.get_by_test_id("refund-request")).to_have_text(button)
    assert not Refund.objects.exists()
    page.get_by_test_id("refund-request").click()

    expect(page.get_by_test_id("refund-status")).to_contain_text(told)
    expect(page.get_by_test_id("refund-status")).to_be_focused()
    expect(page.locator("[data-ends-with-refund]")).to_have_count(0)
    expect(page.locator("[data-order-facts]")).to_contain_text(given_back)
    visit.witness.swear()
    assert Refund.objects.get().state == "succeeded"
    assert Entitlement.objects.get().revoked_because == "refund"


def test_each_reason_shows_what_it_brings_and_no_mouse_is_needed(page: Page, shop: Shop) -> None:
    _film_of_an_hour()
    buyer = Buyer(shop.url, shop.world)
    buyer.buy("noon")
    cookies = [{"name": each.name, "value": each.value or "", "url": shop.url} for each in buyer.http.cookies]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{shop.url}/orders/{Order.objects.get().reference}/")
    page.locator("refund-request summary").press("Enter")
    page.keyboard.press("Tab")

    for reason in ("changed_mind", "does_not_play", "not_as_described", "unauthorised", "other"):
        expect(page.locator(f"[name=reason][value={reason}]")).to_be_focused()
        expect(page.locator(".refund__choice:visible")).to_have_count(1)
        expect(page.locator(f"[data-reason={reason}]")).to_be_visible()
        page.keyboard.press("ArrowDown")

    expect(page.locator("[name=reason][value=changed_mind]")).to_be_checked()  # round to the first
    axe.finds_nothing_in_either_light(page, "what each reason brings")
    page.keyboard.press("Tab")
    expect(page.locator("#refund-words")).to_be_focused()
    page.keyboard.type("Not my film.")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("refund-request")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("refund-status")).to_be_focused()
    expect(page.locator("[data-order-facts]")).to_contain_text("Refunded")
    axe.finds_nothing_in_either_light(page, "given back")


def test_a_refusal_stands_beside_the_form_and_lets_one_try_again(page: Page, shop: Shop) -> None:
    _film_of_an_hour()
    buyer = Buyer(shop.url, shop.world)
    buyer.buy("noon")
    cookies = [{"name": each.name, "value": each.value or "", "url": shop.url} for each in buyer.http.cookies]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{shop.url}/orders/{Order.objects.get().reference}/")
    page.locator("refund-request summary").click()
    page.context.set_offline(True)

    page.get_by_test_id("refund-request").click()
    expect(page.get_by_test_id("refund-status")).to_contain_text("No answer came.")
    expect(page.get_by_test_id("refund-request")).to_be_focused()
    axe.finds_nothing_in_either_light(page, "no answer")
    page.context.set_offline(False)
    page.get_by_test_id("refund-request").click()

    expect(page.get_by_test_id("refund-status")).to_contain_text("goes back to your card")
    assert Refund.objects.count() == 1
