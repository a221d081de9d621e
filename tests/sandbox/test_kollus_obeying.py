"""What the token and the shop's answer forbid is forbidden, and can be read in the report."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.sandbox.kollus_drm import SITE, UPLOAD_FILE_KEY, policy, rule
from tests.sandbox.kollus_shop import KollusShop
from tests.sandbox.kollus_stage import MCKEY, KollusStage, wait_for
from tests.sandbox.test_kollus_player import NOTE_JUMPS, TIME, mount, start, until
from tests.sandbox_client import Sandbox

CONTENT = {"mckey": MCKEY, "duration": 24, "protection": "multi_drm", "upload_file_key": UPLOAD_FILE_KEY}
WATERMARK = {
    "code_kind": "client_user_id",
    "font_size": 14,
    "font_color": "FFFFFF",
    "show_time": 1,
    "hide_time": 1,
}


@pytest.fixture
def stage(sandbox: Sandbox) -> Iterator[KollusStage]:
    with KollusShop() as shop:
        stage = KollusStage(sandbox, shop)
        yield stage
        stage.world.faults(kollus={"device": None})
        stage.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(locale="en-US")
    page.set_default_timeout(30_000)
    yield page
    page.close()


def only_start(stage: KollusStage) -> dict[str, Any]:
    (start,) = stage.state()["starts"]
    found: dict[str, Any] = start
    return found


def test_the_player_keeps_to_what_the_token_forbids(page: Page, stage: KollusStage) -> None:
    item = {"mckey": MCKEY, "seek": False, "seekable_end": 6, "disable_playrate": True}
    frame = mount(page, stage, "&s=20", mc=[item], video_watermarking_code_policy=WATERMARK)

    until(frame, f"{TIME} === 6")  # not at 20, whatever the address says
    start(page)
    page.evaluate("say('c_play', 15)")
    until(frame, f"{TIME} > 6.2")
    page.evaluate("say('c_set_speed', '2.0')")
    frame.evaluate(NOTE_JUMPS)
    page.evaluate("say('c_set_current_time', 2)")
    until(frame, "jumps.includes(2)")

    assert frame.evaluate("document.querySelector('video').playbackRate") == 1
    assert frame.locator("#speed").is_disabled()
    until(frame, "!document.getElementById('watermark').hidden")
    assert frame.locator("#watermark").text_content() == "ada-1"
    wait_for(lambda: only_start(stage)["obeyed"]["seek_refused"] == 2)
    obeyed = wait_for(lambda: all(only_start(stage)["obeyed"].values()) and only_start(stage)["obeyed"])
    assert obeyed["seek_refused"] == 2 and obeyed["speed_refused"] == 1
    obeys = only_start(stage)["obeys"]
    assert (obeys["seek"], obeys["seekable_end"], obeys["speed"]) == (False, 6, False)
    assert obeys["watermark"] == {**WATERMARK, "text": "ada-1"}


def test_nothing_is_forbidden_where_nothing_is_said(stage: KollusStage) -> None:
    stage.open()

    obeys = only_start(stage)["obeys"]
    assert (obeys["seek"], obeys["speed"], obeys["watermark"], obeys["section"]) == (True, True, None, None)


@pytest.mark.parametrize("alpha", [256, "110", -1])
def test_a_watermark_of_other_types_is_4007(stage: KollusStage, alpha: object) -> None:
    facts = stage.open(video_watermarking_code_policy=WATERMARK | {"alpha": alpha})

    assert facts["error"]["code"] == 4007


@pytest.mark.parametrize(
    "machine, said, code",
    [
        ({"tv_out": True}, {}, None),
        ({"tv_out": True}, {"disable_tvout": 0}, None),
        ({"tv_out": True}, {"disable_tvout": 1}, 1003),
        ({"virtual_machine": True}, {}, 1019),
        ({"virtual_machine": True}, {"vmcheck": 1}, 1019),
        ({"virtual_machine": True}, {"vmcheck": 0}, None),
        ({}, {"disable_tvout": 1, "vmcheck": 1}, None),
    ],
)
def test_the_device_must_be_what_the_answer_allows(
    stage: KollusStage, machine: dict[str, bool], said: dict[str, int], code: int | None
) -> None:
    stage.world.faults(kollus={"device": machine})
    stage.shop.answer = lambda form: {"result": 1, **said}

    answer = stage.permit(stage.open(), 1)

    assert answer.get("error", {}).get("code") == code
    if code is None:
        obeys = only_start(stage)["obeys"]
        assert obeys["tv_out"] is (said.get("disable_tvout") == 1)
        assert obeys["virtual_machine"] is (said.get("vmcheck", 1) == 1)


def test_the_answers_limits_can_be_read_back(stage: KollusStage) -> None:
    section = {"start_time": 3, "end_time": 9}
    stage.shop.answer = lambda form: {"result": 1, "expiration_playtime": 60, "play_section": section}

    stage.permit(stage.open(), 1)

    obeys = only_start(stage)["obeys"]
    assert (obeys["playtime"], obeys["section"], obeys["until"]) == (60, section, None)


@pytest.mark.parametrize("wanted, has, code", [(2, 1, 7102), (2, 2, None), (1, 0, 7102), (0, 0, None)])
def test_the_display_must_do_what_the_licence_demands(
    stage: KollusStage, wanted: int, has: int, code: int | None
) -> None:
    stage.configure(drm=SITE, contents=[CONTENT])
    stage.world.faults(kollus={"device": {"hdcp": has}})
    facts = stage.open(mc=[{"mckey": MCKEY, "drm_policy": policy(rule(hdcp=wanted))}])

    stage.permit(facts, 1)
    answer = stage.permit(facts, 3)

    assert answer.get("error", {}).get("code") == code
    assert ("licence" in answer) is (code is None)


def test_a_licence_lasts_as_long_as_its_rule_says(stage: KollusStage) -> None:
    stage.configure(drm=SITE, contents=[CONTENT])
    facts = stage.open(mc=[{"mckey": MCKEY, "drm_policy": policy(rule(seconds=600))}])
    stage.permit(facts, 1)
    assert stage.licence(stage.permit(facts, 3)["licence"]).status_code == 200
    played = {"event": "interval", "stretches": [[0, 5, 1]], "position": 5, "open_seconds": 5}

    before = stage.post(f"{facts['start']}progress", played).json()
    stage.world.shift_clock("kollus", 601)
    after = stage.post(f"{facts['start']}progress", played).json()

    assert "error" not in before and after["error"]["code"] == 7000
    assert only_start(stage)["obeys"]["drm"]["rule"]["playback_policy"]["license_duration"] == 600
