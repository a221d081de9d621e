"""From the account to "you are erased", by keyboard and a mailed code; each page through axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import signing_in
from tests.browser import axe
from tests.conftest import Shop
from tests.privacy import adas_things, dump

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "mode", "prefix"), [(390, "dark", "/ko"), (1440, "light", "")])
def test_who_wants_it_is_erased(
    open_page: Callable[..., Page], shop: Shop, ada: User, width: int, mode: str, prefix: str
) -> None:
    things = adas_things.of(ada)
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    _sign_in(page, shop, ada.email)

    page.goto(f"{shop.url}{prefix}/account/your-data/")
    _look(page)
    with page.expect_download() as download:
        page.get_by_test_id("export").press("Enter")
    assert download.value.suggested_filename.startswith("your-data-")
    page.goto(f"{shop.url}{prefix}/account/erase/")
    expect(page.get_by_test_id("must-wait")).to_be_visible()
    _look(page)
    type(things.member.membership).objects.update(cancels_at_period_end=True)
    page.reload()
    page.get_by_test_id("erase-code").press("Enter")
    expect(page.get_by_test_id("erase")).to_be_visible()
    _look(page)
    page.get_by_role("textbox").fill(signing_in.mailed_code(ada.email))
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("erase")).to_have_count(0)
    _look(page)
    assert page.url == f"{shop.url}{prefix}/account/erase/"
    assert dump.naming("ada@example.com") == []


def _sign_in(page: Page, shop: Shop, email: str) -> None:
    page.goto(f"{shop.url}/account/sign-in/")
    page.get_by_role("textbox").fill(email)
    page.keyboard.press("Enter")
    expect(page.locator("[name=code]")).to_be_visible()
    page.locator("[name=code]").fill(signing_in.mailed_code(email))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{shop.url}/library/")


def _look(page: Page) -> None:
    axe.finds_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")
