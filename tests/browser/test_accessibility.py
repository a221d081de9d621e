"""Every state of the checkout and of the player, through axe: nothing wrong, in light and in dark."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Order
from tests import factories
from tests.browser import axe, cinema
from tests.browser.cinema import Visit
from tests.conftest import Shop
from videos.models import Video, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
FILM = "/videos/noon/"


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.film_on_sale("noon")
    factories.offer(made, "rent", usd=390, krw=4900)
    shop.announce(made)
    return made


def test_the_form_from_loading_to_the_receipt(page: Page, shop: Shop, film: Video) -> None:
    held: list[Any] = []
    page.route("**/panel/**", lambda route: held.append(route))
    visit = Visit.begin(page, shop, FILM)
    axe.finds_nothing_in_either_light(page, "on its way")
    page.unroute("**/panel/**")  # which lets go what was held

    visit.fill(cinema.DECLINED, email="ada@")
    axe.finds_nothing_in_either_light(page, "filled in")
    visit.pay()
    visit.expect_status("Check the e-mail address")
    axe.finds_nothing_in_either_light(page, "e-mail wrong")

    page.get_by_test_id("email").fill("ada@example.com")
    visit.pay()
    visit.expect_status("Your bank declined")
    axe.finds_nothing_in_either_light(page, "declined")

    page.route("**/api/v1/orders/", lambda route: held.append(route))
    visit.retype(cinema.PLAIN)
    visit.pay()
    expect(page.get_by_test_id("pay")).to_have_text("Asking your bank…")
    axe.finds_nothing_in_either_light(page, "asking the bank")
    page.unroute("**/api/v1/orders/")
    visit.expect_film()
    axe.finds_nothing_in_either_light(page, "paid, the film plays")


def test_the_question_of_the_bank(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()

    expect(page.get_by_test_id("challenge-frame")).to_be_attached()
    axe.finds_nothing_in_either_light(page, "before the question is shown")
    expect(page.locator("payment-challenge h2")).to_be_focused()
    axe.finds_nothing_in_either_light(page, "the question")
    page.get_by_role("button", name="Use another card").click()
    visit.expect_status("Nothing was charged")
    axe.finds_nothing_in_either_light(page, "the question left")

    page.goto(f"{shop.url}{Order.objects.get().get_absolute_url()}")
    axe.finds_nothing_in_either_light(page, "the order, not paid")
    page.route("**/challenge-return*", lambda route: route.abort())
    page.goto(f"{shop.url}/checkout/return/?payment_intent=pi_1")
    axe.finds_nothing_in_either_light(page, "back from the bank as a whole window")


def test_what_does_not_come(page: Page, shop: Shop, film: Video) -> None:
    shop.world.faults(js={"block": True})
    visit = Visit.begin(page, shop, FILM)

    expect(page.get_by_role("button", name="Mail me the link")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "no card form")
    shop.world.clear_faults()
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_test_id("payment-element")).to_be_focused()
    visit.fill(cinema.PLAIN)
    page.route("**/api/v1/orders/", lambda route: route.abort("internetdisconnected"))
    visit.pay()
    visit.expect_status("The connection is gone")
    axe.finds_nothing_in_either_light(page, "offline at Pay")

    page.route("**/panel/**", lambda route: route.abort())
    page.goto(shop.url + FILM)
    expect(page.get_by_text("The prices did not come.")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "no panel")
    page.unroute("**/panel/**")
    page.get_by_role("button", name="Try again").press("Enter")
    visit.wait_for_form()
    expect(page.locator("checkout-panel")).to_be_focused()


def test_the_player_and_what_is_owned(page: Page, shop: Shop, film: Video) -> None:
    shop.world.faults(kollus={"error_code": 8464})
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.PLAIN)
    visit.pay()
    expect(page.get_by_role("link", name="Write to us")).to_be_focused()
    axe.finds_nothing_in_either_light(page, "the player failed")

    code = ViewerCode.objects.get()
    WatchProgress.objects.create(viewer_code=code, video=film, position_seconds=9, reported_at=timezone.now())
    for path in (FILM, f"/checkout{FILM}", "/library/", Order.objects.get().get_absolute_url()):
        page.goto(shop.url + path)
        axe.finds_nothing_in_either_light(page, f"owned: {path}")
