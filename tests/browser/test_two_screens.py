"""One person, two browsers: the film moves to where it is wanted, and the other says where it went."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from tests import factories
from tests.browser import axe
from tests.browser.cinema import Visit
from tests.concurrency.racing import until
from tests.conftest import Shop
from videos.models import StreamLease, Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
FILM = "/videos/noon/"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def film(shop: Shop, ada: User) -> Video:
    made = factories.video("noon", duration_seconds=600)  # which does not end meanwhile
    factories.gift(made, ada)
    shop.announce(made)
    return made


def at_home(open_page: OpenPage, shop: Shop, ada: User, *, prefix: str = "", **options: object) -> Visit:
    """A browser of Ada's, signed in, on the film's page."""
    client = Client()
    client.force_login(ada)
    page = open_page(**options)
    page.context.add_cookies(
        [{"name": "sessionid", "url": shop.url, "value": client.cookies["sessionid"].value}]
    )
    return Visit.begin(page, shop, prefix + FILM)


def stops(shop: Shop) -> list[int | None]:
    """By which code each player was stopped, of all that started."""
    return [start["stopped"] for start in shop.world.report(only="kollus")["kollus"]["starts"]]


def told(visit: Visit) -> str:
    message = visit.page.get_by_role("alert")
    expect(message).to_be_visible()
    expect(message.get_by_role("button")).to_be_focused()
    axe.finds_nothing_in_either_light(visit.page)
    return message.inner_text()


def test_the_film_moves_to_where_it_is_wanted_and_back(
    open_page: OpenPage, shop: Shop, film: Video, ada: User
) -> None:
    home = at_home(open_page, shop, ada)
    phone = at_home(
        open_page, shop, ada, prefix="/ko", user_agent=PHONE, viewport={"width": 390, "height": 844}
    )
    home.page.get_by_test_id("watch-here").click()
    home.expect_film()

    until(StreamLease.objects.filter(beaten_at__gt=timezone.now()).exists)  # or it were silent for too long
    phone.page.get_by_test_id("watch-here").click()
    said = told(phone)
    assert "Chrome · Linux에서" in said
    assert "대신 여기서 보기" in said
    home.expect_film()
    phone.page.get_by_test_id("watch-here").click()

    phone.expect_film()
    assert "on Chrome · Android now." in told(home)
    expect(home.page.get_by_test_id("player")).to_have_count(0)
    home.page.get_by_role("button", name="Take it back").click()
    home.expect_film()
    assert "Chrome · Linux에서" in told(phone)


def test_the_film_moves_beside_kollus_own_block_of_a_second_device(
    open_page: OpenPage, shop: Shop, film: Video, ada: User
) -> None:
    shop.world.faults(kollus={"duplicates": {"policy": "one"}})
    home = at_home(open_page, shop, ada)
    phone = at_home(open_page, shop, ada, user_agent=PHONE, viewport={"width": 390, "height": 844})
    home.page.get_by_test_id("watch-here").click()
    home.expect_film()
    until(StreamLease.objects.filter(beaten_at__gt=timezone.now()).exists)
    phone.page.get_by_test_id("watch-here").click()
    told(phone)
    held: list[Route] = []
    home.page.route("**/beat/", lambda route: held.append(route))  # it hears nothing yet

    phone.page.get_by_test_id("watch-here").click()

    until(lambda: stops(shop) == [None, 8479])
    home.page.unroute("**/beat/")  # which lets go what was held
    phone.expect_film()
    assert "on Chrome · Android now." in told(home)
    assert stops(shop) == [None, 8479, None], "refused, until the other was gone"


def test_a_page_that_is_left_keeps_nobody_waiting(
    open_page: OpenPage, shop: Shop, film: Video, ada: User
) -> None:
    home = at_home(open_page, shop, ada)
    home.page.get_by_test_id("watch-here").click()
    home.expect_film()

    home.page.goto(shop.url)
    until(lambda: not StreamLease.objects.exists())

    phone = at_home(open_page, shop, ada, user_agent=PHONE)
    phone.page.get_by_test_id("watch-here").click()
    phone.expect_film()


def test_a_reload_goes_on_without_a_question(open_page: OpenPage, shop: Shop, film: Video, ada: User) -> None:
    home = at_home(open_page, shop, ada)
    home.page.get_by_test_id("watch-here").click()
    home.expect_film()

    home.page.reload()
    home.page.get_by_test_id("watch-here").click()

    home.expect_film()
