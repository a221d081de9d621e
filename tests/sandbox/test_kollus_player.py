"""The player in a real browser, framed by a page of another origin."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests.sandbox.kollus_shop import KollusShop
from tests.sandbox.kollus_stage import MCKEY, QUERY, KollusStage, wait_for
from tests.sandbox_client import Sandbox

FRAMES = "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
TIME = "document.querySelector('video').currentTime"
# Where the film was taken to: true however late one looks.
NOTE_JUMPS = """() => {
    window.jumps = []
    const video = document.querySelector("video")
    video.addEventListener("seeking", () => jumps.push(Math.round(video.currentTime)))
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(locale="en-US")
    page.set_default_timeout(30_000)
    wrongs: list[str] = []
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.on("console", lambda said: wrongs.append(said.text) if said.type == "error" else None)
    yield page
    page.close()
    assert wrongs == []


@pytest.fixture
def stage(sandbox: Sandbox) -> Iterator[KollusStage]:
    with KollusShop() as shop:
        stage = KollusStage(sandbox, shop)
        yield stage
        stage.close()


def mount(page: Page, stage: KollusStage, query: str = QUERY, **claims: Any) -> Frame:
    """Open the shop's page with the player in it, and shake hands as the controller does."""
    page.goto(stage.shop.page_url)
    with page.expect_event("framenavigated", lambda frame: "kollus.localhost" in frame.url) as arrived:
        page.evaluate("address => { player.src = address }", stage.link(query, **claims))
    frame: Frame = arrived.value
    frame.wait_for_load_state()
    page.evaluate("say('c_initialize', '1.1.15')")
    page.wait_for_function("heard.some(({ event_name }) => ['e_ready', 'e_error'].includes(event_name))")
    return frame


def until(frame: Frame, claim: str) -> None:
    """Wait by asking again and again: the player's CSP forbids the `eval` that `wait_for_function` needs."""

    def is_so() -> bool:
        frame.page.wait_for_timeout(50)
        return bool(frame.evaluate(claim))

    wait_for(is_so)


def heard(page: Page, name: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = page.evaluate("name => heard.filter((m) => m.event_name === name)", name)
    return said


def until_heard(page: Page, name: str) -> dict[str, Any]:
    page.wait_for_function("name => heard.some((m) => m.event_name === name)", arg=name)
    return heard(page, name)[-1]


def start(page: Page) -> None:
    """Begin to play: what comes before is not heeded."""
    page.evaluate("say('c_play', null)")
    until_heard(page, "e_play")


def test_an_allowed_viewer_sees_the_film_move(page: Page, stage: KollusStage) -> None:
    frame = mount(page, stage)
    assert frame.evaluate(FRAMES) == 0

    frame.get_by_role("button", name="Play").click()
    until(frame, f"{TIME} > 1")

    assert frame.evaluate(FRAMES) > 0
    assert [form["kind"] for form in stage.shop.played] == ["1", "3"]
    assert stage.state()["licences"] == 1


def test_a_refused_viewer_sees_no_frame_and_the_shops_words(page: Page, stage: KollusStage) -> None:
    stage.shop.answer = lambda form: {"result": 0, "message": "Your rental ended yesterday."}
    frame = mount(page, stage)

    frame.get_by_role("button", name="Play").click()
    notice = frame.get_by_role("alert")
    notice.wait_for()

    assert "8673" in notice.inner_text() and "Your rental ended yesterday." in notice.inner_text()
    error = until_heard(page, "e_error")["data"]
    assert error == {"code": 8673, "message": "Your rental ended yesterday.", "param": ""}
    page.wait_for_timeout(500)
    assert frame.evaluate(FRAMES) == 0
    assert stage.state()["licences"] == 0


def test_the_page_around_drives_the_player(page: Page, stage: KollusStage) -> None:
    origin = f"http://kollus.localhost:{stage.sandbox.port}"
    frame = mount(page, stage)
    greeting = [message["event_name"] for message in page.evaluate("heard")]
    assert greeting[:2] == ["e_initialized", "e_connected"] and greeting[-1] == "e_ready"
    assert heard(page, "e_initialized")[0] == {
        "event_name": "e_initialized",
        "uid": "kollus-postmessage-0",
        "data": "v4",
        "origin": origin,
    }

    start(page)
    frame.evaluate(NOTE_JUMPS)
    page.evaluate("say('c_play', 6)")
    until_heard(page, "e_seeked")
    page.evaluate("heard.length = 0")
    until_heard(page, "e_progress")
    for name, data in (
        ("c_set_volume", 30),
        ("c_mute", None),
        ("c_set_speed", "1.5"),
        ("c_is_connected", None),
    ):
        page.evaluate("([name, data]) => say(name, data)", [name, data])
    page.evaluate("say('c_pause')")
    until_heard(page, "e_pause")

    progress = heard(page, "e_progress")[0]["data"]
    assert progress["percent"] == int(100 * progress["position"] / 24)
    assert (progress["position"] > 6, progress["duration"]) == (True, 24)
    assert frame.evaluate("jumps") == [6]
    assert heard(page, "e_volumechange")[-1]["data"] == 30
    assert heard(page, "e_muted")[-1]["data"] is True
    assert heard(page, "e_speedchange")[-1]["data"] == 1.5
    assert len(heard(page, "e_connected")) == 1
    page.evaluate("say('c_set_current_time', 12)")
    until_heard(page, "e_seeked")
    until(frame, f"{TIME} === 12")


def test_no_seek_is_heeded_before_the_first_play(page: Page, stage: KollusStage) -> None:
    frame = mount(page, stage)
    frame.evaluate(NOTE_JUMPS)

    page.evaluate("say('c_set_current_time', 12)")
    page.evaluate("say('c_play', 15)")

    until(frame, f"{TIME} > 0.5")
    assert frame.evaluate("jumps") == []


def test_captions_are_told_of_chosen_and_taken_away(page: Page, stage: KollusStage) -> None:
    content = {"mckey": MCKEY, "duration": 24, "captions": ["English", "한국어"]}
    stage.configure(contents=[content])
    frame = mount(page, stage)
    tracks = "[...document.querySelector('video').textTracks]"
    shown = f"{tracks}.filter((each) => each.mode === 'showing').map((each) => each.label).join()"

    assert json.loads(until_heard(page, "e_fetch_main_media_subtitles")["data"]) == [
        {"subtitle_name": "English", "subtitle_language_code": "en", "default": True},
        {"subtitle_name": "한국어", "subtitle_language_code": "ko", "default": False},
    ]
    assert frame.evaluate(shown) == "English"
    page.evaluate("say('c_set_current_subtitle', 1)")
    until(frame, f"{shown} === '한국어'")
    page.evaluate("say('c_set_current_subtitle', 2)")
    page.evaluate("say('c_set_subtitle_visibility', false)")
    assert until_heard(page, "e_subtitlevisibilitychange")["data"] is False
    assert frame.evaluate(shown) == ""


def test_a_stretch_is_repeated_and_the_picture_set(page: Page, stage: KollusStage) -> None:
    frame = mount(page, stage)
    start(page)

    page.evaluate("say('c_set_sectiontime', { type: 1, value: 8 })")
    page.evaluate("say('c_set_sectiontime', { type: 2, value: 9 })")
    assert until_heard(page, "e_repeat_stat_change")["data"]["status"] in ("start", "end")
    frame.evaluate(NOTE_JUMPS)
    page.evaluate("say('c_set_current_time', 8)")
    until(frame, "jumps.length > 2")
    assert set(frame.evaluate("jumps")) == {8}
    page.evaluate("say('c_set_brightness', 20)")
    page.evaluate("say('c_set_contrast', 200)")

    assert until_heard(page, "e_videosettingchange")["data"] == {
        "brightness": 20,
        "contrast": 0,
        "saturation": 0,
    }
    assert heard(page, "e_repeat_stat_change")[-1]["data"] == {"status": "end", "start": 8, "end": 9}


@pytest.mark.parametrize(
    "said", ["'c_set_speed', 1.5", "'c_set_current_time', 6.5", "'c_set_current_time', '6'"]
)
def test_what_the_official_script_would_not_send_is_not_obeyed(
    page: Page, stage: KollusStage, said: str
) -> None:
    frame = mount(page, stage)
    start(page)

    page.evaluate(f"say({said})")
    page.evaluate("say('c_set_volume', 30)")  # comes after it
    until_heard(page, "e_volumechange")

    assert frame.evaluate("document.querySelector('video').playbackRate") == 1
    assert not heard(page, "e_seeking")


def test_a_stranger_on_the_page_is_not_obeyed(page: Page, stage: KollusStage) -> None:
    mount(page, stage)

    page.evaluate("say('c_play', null, 'another-uid')")
    page.wait_for_timeout(300)

    assert stage.shop.played == []


def test_what_was_played_is_reported_to_the_end(page: Page, stage: KollusStage) -> None:
    mount(page, stage, "&uservalue0=ref.mac&s=21")

    page.evaluate("say('c_play', null)")
    until_heard(page, "e_done")

    last = wait_for(lambda: [r for r in stage.state()["reports"] if r["event"] == "done"])[-1]["json_data"]
    assert last["content_info"]["playtime"] == last["content_info"]["real_playtime"] == 3
    assert last["content_info"]["last_play_at"] == 24
    assert heard(page, "e_progress")[-1]["data"]["percent"] == 100
    assert wait_for(lambda: stage.shop.reported)


def test_leaving_the_page_reports_what_was_seen(page: Page, stage: KollusStage) -> None:
    stage.configure(lms_interval_seconds=60)
    frame = mount(page, stage)
    page.evaluate("say('c_play', null)")
    until(frame, f"{TIME} > 1")

    page.evaluate("player.remove()")

    report = wait_for(lambda: stage.state()["reports"])[0]
    assert report["event"] == "leave"
    assert report["json_data"]["content_info"]["playtime"] >= 1


def test_a_long_film_is_there_to_its_last_minute(page: Page, stage: KollusStage) -> None:
    stage.configure(contents=[{"mckey": "Ab3dEf7h", "duration": 5400}])
    frame = mount(page, stage)

    start(page)
    page.evaluate("say('c_play', 22)")
    until(frame, f"{TIME} > 25")
    page.evaluate("say('c_play', 5390)")
    until(frame, f"{TIME} > 5391")
    page.evaluate("say('c_set_current_time', 2700)")
    until(frame, f"{TIME} > 2701 && {TIME} < 2800")

    assert frame.evaluate("document.querySelector('video').duration") == 5400


def test_the_viewer_is_asked_before_resuming(page: Page, stage: KollusStage) -> None:
    frame = mount(page, stage, "&t=12&autoplay")

    frame.get_by_role("button", name="Continue from 0:12").click()

    until(frame, f"{TIME} > 12.5")


def test_the_film_stops_when_the_shops_time_is_over(page: Page, stage: KollusStage) -> None:
    stage.shop.answer = lambda form: {"result": 1, "expiration_playtime": 2}
    frame = mount(page, stage, "&autoplay")

    assert until_heard(page, "e_error")["data"]["code"] == 8686
    assert frame.get_by_role("alert").is_visible()


def test_the_browser_can_be_the_one_who_asks(page: Page, stage: KollusStage) -> None:
    stage.configure(callback_from="browser")
    frame = mount(page, stage)

    page.evaluate("say('c_play', null)")
    until(frame, f"{TIME} > 1")

    assert [form["kind"] for form in stage.shop.played] == ["1", "3"]


def test_a_refused_link_tells_the_page_around(page: Page, stage: KollusStage) -> None:
    mount(page, stage, expt=1_700_000_000)

    assert until_heard(page, "e_error")["data"]["code"] == 4085
