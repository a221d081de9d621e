"""Every page of the table of addresses through axe, in light and in dark: full, empty and refused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests import refusals
from tests.browser import axe, focus, walking
from tests.conftest import Shop
from tests.privacy import adas_things
from tests.privacy.table_of_urls import EACH_HIS_OWN, LINK, OWNER, PUBLIC, SIGNED_IN, filled

pytestmark = pytest.mark.django_db(transaction=True)
# The one has no form for who is signed in, the other says so in its heading.
SAID_WITHOUT_AN_ALERT = {"an order's address that is none", "a certificate that is none"}
FEWEST_PAGES = 30  # whoever adds one need not raise this; none may be lost in silence


def test_what_is_there(open_page: Callable[..., Page], shop: Shop, ada: User) -> None:
    """On a phone; the others on a wide screen."""
    things = adas_things.of(ada)
    page = open_page(viewport={"width": 390, "height": 844})
    walking.lend_cookies(refusals.browser_of(ada).client, page, shop)
    addresses = [
        filled(each, things)
        for table in (PUBLIC, EACH_HIS_OWN, SIGNED_IN, LINK, OWNER)
        for each in table.values()
    ]

    seen = set()
    for address in walking.opened(page, shop, addresses):
        axe.finds_nothing_in_either_light(page)
        focus.is_always_seen(page)
        seen.add(address)

    assert len(seen) >= FEWEST_PAGES, sorted(seen)


def test_where_nothing_is_there_yet(page: Page, shop: Shop, bo: User) -> None:
    for _ in walking.opened(page, shop, ["", *EACH_HIS_OWN]):
        axe.finds_nothing_in_either_light(page, "a stranger")

    walking.lend_cookies(refusals.browser_of(bo).client, page, shop)
    for _ in walking.opened(page, shop, [*EACH_HIS_OWN, *SIGNED_IN]):
        axe.finds_nothing_in_either_light(page, "Bo, who has nothing")


def test_what_is_refused(page: Page, shop: Shop, ada: User) -> None:
    for what, body in refusals.of(ada, adas_things.of(ada).order).items():
        said = 'role="alert"' in body or 'class="statement"' in body or "Closed for a moment" in body
        assert said or what in SAID_WITHOUT_AN_ALERT, what
        walking.show(page, shop, body)
        axe.finds_nothing_in_either_light(page, what)
