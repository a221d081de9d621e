"""Before anybody pays the page says whether the film will play here; it never stops a purchase over it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django import Settings

from tests import factories
from tests.browser import axe
from tests.browser.places_to_play import FAIRPLAY, ON_A_PAGE, PLACES, PLAYREADY, WIDEVINE, Place
from tests.conftest import Shop
from videos.models import Video

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
# A browser that has the key system which its address says.
_HAS_ONE = f"""{_ASKED} &&= async (system) => {{
  if (location.search !== `?${{system}}`) throw new DOMException("", "NotSupportedError")
}}"""
# One whose display is as the test says, once it answers at all.
_DISPLAY = f"""{_ASKED} = () => new Promise((resolve) => {{
  const getStatusForPolicy = async ({{ minHdcpVersion }}) => minHdcpVersion === "2.2" ? display : "usable"
  window.answer = () => resolve({{ createMediaKeys: async () => ({{ getStatusForPolicy }}) }})
}})"""
_ASK_AGAIN = """(display) => {
  window.display = display
  const asking = document.querySelector("will-it-play")
  asking.replaceWith(asking.cloneNode(true))
  answer()
}"""


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


def test_one_that_cannot_is_told_what_to_do_and_may_buy_all_the_same(
    page: Page, film_page: Callable[..., Page]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    film_page(f"{_ASKED} = () => Promise.reject(new DOMException('', 'NotSupportedError'))", f"/ko{FILM}")

    expect(says(page)).to_contain_text("복제 방지 기능을 켜거나")
    expect(page.get_by_test_id("pay")).to_be_enabled()
    axe.finds_nothing_in_either_light(page, "it would not play")
    assert page.evaluate("shift") < 0.01


def test_it_speaks_within_300_ms_and_a_late_answer_takes_the_place_of_none(
    page: Page, shop: Shop, film_page: Callable[..., Page]
) -> None:
    """A film for good displays alone; the page's clock stands still but where it is moved."""
    Video.objects.update(output_protection="hdcp2")
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 60_000"))
    film_page(_DISPLAY)
    expect(says(page)).to_have_count(0)

    page.clock.run_for(300)
    expect(says(page)).to_contain_text("we can't tell whether it plays")

    for display, verdict in {
        "output-restricted": "no-display",
        "internal-error": "unknown",
        "usable": "yes",
    }.items():
        page.evaluate(_ASK_AGAIN, display)
        expect(says(page)).to_have_attribute("data-verdict", verdict)
    assert page.evaluate("shift") < 0.01


def test_the_page_itself_finds_out_where_it_is(page: Page, shop: Shop, settings: Settings) -> None:
    settings.DRM_KEY_SYSTEMS = [WIDEVINE, PLAYREADY, FAIRPLAY]
    factories.film_on_sale("noon")
    page.add_init_script(_HAS_ONE)
    for place, key_system in ON_A_PAGE:
        _open_in(page, shop, place, key_system)

        expect(page.locator("[data-verdict][data-shown]")).to_have_attribute("data-verdict", place.verdict)


def _open_in(page: Page, shop: Shop, place: Place, key_system: str) -> None:
    """The film's page without what stands in it beside the question."""
    elsewhere = "http://matinee.example"  # which is not this computer, and so not secure
    policy = {} if place.is_delegated is None else {"Permissions-Policy": "encrypted-media=()"}

    def answer(route: Route) -> None:
        is_ours = route.request.url.startswith((shop.url, elsewhere))
        if not is_ours or route.request.resource_type not in ("document", "script"):
            return route.abort()
        given = route.fetch(url=route.request.url.replace(elsewhere, shop.url))
        return route.fulfill(response=given, headers=given.headers | policy)

    page.unroute_all()
    page.route("**/*", answer)
    browser = page.context.new_cdp_session(page)
    browser.send("Emulation.setUserAgentOverride", {"userAgent": place.user_agent})
    page.goto(f"{shop.url if place.is_secure else elsewhere}{FILM}?{key_system}")
