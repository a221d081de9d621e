"""From the mailbox: a guest comes back in another browser, and a known address buys as a guest."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from billing.models import Order
from billing.owning import days
from tests import factories
from tests.browser import axe, cinema
from tests.browser.cinema import Visit
from tests.buyer import Buyer
from tests.concurrency.racing import until
from tests.conftest import Shop
from videos.models import Video, WatchProgress

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
EMAIL, PLAYER = "ada@example.com", "[data-testid=player]"
RECEIPT = r"http://\S+/receipts/[^/\s]+/"


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.film_on_sale("noon")
    shop.announce(made)
    return made


def test_a_guest_finds_the_film_where_he_stopped_in_another_browser(
    open_page: OpenPage, shop: Shop, film: Video
) -> None:
    laptop, phone = open_page(), open_page(viewport={"width": 390, "height": 844})
    visit = Visit.begin(laptop, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN, email=EMAIL)
    visit.pay()
    visit.expect_film()
    until(lambda: WatchProgress.objects.filter(position_seconds__gte=4).exists())
    laptop.close()

    cinema.sign_in(phone, shop, EMAIL, path="/account/sign-in/?next=/library/")
    phone.wait_for_url("**/library/")
    axe.finds_nothing_in_either_light(phone, "a library with a film begun")
    phone.get_by_role("region", name="Continue watching").get_by_role("link").click()
    phone.get_by_test_id("watch-here").click()

    Visit(phone, shop, visit.witness).expect_film()
    assert phone.frame_locator(PLAYER).locator("video").evaluate("video => video.currentTime") > 4
    phone.goto(f"{shop.url}/orders/")
    axe.finds_nothing_in_either_light(phone, "the purchases")
    phone.get_by_test_id("purchases").get_by_role("link").click()
    expect(phone.get_by_test_id("order-status")).to_be_visible()


def test_a_known_address_buys_as_a_guest_and_sees_nothing_of_the_account(
    open_page: OpenPage, shop: Shop, film: Video, ada: User
) -> None:
    factories.gift(factories.video("dusk"), ada)
    at_home, cafe = open_page(), open_page()
    cinema.sign_in(at_home, shop, EMAIL)
    at_home.wait_for_url("**/library/")

    visit = Visit.begin(cafe, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN, email=EMAIL)
    visit.pay()
    visit.expect_film()
    visit.witness.swear()

    order = Order.objects.get()
    assert order.user is None
    cafe.goto(f"{shop.url}/library/")
    expect(cafe.locator("main .poster-card")).to_have_count(1)
    expect(cafe.get_by_role("link", name="Sign in")).to_be_visible()
    assert EMAIL not in cafe.content()
    at_home.goto(f"{shop.url}/library/")
    expect(at_home.locator("main .poster-card")).to_have_count(1)
    expect(at_home.locator('main a[href="/videos/dusk/"]')).to_be_visible()

    cinema.sign_in(cafe, shop, EMAIL)
    cafe.wait_for_url("**/library/")

    for page in (cafe, at_home):
        page.goto(f"{shop.url}/library/")
        expect(page.get_by_role("region", name="Yours to keep").locator(".poster-card")).to_have_count(2)


def test_a_purchase_made_elsewhere_is_found_with_the_keyboard(
    open_page: OpenPage, shop: Shop, film: Video
) -> None:
    laptop, other = open_page(), open_page()
    visit = Visit.begin(laptop, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN, email=EMAIL)
    visit.pay()
    visit.expect_film()

    other.goto(f"{shop.url}/orders/")
    other.locator("#find-email").focus()
    other.keyboard.type(EMAIL)
    other.keyboard.press("Tab")
    other.keyboard.type(f"{_day_of(Order.objects.get()):%m%d%Y}")
    other.keyboard.press("Enter")
    expect(other.get_by_test_id("code-asked")).to_be_visible()
    other.locator("#id_code").focus()
    other.keyboard.type(cinema.mailed(shop, EMAIL, r"\b\d{4} \d{4}\b"))
    other.keyboard.press("Enter")

    other.wait_for_url("**/orders/?on=*")
    expect(other.get_by_test_id("found")).to_contain_text("Bought on")
    expect(other.get_by_test_id("purchases").get_by_role("listitem")).to_have_count(1)
    axe.finds_nothing_in_either_light(other, "the purchases of a day")


def test_a_guest_comes_back_by_google(open_page: OpenPage, shop: Shop, film: Video) -> None:
    laptop, phone = open_page(), open_page(viewport={"width": 390, "height": 844}, locale="ko-KR")
    visit = Visit.begin(laptop, shop, "/videos/noon/")
    _take_the_hint(laptop)
    visit.fill(cinema.PLAIN, email=EMAIL)
    visit.pay()
    visit.expect_film()
    laptop.close()

    phone.goto(f"{shop.url}/ko/account/sign-in/?next=/ko/library/")
    axe.finds_nothing_in_either_light(phone, "the ways to sign in")
    phone.get_by_test_id("with-google").click()
    phone.get_by_test_id("deny").click()
    expect(phone.get_by_role("alert").filter(visible=True)).to_be_visible()
    phone.get_by_test_id("with-google").click()
    phone.get_by_test_id("allow").click()

    phone.wait_for_url("**/ko/library/")
    expect(phone.locator("main a[href='/ko/videos/noon/']").first).to_be_visible()
    assert len(phone.context.pages) == 1
    phone.goto(f"{shop.url}/ko/account/with/")
    axe.finds_nothing_in_either_light(phone, "what opens the account")
    expect(phone.get_by_test_id("ways-in").get_by_role("listitem")).to_have_count(1)

    other = open_page()
    cinema.sign_in(other, shop, EMAIL)
    other.wait_for_url("**/library/")
    expect(other.locator("main a[href='/videos/noon/']").first).to_be_visible()
    assert User.objects.count() == 1


def test_an_address_with_a_slip_is_put_right_and_the_mail_comes_where_it_should(
    open_page: OpenPage, shop: Shop, film: Video
) -> None:
    buyer = Buyer(shop.url, shop.world)
    assert buyer.pay(buyer.quote("noon"), email="ada@gmial.com").json()["state"] == "paid"
    page, other = open_page(viewport={"width": 390, "height": 844}), open_page()
    cookies = [{"name": each.name, "value": each.value or "", "url": shop.url} for each in buyer.http.cookies]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    old = cinema.mailed(shop, "ada@gmial.com", RECEIPT)

    page.goto(f"{shop.url}/orders/{Order.objects.get().reference}/")
    expect(page.get_by_test_id("address-suggestion")).to_contain_text("ada@gmail.com")
    page.locator(".order-address summary").press("Enter")
    axe.finds_nothing_in_either_light(page, "another address asked for")
    page.keyboard.press("Tab")
    page.keyboard.type("no address")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "one that is none")
    page.get_by_label("The right e-mail").fill("ada@gmail.com")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("address-changed")).to_contain_text("a…@gmail.com")
    axe.finds_nothing_in_either_light(page, "changed")

    answer = other.goto(cinema.mailed(shop, "ada@gmail.com", RECEIPT))
    assert answer and answer.ok
    expect(other.locator(".sales-receipt")).to_be_visible()
    answer = other.goto(old)
    assert answer and answer.status == 404


def _day_of(order: Order) -> date:
    assert order.paid_at
    return days.day_of(order.paid_at, order.time_zone)


def _take_the_hint(page: Page) -> None:
    """Before anybody pays, by keyboard alone, and nothing moves."""
    pay, field, hint = (page.get_by_test_id(name) for name in ("pay", "email", "address-meant"))
    expect(pay).to_be_enabled()
    field.fill("ada@gmial.com")
    before = pay.bounding_box()
    page.keyboard.press("Tab")
    expect(hint).to_have_text("Did you mean ada@gmail.com?")
    axe.finds_nothing_in_either_light(page, "a hint at a mistyped address")
    assert pay.bounding_box() == before

    hint.focus()
    page.keyboard.press("Enter")

    expect(field).to_have_value("ada@gmail.com")
    expect(field).to_be_focused()
    expect(hint).to_be_hidden()
