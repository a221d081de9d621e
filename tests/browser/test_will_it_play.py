"""Before anybody pays the page says whether the film will play here; it never stops a purchase over it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.browser.places_to_play import PLACES
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
FILM = "/videos/noon/"
_JUDGE_ALL = """async (places) => {
  const { judge } = await import("will-it-play")
  return places.map(judge)
}"""
_ASKED = "navigator.requestMediaKeySystemAccess"
_SHIFTS = """
window.shift = 0
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (shift += entry.value)))
  .observe({ type: "layout-shift", buffered: true })
"""


@pytest.fixture
def film_page(page: Page, shop: Shop) -> Callable[..., Page]:
    """The page of a film on sale, its browser changed beforehand."""
    shop.announce(factories.film_on_sale("noon"))

    def opened(script: str = "", path: str = FILM) -> Page:
        page.add_init_script(_SHIFTS + script)
        page.goto(shop.url + path)
        return page

    return opened


def says(page: Page) -> Locator:
    """The one sentence that can be seen."""
    return page.locator("will-it-play p:visible")


def test_no_place_is_told_a_wrong_yes_or_a_wrong_no(film_page: Callable[..., Page]) -> None:
    page = film_page()

    verdicts = page.evaluate(_JUDGE_ALL, [place.seen for place in PLACES])

    wrong = [
        (place, verdict) for place, verdict in zip(PLACES, verdicts, strict=True) if verdict != place.verdict
    ]
    assert not wrong
    assert len(PLACES) >= 40


def test_a_browser_that_can_play_is_told_so_before_it_pays(film_page: Callable[..., Page]) -> None:
    page = film_page()

    expect(says(page)).to_have_text("It plays in this browser.")
    expect(page.get_by_test_id("pay")).to_be_enabled()
    assert page.evaluate("shift") < 0.01


def test_one_that_cannot_is_told_what_to_do_and_may_buy_all_the_same(film_page: Callable[..., Page]) -> None:
    page = film_page(
        f"{_ASKED} = () => Promise.reject(new DOMException('', 'NotSupportedError'))", f"/ko{FILM}"
    )

    expect(says(page)).to_contain_text("복제 방지 기능을 켜거나")
    expect(page.get_by_test_id("pay")).to_be_enabled()
    assert page.evaluate("shift") < 0.01


def test_a_late_answer_takes_the_place_of_no_answer(film_page: Callable[..., Page]) -> None:
    page = film_page(f"{_ASKED} = () => new Promise((resolve) => (window.answer = resolve))")
    expect(says(page)).to_contain_text("we can't tell whether it plays")

    page.evaluate("answer({})")

    expect(says(page)).to_have_text("It plays in this browser.")
    assert page.evaluate("shift") < 0.01
