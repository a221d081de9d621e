"""Every page of the table of addresses through axe, in light and in dark: full, empty and refused."""

from collections.abc import Iterable, Iterator

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error, Page, Route, expect

from accounts.models import User
from billing.models import Order, Selling
from tests import office, signing_in
from tests.attacks import Visitor
from tests.browser import axe
from tests.conftest import Shop
from tests.privacy import adas_things
from tests.privacy.table_of_urls import EACH_HIS_OWN, LINK, OWNER, PUBLIC, SIGNED_IN, filled
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)
FEWEST_PAGES = 30  # whoever adds one need not raise this; none may be lost in silence


def _pages(page: Page, base: str, addresses: Iterable[str]) -> Iterator[str]:
    """Those where a whole page stands, each opened: no answer to a program, no file and no part of a page."""
    for address in addresses:
        try:
            answer = page.goto(f"{base}/{address}")
        except Error as error:
            assert "Download is starting" in error.message, error.message
            continue
        if answer and answer.ok and page.evaluate("document.doctype !== null"):
            _wait_for_the_till(page)
            yield address


def _wait_for_the_till(page: Page) -> None:
    if page.locator("checkout-panel").count():
        page.locator("section.checkout-panel").wait_for()
    if page.locator("checkout-form, card-form").count():
        expect(page.get_by_test_id("pay")).to_be_enabled()


def _as(page: Page, shop: Shop, client: Client) -> None:
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "url": shop.url, "value": value}])


def _browser_of(person: User) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(person)
    return visitor


def test_what_is_there(page: Page, shop: Shop, ada: User) -> None:
    things = adas_things.of(ada)
    _as(page, shop, _browser_of(ada).client)
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

    _as(page, shop, _browser_of(bo).client)
    for _ in _pages(page, shop.url, [*EACH_HIS_OWN, *SIGNED_IN]):
        axe.finds_nothing_in_either_light(page, "Bo, who has nothing")


def test_what_is_refused(page: Page, shop: Shop, ada: User) -> None:
    """Each answer is made without the page that asks for it, and shown at its address."""
    order = adas_things.of(ada).order
    stranger, asked, adas, elsewhere = Visitor(), Visitor(), _browser_of(ada), _browser_of(ada)
    signing_in.ask(asked, "bo@example.com")
    elsewhere.post_form("/account/address/", email="ada@elsewhere.example")
    company = f"/orders/{order.reference}/company/"
    answers = {
        "no address": stranger.post_form("/account/sign-in/", email="no address"),
        "a wrong code": asked.post_form("/account/sign-in/", code="0000 0000"),
        "a new address that is none": adas.post_form("/account/address/", email="no address"),
        "a wrong code for it": elsewhere.post_form("/account/address/", code="0000 0000"),
        "a company without a name": adas.post_form(company, country="DE", tax_id="DE1"),
        "a passkey that is none": adas.post_form("/account/passkeys/", credential="{}"),
        "a way in of somebody else's": adas.get("/account/with/?done=taken&by=kakao"),
        "a way in that is none": stranger.get("/account/sign-in/?told=failed&by=naver"),
        "a withdrawal from nothing": stranger.post_form("/withdraw/", reference="", email="no address"),
        "a day that is none": stranger.post_form("/orders/", email="no address", on="yesterday"),
        "a coupon that is none": stranger.get("/checkout/videos/noon/?coupon=NOTHING"),
        "a form of another page": stranger.client.post("/account/sign-in/", {"email": "ada@example.com"}),
        "not to be read": stranger.get("/?a=%00"),
        "not there": stranger.get("/orders/made-up/"),
    }
    bodies = {what: answer.content.decode() for what, answer in answers.items()}
    bodies["torn"] = get_template("500.html").render()
    Selling.objects.create(pk=1, mode=Selling.Mode.READ_ONLY)
    bodies["a closed till"] = stranger.get("/checkout/videos/noon/").content.decode()
    bodies["a closed shop's form"] = stranger.post_form(
        "/withdraw/", reference=order.reference, email=ada.email
    ).content.decode()

    for what, body in bodies.items():
        assert 'role="alert"' in body or 'class="statement"' in body or "Closed for a moment" in body, what
        _show(page, shop, body)
        axe.finds_nothing_in_either_light(page, what)


def test_some_of_the_office(page: Page, shop: Shop, cho: User, ada: User) -> None:
    things = adas_things.of(ada)
    _as(page, shop, office.signed_in(cho))
    right = Entitlement.objects.get(reference=things.order.reference)
    paths = [
        reverse("admin:index"),
        office.page(Order),
        office.page(Order, "change", things.order.pk),
        office.page(Entitlement),
        office.page(Entitlement, "change", right.pk),
        reverse("admin:videos_video_watched", args=[right.video_id]),
    ]

    seen = []
    for path in _pages(page, shop.url, [path.removeprefix("/") for path in paths]):
        axe.finds_nothing_in_either_light(page, "the office")
        seen.append(path)

    assert len(seen) == len(paths)


def _show(page: Page, shop: Shop, body: str) -> None:
    """A page that came by another way, as this browser shows it."""
    address = f"{shop.url}/refused/"

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route(address, answer)
    page.goto(address)
    page.unroute(address)
    if page.locator("checkout-form").count():
        expect(page.get_by_test_id("pay")).to_be_enabled()
