"""The film plays, or the stage says why and what to do; nothing of what was seen is lost."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser import cinema
from tests.browser.cinema import Visit
from tests.conftest import Shop
from videos.models import PlaybackSession, Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
FILM = "/videos/noon/"
_POSITION = "video => video.currentTime"


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.film_on_sale("noon")
    shop.announce(made)
    return made


@pytest.fixture
def watching(page: Page, shop: Shop, film: Video) -> Visit:
    """Ada has bought the film, and it plays."""
    visit = Visit.begin(page, shop, FILM)
    visit.fill(cinema.PLAIN)
    visit.pay()
    visit.expect_film()
    return visit


def fail_with(visit: Visit, code: int) -> None:
    """The player says this code, as Kollus' own does: to the page around it, and with a minus."""
    said = {"event_name": "e_error", "uid": "kollus-postmessage-1", "data": -code}
    visit.page.frame_locator("[data-testid=player]").locator("video").evaluate(
        "(video, said) => parent.postMessage(said, '*')", json.dumps(said)
    )


def watch_until(visit: Visit, seconds: float) -> None:
    video = visit.page.frame_locator("[data-testid=player]").locator("video")
    for _ in range(150):
        if video.evaluate(_POSITION) >= seconds:
            return
        visit.page.wait_for_timeout(100)
    raise AssertionError(f"the film stands at {video.evaluate(_POSITION)}")


@pytest.mark.parametrize(
    ("code", "prefix", "words", "act"),
    [
        (8479, "", "playing somewhere else", "Play again"),
        (8464, "", "limit of devices", "Write to us"),
        (8675, "/ko", "기간이 끝났어요", "페이지 새로 고침"),
        (1234, "", "we don't know why yet (1234)", "Play again"),
    ],
)
def test_a_film_that_does_not_start_says_why_and_what_to_do(
    page: Page, shop: Shop, film: Video, code: int, prefix: str, words: str, act: str
) -> None:
    shop.world.faults(kollus={"error_code": code})
    visit = Visit.begin(page, shop, prefix + FILM)
    visit.fill(cinema.PLAIN)

    visit.pay()

    message = page.get_by_role("alert").filter(has_text=words)
    expect(message).to_be_visible(timeout=15_000)
    assert message.locator("p").count() == 1
    expect(message.locator("button, a")).to_have_text(act)
    expect(message.locator("button, a")).to_be_focused()


def test_a_link_that_ran_out_is_renewed_and_the_film_goes_on_where_it_stopped(watching: Visit) -> None:
    watch_until(watching, 3)

    fail_with(watching, 4085)
    watching.page.get_by_role("button", name="Play again").click()

    watching.expect_film()
    watch_until(watching, 3)
    assert watching.page.frame_locator("[data-testid=player]").locator("video").evaluate(_POSITION) < 8
    assert PlaybackSession.objects.count() == 1, "the same viewing"


def test_a_film_goes_on_by_itself_once_the_network_is_back(watching: Visit) -> None:
    watching.page.context.set_offline(True)
    fail_with(watching, 1018)
    expect(watching.page.get_by_role("alert")).to_contain_text("as soon as it is back")
    watching.page.get_by_role("button", name="Try again").click()
    expect(watching.page.get_by_role("alert")).to_contain_text("Your purchase is safe")

    watching.page.context.set_offline(False)

    watching.expect_film()
    expect(watching.page.locator(".stage__message")).to_have_count(0)


def test_who_has_lost_the_session_is_told_to_reload(watching: Visit) -> None:
    watching.page.reload()
    watching.page.context.clear_cookies()

    watching.page.get_by_test_id("watch-here").click()

    expect(watching.page.get_by_role("button", name="Reload the page")).to_be_focused()


def test_a_message_lies_over_nothing_that_can_still_be_reached(watching: Visit, shop: Shop) -> None:
    watching.page.reload()
    watching.page.route("**/api/v1/playback/", lambda route: route.abort())

    watching.page.get_by_test_id("watch-here").click()

    expect(watching.page.get_by_role("button", name="Try again")).to_be_focused()
    expect(watching.page.get_by_test_id("watch-here")).to_be_hidden()
