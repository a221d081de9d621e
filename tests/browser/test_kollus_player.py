"""A film for Kollus' own player, from its page: words that promise nothing, a press that tries again."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from accounts.models import User
from tests import factories
from tests.browser import axe, cinema
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
FILM = "/videos/dusk/"


@pytest.fixture
def page_of_film(shop: Shop, ada: User, open_page: Callable[..., Page]) -> Page:
    """Ada's page of a film that was given to her."""
    film = factories.video("dusk", protection="kollus")
    factories.gift(film, ada)
    shop.announce(film)
    page = open_page()
    cinema.sign_in(page, shop, ada.email)
    page.goto(shop.url + FILM)
    return page


def test_without_the_player_the_page_says_what_to_do_and_with_it_the_film_plays(
    page_of_film: Page, shop: Shop
) -> None:
    page = page_of_film
    expect(page.get_by_text("I have it now: play")).to_be_visible()
    expect(page.locator("[data-handed-over]")).to_be_empty()

    page.get_by_test_id("watch-here").click()

    expect(page.locator(".stage__message")).to_contain_text(
        "The Kollus player on this computer does not answer"
    )
    axe.finds_nothing_in_either_light(page, "no player answers")
    shop.world.faults(kollus={"device": {"agent": True}})
    page.get_by_text("I have it now: play").click()
    video = page.frame_locator("[data-testid=player]").locator("video")
    expect(video).to_have_js_property("paused", False)
    shop.world.faults(kollus={"device": None})


def test_on_a_phone_the_film_is_handed_over_and_nothing_is_claimed(page_of_film: Page) -> None:
    page, tries = page_of_film, []

    def answered(route: Route) -> None:
        tries.append(json.loads(route.request.post_data or "{}"))
        told = {"session": "s", "url": "about:blank", "seconds": 300, "resume_seconds": 0}
        route.fulfill(json=told | {"app_url": f"#handed-over-{len(tries)}"})

    page.route("**/api/v1/playback/", answered)

    page.get_by_test_id("watch-here").click()
    page.wait_for_url("**#handed-over-1")
    page.get_by_text("I have it now: play").press("Enter")
    page.wait_for_url("**#handed-over-2")

    expect(page.locator("[data-handed-over]")).to_contain_text(
        "If nothing opened, install it first, then press the button below."
    )
    axe.finds_nothing_in_either_light(page, "handed over")
    expect(page.get_by_test_id("player")).to_have_count(0)
    assert [each["video"] for each in tries] == ["dusk", "dusk"]


def test_a_film_whose_licence_keys_are_missing_says_so(
    shop: Shop, ada: User, page: Page, settings: Settings
) -> None:
    factories.gift(factories.video("noon"), ada)
    settings.KOLLUS_DRM_SITE_ID = ""
    cinema.sign_in(page, shop, ada.email)
    page.goto(f"{shop.url}/videos/noon/")

    page.get_by_test_id("watch-here").click()

    expect(page.locator(".stage__message")).to_contain_text(
        "The film's protection has a wrong key. Write to us."
    )


def test_a_film_is_kept_from_its_page_and_removed_again(
    page_of_film: Page, shop: Shop, settings: Settings
) -> None:
    """The sandbox stands for the installed player, as in `make run`."""
    settings.OFFLINE_DAYS, settings.OFFLINE_PLAYS = 30, 10
    settings.KOLLUS_APP_BASE = f"{settings.KOLLUS_PLAYER_BASE}/app/"
    callbacks = f"http://127.0.0.1:{shop.port}/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}"
    shop.world.configure(
        kollus={"download_callback_url": f"{callbacks}/download/", "permits_downloads": True}
    )
    page = page_of_film
    page.reload()
    expect(page.locator("kept-film")).to_contain_text("It plays 10 times at most.")

    page.get_by_test_id("keep").press("Enter")

    expect(page.locator("kept-film [role=status]")).to_contain_text("Handed to the Kollus player")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    copies = page.get_by_test_id("on-devices")
    expect(copies).to_contain_text("10 plays left")
    expect(page.locator("kept-film [role=status]")).to_contain_text("It is kept.")
    assert page.url.endswith(FILM), "an app opens beside the page"
    axe.finds_nothing_in_either_light(page, "kept")
    copies.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text("The device deletes it")
    expect(copies).to_have_count(0)
