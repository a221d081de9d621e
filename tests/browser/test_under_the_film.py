"""While a film plays: keys, captions, speed, chapters, the next film, and whatever may come between."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from pytest_django import Settings

from tests import factories
from tests.browser import axe, cinema
from tests.browser.cinema import Visit
from tests.concurrency import racing
from tests.conftest import Shop
from videos.models import Chapter, Entitlement, PlaybackSession, Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
FILM = "/videos/noon/"
LENGTH_SECONDS = 240  # which does not end before a test means it to
_TIME = "video => video.currentTime"
# Of what stands in the film's column: the panel beside it becomes a receipt, which is shorter.
_OBSERVE_SHIFTS = """
window.__shifts = []
const element = (node) => (node?.nodeType === 1 ? node : node?.parentElement)
const note = (entries) => entries.forEach(({ hadRecentInput, sources }) => {
  const moved = sources.map(({ node }) => element(node)).filter((each) => each?.closest(".video-page__film"))
  if (!hadRecentInput) window.__shifts.push(...moved.map((each) => each.outerHTML.slice(0, 100)))
})
const observer = new PerformanceObserver((list) => note(list.getEntries()))
observer.observe({ type: "layout-shift", buffered: true })
window.__moved = () => (note(observer.takeRecords()), __shifts)
"""
# A phone that is turned lays its page out anew. Chromium forgives that for half a second, too short for a
# slow machine: what moved until all of it has stood still for some frames is the turning's, and forgotten.
_COME_TO_REST = """async (width) => {
  const parts = document.querySelectorAll(".video-page__film, .video-page__film *")
  const place = ({ x, y, width, height }) => [x, y, width, height]
  const places = () => [...parts].map((each) => place(each.getBoundingClientRect())).join()
  for (let last = "", still = 0; still < 10 || innerWidth !== width; ) {
    await new Promise(requestAnimationFrame)
    const now = places()
    still = now === last ? still + 1 : 0
    last = now
  }
  __moved().length = 0
}"""
# Where a film began, and where it was taken to: true however late one looks.
_BEGAN_AT = "({ played }) => played.length ? played.start(0) : -1"
_NOTE_JUMPS = """video => {
  window.__jumps = []
  video.addEventListener("seeking", () => __jumps.push(Math.round(video.currentTime)))
}"""

_OWN_CLOCK = """{
  const now = Date.now
  window.__ahead = -31536e6
  Date.now = () => now() + __ahead
}"""
_TO_BACKGROUND = """() => {
  Object.defineProperty(document, "hidden", { configurable: true, value: true })
  document.dispatchEvent(new Event("visibilitychange"))
}"""
_TO_FOREGROUND = """() => {
  delete document.hidden
  document.dispatchEvent(new Event("visibilitychange"))
}"""


@pytest.fixture
def film(shop: Shop) -> Video:
    made = factories.video("noon", duration_seconds=LENGTH_SECONDS)
    factories.offer(made)
    factories.offer(made, "rent", usd=390, krw=4900)
    for start_seconds, title in ((0, "Noon"), (9, "The bell"), (LENGTH_SECONDS - 3, "Shadows")):
        Chapter.objects.create(video=made, language="en", start_seconds=start_seconds, title=title)
    shop.announce(made)
    return made


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("[data-testid=player]")


def until(page: Page, claim: Callable[[float], bool], what: str) -> None:
    """Wait until the film stands where it should."""
    video = inside(page).locator("video")
    for _ in range(300):
        if claim(at := video.evaluate(_TIME)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{what}: the film stands at {at}")


def press_chapter(page: Page, title: str, second: int) -> None:
    """Of a film that plays."""
    video = inside(page).locator("video")
    video.evaluate(_NOTE_JUMPS)
    page.get_by_role("button", name=title).click()
    racing.until(lambda: second in video.evaluate("() => __jumps"))


def jump(page: Page, second: float) -> None:
    inside(page).locator("video").evaluate("(video, second) => { video.currentTime = second }", second)


def lose_player(page: Page) -> None:
    """As a device does that is short of memory."""
    page.get_by_test_id("player").evaluate("frame => (frame.src = 'about:blank')")


def expect_found_again(visit: Visit) -> None:
    expect(visit.page.get_by_test_id("player")).to_have_attribute("src", re.compile(r"&s=\d+$"))
    visit.expect_film()


def turn(page: Page, width: int, height: int) -> None:
    """As a phone is turned; what the page moved by itself until now was observed."""
    assert page.evaluate("__moved()") == []
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(_COME_TO_REST, width)


def buy(visit: Visit, *, offer: str = "Own") -> None:
    visit.wait_for_form()
    visit.page.get_by_role("radio", name=offer).click()
    visit.fill(cinema.PLAIN)
    visit.pay()
    visit.expect_film()


def expect_said(page: Page, words: str) -> None:
    expect(page.locator("[data-part=said]")).to_have_text(words)


def test_keys_and_buttons_drive_the_film_and_what_they_did_is_read_out(
    page: Page, shop: Shop, film: Video
) -> None:
    page.add_init_script(_OBSERVE_SHIFTS)
    visit = Visit.begin(page, shop, FILM)
    assert page.locator("button.chapter").count() == 0, "there is nothing to press yet"
    buy(visit)
    press = page.keyboard.press

    expect(page.locator(".stage")).to_be_focused()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert page.evaluate("__moved()") == [], "the buttons came into their own room"
    press("Space")
    expect_said(page, "Paused.")
    press("Space")
    expect_said(page, "Playing.")
    press(">")
    expect_said(page, "Speed 1.5.")
    expect(page.get_by_role("combobox", name="Speed")).to_have_value("1.5")
    press("<")
    expect_said(page, "Speed 1.")
    press("c")
    expect_said(page, "No captions.")
    press("c")
    expect_said(page, "Captions: English.")
    page.get_by_role("combobox", name="Captions").select_option(label="한국어")
    expect_said(page, "Captions: 한국어.")
    page.locator(".stage").focus()
    page.locator(".stage").dispatch_event("keydown", {"key": "ㅡ", "code": "KeyM", "bubbles": True})
    expect_said(page, "Sound off.")
    press("ArrowDown")
    expect_said(page, "Volume 90%.")
    press("?")
    expect(page.locator("#player-keys")).to_contain_text("captions off or on")
    axe.finds_nothing_in_either_light(page, "a film plays, its keys are shown")

    press_chapter(page, "The bell", 9)
    expect(page.get_by_role("button", name="The bell")).to_have_attribute("aria-current", "true")
    press("ArrowRight")
    expect_said(page, "Ten seconds on.")
    until(page, lambda at: at >= 18, "ten seconds on")
    visit.witness.swear()


def test_a_rental_tells_its_hours_and_a_chapter_begins_the_film_there(
    page: Page, shop: Shop, film: Video
) -> None:
    buy(Visit.begin(page, shop, FILM), offer="Rent")
    expect(page.locator("[data-part=note]")).to_have_text("47 hours left")

    page.reload()
    page.get_by_role("button", name="The bell").click()

    until(page, lambda at: at > 9, "the chapter")
    assert inside(page).locator("video").evaluate(_BEGAN_AT) == 9
    expect(page.locator("[data-part=note]")).to_have_text("47 hours left")


def test_the_end_asks_for_the_next_film_and_begins_none_by_itself(
    page: Page, shop: Shop, film: Video
) -> None:
    following = factories.video("dusk")
    course = factories.collection(film, following, slug="course")
    factories.offer(course)
    shop.announce(film, following)
    visit = Visit.begin(page, shop, "/collections/course/")
    visit.fill(cinema.PLAIN)
    visit.pay()
    visit.expect_film()
    page.goto(shop.url + FILM)

    page.get_by_role("button", name="Shadows").click()
    question = page.get_by_role("group", name="Next film")
    expect(question.get_by_role("link", name="Watch it now")).to_be_focused()
    expect(question).to_contain_text(following.title)
    axe.finds_nothing_in_either_light(page, "the next film is offered")
    question.get_by_role("button", name="Stop here").click()
    expect(page.locator(".stage")).to_be_focused()
    assert PlaybackSession.objects.filter(video=following).count() == 0

    page.get_by_role("button", name="Shadows").click()
    expect(question).to_be_visible()
    question.get_by_role("link", name="Watch it now").click()
    page.wait_for_url("**/videos/dusk/")
    Visit(page, shop, visit.witness).expect_film()


def test_whatever_comes_between_it_comes_back_where_it_was(
    page: Page, shop: Shop, film: Video, settings: Settings
) -> None:
    """On a phone whose clock is a year behind, and then jumps two years ahead."""
    settings.KOLLUS_LINK_SECONDS = 15
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(_OWN_CLOCK)
    visit = Visit.begin(page, shop, FILM)
    with page.expect_response(re.compile("/link/$"), timeout=60_000) as renewed:
        buy(visit)
        settings.KOLLUS_LINK_SECONDS = 300  # the first link alone is so short
        page.evaluate("__ahead = 31536e6")
        page.keyboard.press(">")
        expect_said(page, "Speed 1.5.")
    assert renewed.value.status == 200
    first_link_ends = PlaybackSession.objects.get().opened_at + timedelta(seconds=15)
    answered = parsedate_to_datetime(renewed.value.headers["date"])
    assert answered < first_link_ends, "in time by the shop's clock, whatever the device's says"
    page.context.set_offline(True)
    expect(page.locator("[data-part=note]")).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(page.locator("[data-part=note]")).to_contain_text("The connection is back")
    press_chapter(page, "The bell", 9)
    until(page, lambda at: at > 10, "the chapter")

    lose_player(page)

    expect_found_again(visit)
    until(page, lambda at: at > 9, "where it was")
    expect(page.get_by_role("combobox", name="Speed")).to_have_value("1.5")
    until(page, lambda at: at > 14, "it goes on")

    renewals: list[str] = []
    page.on("response", lambda answer: renewals.extend(re.findall("/link/$", answer.url)))
    page.evaluate(_TO_BACKGROUND)
    lose_player(page)
    page.evaluate("__ahead += 36e5")  # asleep for an hour
    with page.expect_response(re.compile("/link/$")):
        page.evaluate(_TO_FOREGROUND)

    expect_found_again(visit)
    assert len(renewals) == 2, "the link at once, then the player's"
    assert PlaybackSession.objects.count() == 1, "the same viewing"


def test_anybody_sees_the_first_seconds_and_loses_nothing_by_it(
    open_page: OpenPage, shop: Shop, film: Video
) -> None:
    Video.objects.update(preview_seconds=60)
    page = open_page(viewport={"width": 390, "height": 844})
    page.add_init_script(_OBSERVE_SHIFTS)
    visit = Visit.begin(page, shop, FILM)
    visit.wait_for_form()

    page.get_by_test_id("preview").click()
    visit.expect_film()
    assert not Entitlement.objects.exists() and not PlaybackSession.objects.exists()
    turn(page, 844, 390)
    expect(inside(page).locator("video")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 844
    expect(page.locator(".stage")).to_be_in_viewport(ratio=0.9)
    turn(page, 390, 844)
    jump(page, 59.5)

    expect(page.get_by_test_id("preview")).to_be_focused()
    expect_said(page, "That was the preview.")
    expect(page.locator(".stage img, .stage")).not_to_have_count(0)
    expect(page.get_by_test_id("player")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe.finds_nothing_in_either_light(page, "a preview is over")

    buy(visit)
    jump(page, 60)
    until(page, lambda at: at > 60.5, "past what was free")
    assert page.evaluate("__moved()") == []
    visit.witness.swear()
