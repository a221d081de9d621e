"""Without a mouse and without seeing: the focus is never lost, nor taken away, and the result is read out."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from billing.models import Order
from tests import factories, refusals
from tests.browser import cinema
from tests.browser.cinema import Visit
from tests.conftest import Shop
from videos.models import Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
FILM = "/videos/noon/"

# The region as it is now, and whether it ever leaves the document: one put back is a new one to who listens.
_KEEP_AN_EAR_ON_THE_REGION = """() => {
    window.__region = document.querySelector("[data-testid=order-status]")
    window.__left = false
    new MutationObserver((changes) => {
        for (const { removedNodes } of changes)
            for (const each of removedNodes) if (each.contains(window.__region)) window.__left = true
    }).observe(document, { childList: true, subtree: true })
}"""


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.film_on_sale("noon")
    factories.offer(made, "rent", usd=390, krw=4900)
    shop.announce(made)
    return made


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_rental_is_bought_with_the_keyboard_alone(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, FILM)
    visit.wait_for_form()

    page.get_by_role("radio", name="Own").focus()
    press(page, "ArrowDown")
    expect(page.get_by_role("radio", name="Rent")).to_be_focused()
    expect(page.get_by_test_id("pay")).to_have_text("Pay $3.90")
    press(page, "Tab", "Tab", "Tab", "Tab", "Tab", "Tab")  # past the four currencies and the coupon
    expect(page.get_by_test_id("email")).to_be_focused()
    page.keyboard.type("ada@example.com")
    visit.type_card(cinema.ALWAYS_ASKS)
    press(page, "Tab")
    expect(page.get_by_test_id("pay")).to_be_focused()
    press(page, "Enter")

    expect(page.locator("payment-challenge h2")).to_be_focused()
    expect(visit.challenge.get_by_role("button").first).to_be_visible()
    press(page, "Tab", "Enter")  # the bank's first button
    visit.expect_film()
    expect(page.locator(".stage")).to_be_focused()
    visit.witness.swear()
    assert Order.objects.get().offer.kind == "rent"


def test_the_focus_stays_where_it_was_while_the_bank_is_asked(page: Page, shop: Shop, film: Video) -> None:
    held: list[Route] = []
    page.route("**/api/v1/orders/", lambda route: held.append(route))
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.DECLINED)

    page.get_by_test_id("email").press("Enter")

    expect(page.get_by_test_id("pay")).to_have_text("Asking your bank…")
    expect(page.get_by_test_id("pay")).to_be_focused()
    expect(page.locator("[data-part=fields]")).to_have_js_property("inert", True)
    page.unroute("**/api/v1/orders/")  # which lets go what was held
    visit.expect_status("Your bank declined")
    expect(page.get_by_test_id("order-status")).to_be_focused()


def test_the_receipt_is_read_out_by_the_region_that_was_there(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.PLAIN)
    page.evaluate(_KEEP_AN_EAR_ON_THE_REGION)
    assert page.evaluate("window.__region.checkVisibility()"), "what is not shown is not listened to"

    visit.pay()
    visit.expect_film()

    visit.expect_status("$7.90, paid")
    assert page.evaluate("document.querySelector('[data-testid=order-status]') === window.__region")
    assert not page.evaluate("window.__left")
    expect(page.locator(".stage")).to_be_focused()


def test_a_film_that_is_owned_is_played_and_stopped_by_keys(
    page: Page, shop: Shop, film: Video, ada: User
) -> None:
    factories.gift(film, ada)
    session = refusals.browser_of(ada).client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "url": shop.url, "value": session}])
    visit = Visit.begin(page, shop, FILM)
    said = page.locator("[data-part=said]")
    assert (said.get_attribute("role"), said.inner_text()) == ("status", "")
    page.locator("#main").focus()

    press(page, "Tab")
    expect(page.get_by_test_id("watch-here")).to_be_focused()
    press(page, "Enter")
    visit.expect_film()

    expect(page.locator(".stage")).to_be_focused()
    press(page, "Space")
    expect(said).to_have_text("Paused.")
    press(page, "Space")
    expect(said).to_have_text("Playing.")


def test_another_currency_keeps_the_focus_where_it_was_pressed(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, FILM)
    visit.wait_for_form()
    region = page.get_by_test_id("order-status")
    assert (region.get_attribute("role"), region.get_attribute("aria-live")) == ("status", "polite")

    page.get_by_role("link", name="KRW").press("Enter")

    expect(page.get_by_test_id("pay")).to_have_text("Pay ₩9,900")
    expect(page.get_by_role("link", name="KRW")).to_be_focused()
    press(page, "Shift+Tab", "Enter")
    expect(page.get_by_role("link", name="JPY")).to_be_focused()
    expect(page.get_by_role("link", name="JPY")).to_have_attribute("aria-current", "true")


def test_who_types_again_after_the_question_is_left_alone(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()
    expect(page.locator("payment-challenge h2")).to_be_focused()
    page.wait_for_timeout(1600)  # the page asks of itself now and then

    visit.answer_bank(passed=False)
    expect(page.get_by_test_id("order-status")).to_be_focused()
    page.get_by_test_id("email").focus()
    page.wait_for_timeout(3000)

    expect(page.get_by_test_id("email")).to_be_focused()


def test_leaving_the_question_is_no_dead_end_for_the_focus(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()
    expect(page.locator("payment-challenge h2")).to_be_focused()
    held: list[Route] = []
    page.route("**/another-card/", lambda route: held.append(route))

    page.get_by_role("button", name="Use another card").press("Enter")

    expect(page.get_by_test_id("pay")).to_be_focused()
    page.unroute("**/another-card/")  # which lets go what was held
    visit.expect_status("Nothing was charged")
    expect(page.get_by_test_id("order-status")).to_be_focused()


def test_an_address_that_only_the_shop_refuses_is_marked_too(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.PLAIN, email="ada@example")

    visit.pay()

    visit.expect_status("Check the e-mail address")
    expect(page.get_by_test_id("email")).to_be_focused()
    expect(page.get_by_test_id("email")).to_have_attribute("aria-invalid", "true")


def test_a_new_price_is_read_out(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.PLAIN)
    page.context.clear_cookies()

    visit.pay()

    expect(page.get_by_test_id("order-status")).to_be_focused()


def test_a_reader_with_twice_the_size_finds_all_of_it(open_page: OpenPage, shop: Shop, film: Video) -> None:
    """200 % zoom of a 1280 px window is a window of 640 px at twice the density."""
    page = open_page(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    visit = Visit.begin(page, shop, FILM)
    page.locator(".buy-bar a").press("Enter")
    expect(page.locator("checkout-panel")).to_be_focused()

    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()
    expect(page.locator("payment-challenge h2")).to_be_focused()

    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    visit.answer_bank(passed=True)
    visit.expect_film()
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
