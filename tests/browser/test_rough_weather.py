"""What goes wrong around a purchase, in a real Chromium: nothing is charged twice, nothing is silent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from billing.buying import quotes
from billing.models import Order, Payment
from tests import factories
from tests.browser import axe, cinema
from tests.browser.cinema import Visit
from tests.concurrency.racing import until
from tests.conftest import Shop
from videos import pricing
from videos.models import Entitlement, Offer, Price, Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
# By the page's own clock, however late the page itself comes.
_TIME_THE_WAY_OUT = """
addEventListener("error", ({ target }) => {
  if (target.localName === "script") window.__goneAt ??= performance.now()
}, true)
new MutationObserver(() => {
  if (document.querySelector("[data-part=blocked]:not([hidden])")) window.__toldAt ??= performance.now()
}).observe(document, { subtree: true, childList: true, attributeFilter: ["hidden"] })
"""


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.film_on_sale("noon")
    shop.announce(made)
    return made


def assert_one_sale(shop: Shop) -> None:
    assert Order.objects.get(state="paid")
    assert Entitlement.objects.count() == 1
    assert len([charge for charge in shop.world.objects("charge") if charge["paid"]]) == 1


def test_a_double_click_pays_once(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(cinema.PLAIN)
    visit.pay(presses=2)

    visit.expect_film()
    assert_one_sale(shop)
    assert Payment.objects.count() == 1


def test_two_tabs_pay_once(page: Page, shop: Shop, film: Video) -> None:
    first = Visit.begin(page, shop, "/videos/noon/")
    first.wait_for_form()  # by then the browser has its session, which both tabs share
    second = Visit.begin(page.context.new_page(), shop, "/videos/noon/")
    first.fill(cinema.PLAIN)
    second.fill(cinema.PLAIN)

    first.pay()
    first.expect_film()
    second.pay()

    second.expect_film()
    second.expect_status("Nothing was charged. The film is ready on this page.")
    assert_one_sale(shop)


def test_a_second_tab_shows_the_question_that_the_first_one_waits_on(
    page: Page, shop: Shop, film: Video
) -> None:
    first = Visit.begin(page, shop, "/videos/noon/")
    first.wait_for_form()
    second = Visit.begin(page.context.new_page(), shop, "/videos/noon/")
    first.fill(cinema.ALWAYS_ASKS)
    second.fill(cinema.PLAIN)

    first.pay()
    expect(first.page.get_by_test_id("challenge-frame")).to_be_visible()
    second.pay()
    expect(second.page.get_by_test_id("challenge-frame")).to_be_visible()
    question = second.page.locator("payment-challenge")
    expect(question).to_contain_text("Your bank wants to know that it is you", use_inner_text=True)
    first.answer_bank(passed=True)

    for tab in (first, second):  # the film itself plays in one of them
        tab.expect_status(": $7.90, paid.")
    assert_one_sale(shop)


def test_a_reload_in_the_question_brings_the_question_back(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()
    expect(page.get_by_test_id("challenge-frame")).to_be_visible()

    page.reload()
    visit.answer_bank(passed=True)

    visit.expect_film()
    assert_one_sale(shop)


def test_the_back_button_after_success_shows_the_film_and_sells_nothing(
    page: Page, shop: Shop, film: Video
) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)
    visit.pay()
    visit.expect_film()

    page.goto(f"{shop.url}/")
    page.go_back()

    expect(page.get_by_test_id("watch-here").or_(page.get_by_test_id("player")).first).to_be_visible()
    expect(page.get_by_test_id("pay")).to_have_count(0)
    assert_one_sale(shop)


def test_a_tab_closed_right_after_pay_owns_the_film_when_it_comes_back(
    page: Page, shop: Shop, film: Video
) -> None:
    shop.world.faults(stripe={"latency_ms": {"POST /v1/payment_intents": 1500}})
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)

    with page.expect_request("**/api/v1/orders/"):
        visit.pay()
    other = page.context.new_page()
    until(Order.objects.exists)  # or it is closed before anything has left it
    page.close()
    until(Order.objects.filter(state="paid").exists)

    other.goto(f"{shop.url}/videos/noon/")
    other.get_by_test_id("watch-here").click()
    Visit(other, shop, visit.witness).expect_film()
    assert_one_sale(shop)


def test_an_old_price_is_shown_anew_and_the_form_survives(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)
    _let_the_quote_grow_old(page)

    visit.pay()

    visit.expect_status("nothing was charged")
    expect(page.get_by_test_id("email")).to_have_value("ada@example.com")
    visit.retype_when_ready(cinema.PLAIN)
    visit.pay()
    visit.expect_film()
    assert_one_sale(shop)


def test_a_price_changed_meanwhile_is_charged_as_it_was_shown(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)
    offer = Offer.objects.get()
    pricing.change(offer, currency="usd", amount_minor=990, at=timezone.now() + timedelta(seconds=1))

    expect(page.get_by_test_id("pay")).to_contain_text("$7.90")
    visit.pay()

    visit.expect_film()
    assert shop.world.objects("payment_intent")[0]["amount"] == 790


def test_a_lost_session_costs_nothing_and_the_page_recovers(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)
    page.context.clear_cookies()

    visit.pay()

    visit.expect_status("nothing was charged")
    assert not Payment.objects.exists()
    expect(page.get_by_test_id("email")).to_have_value("ada@example.com")
    visit.retype_when_ready(cinema.PLAIN)
    visit.pay()
    visit.expect_film()


def test_blocked_stripe_offers_a_way_within_five_seconds(page: Page, shop: Shop, film: Video) -> None:
    shop.world.faults(js={"block": True})
    page.add_init_script(_TIME_THE_WAY_OUT)
    visit = Visit.begin(page, shop, "/videos/noon/")

    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert page.evaluate("__toldAt - __goneAt") < 5_000
    page.get_by_test_id("email").fill("ada@example.com")
    page.get_by_role("button", name="Mail me the link").click()
    visit.expect_status("Sent")
    shop.world.clear_faults()
    page.get_by_role("button", name="Try again").click()
    visit.fill(cinema.PLAIN)
    visit.pay()

    visit.expect_film()


def test_a_charge_whose_answer_was_lost_is_found_and_not_repeated(
    page: Page, shop: Shop, film: Video
) -> None:
    call = {"call": "POST /v1/payment_intents", "times": 1, "how": "drop_after"}
    shop.world.faults(stripe={"fail_next": [call]}, webhooks={"pause": True})
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)

    visit.pay()

    visit.expect_film()
    assert_one_sale(shop)


def test_a_dead_stripe_says_so_and_the_next_press_buys(page: Page, shop: Shop, film: Video) -> None:
    call = {"call": "POST /v1/payment_intents", "times": 1, "how": "500"}
    shop.world.faults(stripe={"fail_next": [call]})
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)

    visit.pay()
    visit.expect_status("nothing was charged")
    visit.pay()

    visit.expect_film()
    assert_one_sale(shop)


def test_the_network_lost_at_pay_is_told_and_the_order_goes_through_once_it_is_back(
    page: Page, shop: Shop, film: Video
) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)
    page.route("**/api/v1/orders/", lambda route: route.abort("internetdisconnected"))

    visit.pay()
    visit.expect_status("The connection is gone")
    page.unroute("**/api/v1/orders/")

    visit.expect_film()
    assert_one_sale(shop)


def test_stripe_lost_at_pay_is_told_and_the_next_press_buys(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)
    page.route("**/elements/confirmation_tokens", lambda route: route.abort("internetdisconnected"))

    visit.pay()
    visit.expect_status("couldn't be handed to Stripe")
    page.unroute("**/elements/confirmation_tokens")
    visit.pay()

    visit.expect_film()
    assert_one_sale(shop)


def test_a_currency_that_does_not_come_leaves_what_was_typed(page: Page, shop: Shop, film: Video) -> None:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)
    page.route("**/panel/?currency=eur*", lambda route: route.abort())

    page.get_by_role("link", name="EUR").click()

    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    axe.finds_nothing_in_either_light(page, "prices that did not come")
    visit.pay()
    visit.expect_film()
    assert shop.world.objects("payment_intent")[0]["currency"] == "usd"


def test_a_link_to_one_offer_shows_its_price(page: Page, shop: Shop, film: Video) -> None:
    factories.offer(film, "rent", usd=390)

    page.goto(f"{shop.url}/checkout/videos/noon/?offer=rent")

    expect(page.get_by_test_id("pay")).to_have_text("Pay $3.90")
    expect(page.get_by_role("radio", name="Rent")).to_have_attribute("tabindex", "0")


def test_an_issuer_that_takes_the_whole_window_ends_on_the_order(page: Page, shop: Shop, film: Video) -> None:
    shop.world.faults(three_ds={"mode": "top_navigation"})
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()

    visit.answer_bank(passed=True)

    page.wait_for_url("**/orders/*/")
    expect(page.locator("main")).to_contain_text("$7.90")
    _ask_until_paid(page)
    assert_one_sale(shop)


def _ask_until_paid(page: Page) -> None:
    """The order asks Stripe no more often than it may: at first the page may only offer to ask again."""
    for _ in range(30):
        if page.get_by_role("link", name="Watch it").count():
            return
        page.wait_for_timeout(1_000)
        page.reload()
    raise AssertionError(page.get_by_test_id("order-status").inner_text())


def test_without_javascript_the_page_reads_and_says_what_is_needed(
    open_page: OpenPage, shop: Shop, film: Video
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{shop.url}/videos/noon/")

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).to_contain_text("$7.90")
    expect(page.locator("main")).to_contain_text("need JavaScript")


def _let_the_quote_grow_old(page: Page) -> None:
    """As if the page had stood open for longer than a quote lives."""
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    visitor = SessionStore(key)["visitor"]
    old = quotes.sign(
        Price.objects.get(currency="usd"), visitor=visitor, at=timezone.now() - timedelta(minutes=31)
    )
    page.evaluate("old => document.querySelector('[data-quote]').dataset.quote = old", old)


def test_a_card_handed_over_as_a_payment_method_pays_through_the_question(
    page: Page, shop: Shop, film: Video, settings: Settings
) -> None:
    settings.STRIPE_CARD_AS = "payment_method"
    visit = Visit.begin(page, shop, "/videos/noon/")

    visit.fill(cinema.ALWAYS_ASKS)
    visit.pay()
    visit.answer_bank(passed=True)

    visit.expect_film()
    assert_one_sale(shop)
