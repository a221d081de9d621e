"""A film as large as can be: in full screen, or where a phone has none for a page's part, in its window."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser import axe, cinema
from tests.browser.cinema import Visit
from tests.conftest import Shop
from videos.models import Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
_LIKE_AN_IPHONE = "delete Element.prototype.requestFullscreen"
_LIKE_SAMSUNG = "Object.defineProperty(navigator, 'userAgent', { value: 'Linux SamsungBrowser/28.0 Mobile' })"
# The part over the whole window, and the film over the whole of its breadth.
_COVERED = """() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect()
  const [{ width, height, x, y }, stage] = [box("video-player"), box(".stage")]
  return [x, y, width - innerWidth, height - innerHeight, stage.width - innerWidth].map(Math.round)
}"""
_WHOLLY = [0, 0, 0, 0, 0]
_OUTSIDE = "!document.activeElement.closest('video-player') && document.activeElement !== document.body"


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.video("noon", duration_seconds=600)  # which does not end meanwhile
    factories.offer(made)
    shop.announce(made)
    return made


def watch(page: Page, shop: Shop) -> Visit:
    visit = Visit.begin(page, shop, "/videos/noon/")
    visit.fill(cinema.PLAIN)
    visit.pay()
    visit.expect_film()
    return visit


def test_a_phone_without_full_screen_fills_its_window_and_the_film_goes_on(
    open_page: OpenPage, shop: Shop, film: Video
) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.add_init_script(_LIKE_AN_IPHONE)
    visit = watch(page, shop)
    page.frame_locator("[data-testid=player]").locator("video").evaluate("() => { window.isTheSame = true }")
    button = page.get_by_role("button", name="Full screen")

    button.click()

    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(_COVERED) == _WHOLLY
    assert page.evaluate("document.fullscreenElement") is None
    axe.finds_nothing_in_either_light(page, "the film fills the window")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert not page.evaluate(_OUTSIDE), "what lies behind took the focus"
    button.focus()
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("banner")).to_have_js_property("inert", False)

    button.click()
    page.set_viewport_size({"width": 844, "height": 390})  # turned
    assert page.evaluate(_COVERED) == _WHOLLY
    visit.expect_film()
    assert page.frame_locator("[data-testid=player]").locator("video").evaluate("() => window.isTheSame")

    page.context.set_offline(True)
    cinema.fail_with(visit, 1018)
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate("document.querySelector('video-player').popover") is None, (
        "no way out of it was left"
    )
    page.context.set_offline(False)


def test_elsewhere_it_takes_the_screen_unless_the_device_would_take_the_film(
    page: Page, shop: Shop, film: Video
) -> None:
    visit = watch(page, shop)
    page.reload()  # who has it sees the film in a larger place
    page.get_by_test_id("watch-here").click()
    visit.expect_film()
    expect(page.locator(".stage")).to_be_focused()
    button = page.get_by_role("button", name="Full screen")

    page.keyboard.press("f")

    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.fullscreenElement.localName") == "video-player"
    assert page.evaluate(_COVERED) == _WHOLLY
    page.keyboard.press("f")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("document.fullscreenElement") is None

    page.evaluate(_LIKE_SAMSUNG)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(_COVERED) == _WHOLLY
    assert page.evaluate("document.fullscreenElement") is None
