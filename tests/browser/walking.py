"""Opens pages one after the other in one browser: by their addresses, or as they came by another way."""

from collections.abc import Iterable, Iterator

from django.test import Client
from playwright.sync_api import Error, Page, Route, expect

from tests.conftest import Shop

# Nothing where no whole page stands.
_FOUND = """() => document.doctype && {
    panel: document.querySelector("checkout-panel") !== null,
    form: document.querySelector("checkout-form, card-form") !== null,
}"""


def lend_cookies(browser: Client, page: Page, shop: Shop) -> None:
    """Signed in as that browser is; signing in has tests of its own."""
    page.context.add_cookies(
        [{"name": name, "value": each.value, "url": shop.url} for name, each in browser.cookies.items()]
    )


def opened(page: Page, shop: Shop, addresses: Iterable[str]) -> Iterator[str]:
    """Those where a whole page stands, each opened: no answer to a program, no file and no part of a page."""
    for address in addresses:
        if address.startswith("api/") or address.endswith(".pdf"):
            continue  # sooner than the browser finds out
        try:
            answer = page.goto(f"{shop.url}/{address.removeprefix('/')}")
        except Error as error:
            assert "Download is starting" in error.message, error.message
            continue
        if answer and answer.ok and (found := page.evaluate(_FOUND)):
            if found["panel"]:
                page.locator("section.checkout-panel").wait_for()
            if found["panel"] or found["form"]:
                _wait_for_the_till(page)
            yield address


def show(page: Page, shop: Shop, body: str) -> None:
    """A page that came by another way, as this browser shows it."""
    address = f"{shop.url}/refused/"

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route(address, answer)
    page.goto(address)
    page.unroute(address)
    if page.locator("checkout-form").count():
        expect(page.get_by_test_id("pay")).to_be_enabled()


def _wait_for_the_till(page: Page) -> None:
    if page.locator("checkout-form, card-form").count():
        expect(page.get_by_test_id("pay")).to_be_enabled()
