"""While somebody tries cards by the thousand, Ada waits a moment longer and buys, with the keyboard alone."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.guarding import heat, velocity
from billing.models import Order
from tests import factories
from tests.browser import cinema
from tests.browser.cinema import Visit
from tests.conftest import Shop
from videos.models import Video

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_window")]

ASKED_TO_WORK = ("429",)
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.film_on_sale("noon")
    shop.announce(made)
    heat.add([velocity.SHOP], 60, at=timezone.now())
    return made


@pytest.mark.parametrize(
    ("locale", "path", "crowded"),
    [
        ("en-US", "/videos/noon/", "One moment, it goes on by itself."),
        ("ko-KR", "/ko/videos/noon/", "저절로 이어져요."),
    ],
)
def test_a_hot_checkout_works_by_itself(
    open_page: Callable[..., Page], shop: Shop, film: Video, locale: str, path: str, crowded: str
) -> None:
    page = open_page(**PHONE, locale=locale)
    visit = Visit.begin(page, shop, path)
    visit.wait_for_form()
    assert not page.evaluate(
        "performance.getEntriesByType('resource').some(e => e.name.includes('proof-of-work'))"
    )
    page.evaluate(
        """() => {
            window.__said = []
            const region = document.querySelector("[data-testid=order-status]")
            const listen = () => window.__said.push(region.textContent)
            new MutationObserver(listen).observe(region, { childList: true })
        }"""
    )

    page.get_by_test_id("email").focus()
    page.keyboard.type("ada@example.com")
    visit.type_card(cinema.PLAIN)
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("pay")).to_be_focused()
    page.keyboard.press("Enter")

    visit.expect_film()
    assert any(crowded in words for words in page.evaluate("window.__said"))
    visit.witness.swear(expected_errors=ASKED_TO_WORK)
    assert Order.objects.get().is_paid


def test_the_card_can_be_refused_and_another_one_taken_while_it_is_hot(
    open_page: Callable[..., Page], shop: Shop, film: Video
) -> None:
    page = open_page(**PHONE)
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.DECLINED)

    visit.pay()
    visit.expect_status("Your bank declined")
    expect(page.get_by_test_id("order-status")).to_be_focused()
    visit.retype(cinema.PLAIN)
    visit.pay()

    visit.expect_film()
    visit.witness.swear(expected_errors=ASKED_TO_WORK)
    assert Order.objects.get().payments.count() == 2


def test_a_browser_that_cannot_hash_says_what_to_do(
    open_page: Callable[..., Page], shop: Shop, film: Video
) -> None:
    page = open_page(**PHONE)
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)

    visit.pay()

    visit.expect_status("nothing was charged")
    expect(page.get_by_test_id("order-status")).to_be_focused()
    expect(page.get_by_test_id("pay")).to_have_attribute("aria-disabled", "false")
    assert not Order.objects.exists()
