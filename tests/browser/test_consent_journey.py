"""The box at the till in a real Chromium: calm, by mouse and keyboard, and only where a law wants it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import Consent, Order
from tests import factories
from tests.billing.club import Club
from tests.browser import axe, cinema
from tests.browser.cinema import Visit
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
FILM = "/videos/noon/"


@pytest.fixture
def sold_shop(shop: Shop) -> Shop:
    film = factories.film_on_sale("noon")
    factories.offer(film, "rent", usd=390, krw=4900)
    shop.announce(film)
    return shop


@pytest.mark.parametrize(("width", "mode"), [(390, "dark"), (1440, "light")])
@pytest.mark.parametrize(("prefix", "hint"), [("", "Tick the box"), ("/ko", "동의하는 칸을")])
def test_the_box_is_asked_for_kindly_and_the_film_starts(
    open_page: OpenPage, sold_shop: Shop, width: int, mode: str, prefix: str, hint: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode, timezone_id="Europe/Berlin")
    visit = Visit.begin(page, sold_shop, prefix + FILM)
    visit.fill(cinema.PLAIN)
    box = page.get_by_test_id("consent")
    expect(box).not_to_be_checked()

    visit.pay()
    visit.expect_status(hint)
    expect(box).to_be_focused()
    assert not Order.objects.exists()
    assert not sold_shop.world.objects("confirmation_token")
    axe.finds_nothing(page)
    label = page.locator(".consent__box").bounding_box()
    assert label and label["height"] >= 43.5

    page.keyboard.press("Space")
    visit.pay()
    visit.expect_film()
    assert Consent.objects.get().wanted_at_once
    assert Consent.objects.get().language == ("ko" if prefix else "en")
    visit.witness.swear()


@pytest.mark.parametrize(
    ("zone", "line"), [("Asia/Seoul", "within 7 days"), ("America/New_York", "Not right")]
)
def test_elsewhere_a_line_is_all_there_is(open_page: OpenPage, sold_shop: Shop, zone: str, line: str) -> None:
    page = open_page(timezone_id=zone)
    page.goto(sold_shop.url + FILM)

    expect(page.locator(".assurances")).to_contain_text(line)
    expect(page.get_by_test_id("consent")).to_have_count(0)


def test_the_page_from_a_mail_knows_the_law_too(open_page: OpenPage, sold_shop: Shop) -> None:
    page = open_page(timezone_id="Europe/Berlin")
    page.goto(f"{sold_shop.url}/checkout{FILM}?offer=rent")

    expect(page.get_by_test_id("pay")).to_have_text("Pay $3.90")
    expect(page.get_by_test_id("consent")).to_be_visible()


def test_the_tick_outlives_a_change_of_currency(open_page: OpenPage, sold_shop: Shop) -> None:
    page = open_page(timezone_id="Europe/Berlin")
    page.goto(sold_shop.url + FILM)
    page.get_by_test_id("consent").check()

    page.get_by_role("link", name="EUR").click()

    expect(page.get_by_test_id("pay")).to_have_text("Pay €7,90")
    expect(page.get_by_test_id("consent")).to_be_checked()


def test_other_words_want_a_tick_of_their_own(open_page: OpenPage, shop: Shop) -> None:
    club = Club(shop, trial_days=7)
    factories.offer(club.collection, usd=2900, eur=2900)
    page = open_page(timezone_id="Europe/Berlin")
    visit = Visit.begin(page, shop, "/collections/all-day/")
    visit.fill(cinema.PLAIN)
    box, words = page.get_by_test_id("consent"), page.locator(".consent__box")
    page.get_by_role("radio", name="Own").click()
    expect(words).to_contain_text("I lose my right of withdrawal")
    expect(words).not_to_contain_text("I pay for the days", use_inner_text=True)
    box.check()

    page.get_by_role("radio", name="Monthly membership").click()

    expect(box).not_to_be_checked()
    expect(words).to_contain_text("I pay for the days that have begun")
    expect(words).not_to_contain_text("I lose my right of withdrawal", use_inner_text=True)
    visit.pay()
    visit.expect_status("Tick the box")
    box.check()
    visit.pay()
    expect(page.locator(".receipt")).to_contain_text("Your free days have begun")
    assert Consent.objects.get().kind == "membership"
