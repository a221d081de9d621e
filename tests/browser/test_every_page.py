"""Every page of the table of addresses through axe, in light and in dark: full and empty."""

from collections.abc import Iterable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser import axe
from tests.conftest import Shop
from tests.privacy import adas_things
from tests.privacy.table_of_urls import EACH_HIS_OWN, LINK, OWNER, PUBLIC, SIGNED_IN, filled

pytestmark = pytest.mark.django_db(transaction=True)
FEWEST_PAGES = 30  # whoever adds one need not raise this; none may be lost in silence


def _pages(page: Page, base: str, addresses: Iterable[str]) -> Iterator[str]:
    """Those where a whole page stands, each opened: no answer to a program, no file and no part of a page."""
    for address in addresses:
        answer = page.request.get(f"{base}/{address}")
        is_html = "text/html" in answer.headers.get("content-type", "")
        if answer.ok and is_html and answer.text().lstrip().lower().startswith("<!doctype"):
            page.goto(answer.url)
            if page.locator("card-form").count():
                expect(page.get_by_test_id("pay")).to_be_enabled(timeout=15_000)
            yield address


def _as(page: Page, shop: Shop, person: User) -> None:
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "url": shop.url, "value": value}])


def test_what_is_there(page: Page, shop: Shop, ada: User) -> None:
    things = adas_things.of(ada)
    _as(page, shop, ada)
    addresses = [
        filled(each, things)
        for table in (PUBLIC, EACH_HIS_OWN, SIGNED_IN, LINK, OWNER)
        for each in table.values()
    ]

    seen = set()
    for address in _pages(page, shop.url, addresses):
        axe.finds_nothing_in_either_light(page)
        seen.add(address)

    assert len(seen) >= FEWEST_PAGES, sorted(seen)


def test_where_nothing_is_there_yet(page: Page, shop: Shop, bo: User) -> None:
    for _ in _pages(page, shop.url, ["", *EACH_HIS_OWN]):
        axe.finds_nothing_in_either_light(page, "a stranger")
    page.goto(f"{shop.url}/orders/made-up/")
    axe.finds_nothing_in_either_light(page, "not there")

    _as(page, shop, bo)
    for _ in _pages(page, shop.url, [*EACH_HIS_OWN, *SIGNED_IN]):
        axe.finds_nothing_in_either_light(page, "Bo, who has nothing")
