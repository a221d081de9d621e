"""Looks that can be measured: nothing hard to read, to hit, beside the screen or over the panel."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.browser import axe, focus, thumbs
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
FILM, COLLECTION = "/videos/noon-everywhere/", "/collections/night-ferries/"
PAGES = ["/", FILM, COLLECTION, "/library/", "/orders/", "/account/sign-in/", "/withdraw/", "/nowhere/"]

# The page scrolls smoothly.
_SCROLLED_TO_THE_END = """async () => {
    for (let last = -1, still = 0; still < 10; still = scrollY === last ? still + 1 : 0) {
        last = scrollY
        await new Promise(requestAnimationFrame)
    }
}"""


@pytest.fixture
def sample_shop(shop: Shop) -> Shop:
    call_command("seed_shop", verbosity=0)
    return shop


@pytest.mark.parametrize(("width", "mode", "prefix"), [(390, "dark", "/ko"), (1440, "light", "")])
def test_axe_finds_nothing_and_a_thumb_finds_everything(
    open_page: OpenPage, sample_shop: Shop, width: int, mode: str, prefix: str
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    for path in PAGES:
        page.goto(sample_shop.url + prefix + path)
        if path in (FILM, COLLECTION):
            expect(page.get_by_test_id("pay")).to_be_enabled()

        axe.finds_nothing(page)
        assert page.evaluate(thumbs.SMALL_TARGETS) == [], path
        focus.is_always_seen(page)
    page.locator(".languages summary").click()
    axe.finds_nothing(page, "languages to choose from")


def test_the_price_at_the_foot_brings_the_panel_and_never_covers_it(
    open_page: OpenPage, sample_shop: Shop
) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto(sample_shop.url + FILM)
    bar, panel = page.locator(".buy-bar"), page.locator("checkout-panel")
    expect(bar).to_be_in_viewport()

    bar.get_by_role("link").click()

    expect(panel).to_be_in_viewport(ratio=0.5)
    page.evaluate(_SCROLLED_TO_THE_END)
    top = panel.bounding_box()
    foot = bar.bounding_box()
    assert top and foot and foot["y"] + foot["height"] <= top["y"]


def test_the_panel_stays_in_view_beside_a_long_text(page: Page, sample_shop: Shop) -> None:
    page.goto(sample_shop.url + COLLECTION)
    expect(page.get_by_test_id("pay")).to_be_visible()

    page.mouse.wheel(0, 250)
    for _ in range(150):  # `wait_for_function` needs the `eval` that our CSP forbids
        if page.evaluate("scrollY") >= 200:
            break
        page.wait_for_timeout(100)

    box = page.locator("checkout-panel").bounding_box()
    assert box and box["y"] >= 0


def test_nothing_moves_for_who_wants_no_motion(open_page: OpenPage, sample_shop: Shop) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(sample_shop.url + FILM)
    expect(page.get_by_test_id("pay")).to_be_visible()

    page.get_by_test_id("pay").evaluate("button => button.setAttribute('aria-busy', 'true')")

    assert page.evaluate("document.getAnimations().length") == 0


def test_who_wants_no_motion_is_told_of_no_lack_before_its_time(
    open_page: OpenPage, sample_shop: Shop
) -> None:
    page = open_page(reduced_motion="reduce")
    page.route("**/*.js", lambda route: route.abort())
    page.goto(sample_shop.url + FILM)

    told = page.locator(".needs-script")
    waits = "part => part.getAnimations().map((each) => each.effect.getComputedTiming().delay)"
    assert told.evaluate(waits) == [2000], "it would flash before each page's script came"
    expect(told).to_be_visible()
