"""What was watched, as its owner sees it: drawn under the strict policy, in light and in dark, and by ear."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import factories, office
from tests.browser.test_accessibility import look
from tests.conftest import Shop
from tests.videos.test_watch_map import watched

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


def test_the_map_is_drawn_and_told(open_page: OpenPage, shop: Shop, cho: User) -> None:
    film = factories.video("noon", duration_seconds=5400)
    for stop in range(300, 5401, 300):
        watched(film, (0, stop), (stop // 2, 60))
    page = open_page(viewport={"width": 1440, "height": 1000})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    enter_office(page, shop, cho)

    page.goto(f"{shop.url}{office.page(type(film), 'change', film.pk)}")
    page.get_by_role("link", name="What was watched").click()

    picture = page.get_by_role("img", name=re.compile("How many viewers saw each part"))
    expect(picture).to_be_visible()
    bars = picture.locator(".watch-map__saw")
    first, last = bars.first.bounding_box(), bars.last.bounding_box()
    assert first
    assert last
    assert first["height"] > 5 * last["height"] > 0
    expect(page.get_by_role("row", name=re.compile("^0:00:00–0:04:30"))).to_contain_text("18")
    look(page, "the map")
    assert complaints == []


def enter_office(page: Page, shop: Shop, user: User) -> None:
    """Signed in with the second step passed, which has its own tests."""
    cookies = office.signed_in(user).cookies
    page.context.add_cookies(
        [{"name": name, "value": each.value, "url": shop.url} for name, each in cookies.items()]
    )
