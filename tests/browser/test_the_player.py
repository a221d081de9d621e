"""The film plays, or the stage says why and what to do; nothing of what was seen is lost."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Route, expect

from tests import factories
from tests.browser import cinema
from tests.browser.cinema import Visit, fail_with
from tests.conftest import Shop
from videos.models import PlaybackSession, Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
FILM = "/videos/noon/"
LONG_AGO: Final = datetime(2026, 1, 1, tzinfo=UTC)
_POSITION = "video => video.currentTime"
_BEGAN_AT = "video => video.played.length ? video.played.start(0) : -1"


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.video("noon", duration_seconds=600)  # which does not end meanwhile
    factories.offer(made)
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


def watch_until(visit: Visit, seconds: float) -> None:
    video = visit.page.frame_locator("[data-testid=player]").locator("video")
    for _ in range(300):
        if video.evaluate(_POSITION) >= seconds:
            return
        visit.page.wait_for_timeout(100)
    raise AssertionError(f"the film stands at {video.evaluate(_POSITION)}")


def open_and_spoil(spoiled: dict[str, Any], route: Route) -> None:
    """What the shop keeps of a viewing is another by the time its link reaches the page."""
    answer = route.fetch()
    PlaybackSession.objects.filter(reference=answer.json()["session"]).update(**spoiled)
    route.fulfill(response=answer)


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
    expect(message).to_be_visible()
    assert message.locator("p").count() == 1
    expect(message.locator("button, a")).to_have_text(act)
    expect(message.locator("button, a")).to_be_focused()


def test_what_nobody_foresaw_twice_is_for_us_to_look_into(watching: Visit) -> None:
    fail_with(watching, 1234)
    watching.page.get_by_role("button", name="Play again").click()
    watching.expect_film()

    fail_with(watching, 1234, player=2)

    letter = watching.page.get_by_role("alert").get_by_role("link", name="Write to us")
    letter_text = unquote(letter.get_attribute("href") or "")
    assert letter_text.startswith("mailto:help@localhost?subject=It does not play: ")
    assert "(1234)" in letter_text
    assert "/videos/noon/" in letter_text
    assert "Chrome" in letter_text, "which browser it was"
    assert letter.evaluate("link => link.parentElement.querySelectorAll('a, button').length") == 1


def test_a_remedy_that_reloads_brings_the_page_anew(watching: Visit) -> None:
    watching.page.evaluate("window.isOld = true")
    fail_with(watching, 57208)

    watching.page.get_by_role("button", name="Reload the page").click()

    watching.page.get_by_test_id("watch-here").click()
    watching.expect_film()
    assert watching.page.evaluate("window.isOld") is None


def test_a_link_that_ran_out_is_renewed_and_the_film_goes_on_where_it_stopped(watching: Visit) -> None:
    watch_until(watching, 3)

    stopped_at = fail_with(watching, 4085)
    watching.page.get_by_role("button", name="Play again").click()

    watching.expect_film()
    began_at = watching.page.frame_locator("[data-testid=player]").locator("video").evaluate(_BEGAN_AT)
    assert max(1, stopped_at - 5) <= began_at <= stopped_at  # a player tells now and then where it is
    assert PlaybackSession.objects.count() == 1, "the same viewing"
    frame = watching.page.get_by_test_id("player")
    expect(frame).to_have_attribute("allow", "autoplay; encrypted-media; fullscreen; local-network-access")
    starts = watching.shop.world.report()["kollus"]["starts"]
    assert [start["host_name"] for start in starts] == ["localhost"] * 2, "Kollus may ask whose page it is"


def test_who_was_refused_for_the_link_alone_is_not_told_that_the_right_has_ended(watching: Visit) -> None:
    """The page was asleep, for instance: its link is spoiled before its player asks."""
    page = watching.page
    refused: dict[str, tuple[dict[str, Any], str, int]] = {
        "had run out": ({"link_until": LONG_AGO}, "Play again", 0),
        "Another player": ({"player_id": "P-0"}, "Watch here again", 1),
    }
    for words, (spoiled, act, begun_anew) in refused.items():
        page.reload()
        page.route("**/api/v1/playback/", partial(open_and_spoil, spoiled), times=1)
        page.get_by_test_id("watch-here").click()
        message = page.get_by_role("alert").filter(has_text=words)
        expect(message).to_be_visible()
        assert message.locator("p").count() == 1
        opened = PlaybackSession.objects.count()
        message.get_by_role("button", name=act).click()

        watching.expect_film()
        assert PlaybackSession.objects.count() == opened + begun_anew


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
