"""The gateway, the playback callback and the licence server over HTTP."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.kollus_shop import CUSTOM_KEY, SECURITY_KEY, KollusShop
from tests.sandbox.kollus_stage import KIDS, MCKEY, KollusStage, facts_of
from tests.sandbox_client import Sandbox

KEY = Path(__file__).resolve().parents[2] / "sandbox" / "data" / "kollus" / "key" / "key.hex"


@pytest.fixture
def stage(sandbox: Sandbox) -> Iterator[KollusStage]:
    with KollusShop() as shop:
        stage = KollusStage(sandbox, shop)
        yield stage
        stage.close()


def code_shown(stage: KollusStage, link: str) -> int:
    code: int = facts_of(stage.get(link))["error"]["code"]
    return code


def test_a_good_link_opens_the_player(stage: KollusStage) -> None:
    link = stage.link(
        "&uservalue0=ref.mac&uservalue7=x&uservalue100=no&t=9&autoplay&mute", playback_rates=[1, 2]
    )

    facts = facts_of(stage.get(link))

    assert (facts["title"], facts["duration"], facts["kinds"]) == ("A film", 24, [1, 3])
    assert facts["begin"] == {"autoplay": True, "mute": True, "at": 0, "ask": 9}
    (start,) = stage.state()["starts"]
    assert start["claims"]["cuid"] == "ada-1"
    assert start["claims"]["playback_rates"] == [1, 2]
    assert start["uservalues"] == {"uservalue0": "ref.mac", "uservalue7": "x"}
    assert start["host_name"] == "localhost"


def test_the_page_may_be_framed_by_anyone_and_do_little_else(stage: KollusStage) -> None:
    page = stage.get(stage.link())

    policy = page.headers["Content-Security-Policy"]
    assert (
        "default-src 'none'" in policy and "frame-ancestors *" in policy and "connect-src 'self';" in policy
    )
    assert "Set-Cookie" not in page.headers and "X-Frame-Options" not in page.headers


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expt": 1_700_000_000}, 4085),
        ({"mc": [{"mckey": "Zz9zZz9z"}]}, 4012),
        ({"cuid": ""}, 4007),
        ({"custom_key": "cd" * 32}, 4004),
        ({"custom_key": ""}, 4004),
    ],
)
def test_a_bad_link_opens_a_player_that_says_why(stage: KollusStage, changes: Any, code: int) -> None:
    assert code_shown(stage, stage.link(**changes)) == code


def test_a_link_without_a_token_is_4007(stage: KollusStage) -> None:
    assert code_shown(stage, f"/s?custom_key={CUSTOM_KEY}") == 4007
    assert stage.state()["refusals"][0]["code"] == 4007


def test_another_accounts_custom_key_is_4082(stage: KollusStage) -> None:
    other = stage.sandbox.world(kollus={"custom_key": "ef" * 32, "security_key": "theirs"})

    assert code_shown(stage, stage.link(custom_key="ef" * 32)) == 4082

    other.configure(kollus={"custom_key": "00" * 32})


def test_the_link_expires_by_kollus_own_clock(stage: KollusStage) -> None:
    link = stage.link()

    stage.world.shift_clock("kollus", 301)

    assert code_shown(stage, link) == 4085


def test_content_under_kollus_own_drm_asks_for_its_agent(stage: KollusStage) -> None:
    stage.configure(contents=[{"mckey": "Ab3dEf7h", "duration": 24, "protection": "kollus"}])

    assert code_shown(stage, stage.link()) == 1000


def test_the_controls_can_make_the_player_fail(stage: KollusStage) -> None:
    stage.world.faults(kollus={"next_error": 8479})
    assert [code_shown(stage, stage.link()), "error" in stage.open()] == [8479, False]

    stage.world.faults(kollus={"error_code": -8471})
    assert [code_shown(stage, stage.link()), code_shown(stage, stage.link())] == [8471, 8471]


def test_a_poster_is_a_redirect_to_a_picture(stage: KollusStage) -> None:
    answer = stage.get("/poster/Ab3dEf7h.jpg")

    assert answer.status_code == 302
    assert stage.get(answer.headers["Location"]).headers["Content-Type"] == "image/jpeg"
    assert stage.get("/poster/Zz9zZz9z.jpg").status_code == 404


def test_the_shop_is_asked_twice_and_the_licence_is_good_once(stage: KollusStage) -> None:
    facts = stage.open()

    first, second = stage.permit(facts, 1), stage.permit(facts, 3)
    answer = stage.licence(second["licence"])

    assert "licence" not in first
    assert answer.json()["keys"][0]["k"] == _base64url(bytes.fromhex(KEY.read_text()))
    assert stage.licence(second["licence"]).status_code == 403
    one, three = stage.shop.played
    assert one == {
        "kind": "1",
        "client_user_id": "ada-1",
        "player_id": facts["playerId"],
        "hardware_id": "",
        "device_name": "Windows Chrome",
        "media_content_key": "Ab3dEf7h",
        "uservalues": '{"uservalue0":"ref.mac"}',
        "localtime": one["localtime"],
        "content_type": "application/x-www-form-urlencoded",
    }
    assert three["kind"] == "3"
    assert [call["verdict"] for call in stage.state()["callbacks"]] == ["allowed", "allowed"]
    assert stage.state()["licences"] == 1


def test_a_computer_shows_the_shops_words_only_where_the_link_asks_for_them(stage: KollusStage) -> None:
    stage.shop.answer = lambda form: {"result": 0, "message": "Your rental ended."}

    said = [
        stage.permit(stage.open(query, agent=agent), 1)["error"]["message"] == "Your rental ended."
        for query in ("", "&loadcheck=0")
        for agent in ("Chrome Windows", "Safari Mac OS X", "Safari iPhone", "Chrome Android")
    ]

    assert said == [False, False, True, True, True, True, True, True]


def test_kollus_asks_about_where_the_viewer_stopped_unless_that_is_switched_off(stage: KollusStage) -> None:
    played = {"event": "pause", "stretches": [[0, 9, 1]], "position": 9, "open_seconds": 9}
    stage.post(f"{stage.open()['start']}progress", played)
    off = [{"mckey": MCKEY, "disable_nscreen": True}]

    opened = (
        stage.open(""),
        stage.open("", cuid="bo-1"),
        stage.open("", mc=off),
        stage.open("&s=3"),
        stage.open("&t=5"),
    )
    asked = [facts["begin"]["ask"] for facts in opened]

    assert asked == [9, 0, 0, 0, 5]


def test_no_licence_without_an_allowing_reply(stage: KollusStage) -> None:
    stage.shop.answer = lambda form: {"result": int(form["kind"] == "1"), "message": "Your rental ended."}
    facts = stage.open()

    assert "error" not in stage.permit(facts, 1)
    assert stage.permit(facts, 3)["error"] == {"code": 8675, "message": "Your rental ended.", "param": ""}
    assert stage.permit(facts, 3)["error"]["code"] == 8675
    for token in (
        "",
        "no.such.token",
        f"{facts['start'].split('/')[2]}.{facts['start'].split('/')[3]}.guess",
    ):
        assert stage.licence(token).status_code == 403
    assert stage.state()["licences"] == 0


def test_the_calls_are_made_in_their_order_and_once(stage: KollusStage) -> None:
    facts = stage.open()

    assert "licence" not in stage.permit(facts, 3)
    assert stage.post(f"{facts['start']}permission", {"kind": 3}).status_code == 400
    assert stage.post(f"{facts['start']}permission", {"kind": 2}).status_code == 400


def test_the_licence_is_for_this_film_only(stage: KollusStage) -> None:
    facts = stage.open()
    stage.permit(facts, 1)
    token = stage.permit(facts, 3)["licence"]

    assert stage.licence(token, {**KIDS, "kids": ["AAAAAAAAAAAAAAAAAAAAAA"]}).status_code == 403


def test_a_licence_comes_soon_or_not_at_all(stage: KollusStage) -> None:
    facts = stage.open()
    stage.permit(facts, 1)
    token = stage.permit(facts, 3)["licence"]

    stage.world.shift_clock("kollus", 61)

    assert stage.licence(token).status_code == 403


def test_the_key_is_not_among_the_files(stage: KollusStage) -> None:
    for path in (
        "/media/key.hex",
        "/media/key/key.hex",
        "/media/..%2fkollus%2fkey%2fkey.hex",
        "/static/../data",
    ):
        assert stage.get(path).status_code == 404


def test_a_shop_that_is_down_is_100xx(stage: KollusStage) -> None:
    stage.world.faults(kollus={"callback_down": True})
    assert stage.permit(stage.open(), 1)["error"]["code"] == 10007

    stage.world.faults(kollus=None)
    stage.configure(play_callback_url="http://127.0.0.1:9/play")
    assert stage.permit(stage.open(), 1)["error"]["code"] == 10007


def test_a_licence_server_that_is_down_answers_503(stage: KollusStage) -> None:
    facts = stage.open()
    stage.permit(facts, 1)
    token = stage.permit(facts, 3)["licence"]

    stage.world.faults(kollus={"licence_down": True})
    assert stage.licence(token).status_code == 503

    stage.world.faults(kollus=None)
    assert stage.licence(token).status_code == 200


@pytest.mark.parametrize("changes", [{}, {"playcallback_ignore": True}])
def test_a_start_that_needs_no_callback_plays_unapproved(stage: KollusStage, changes: dict[str, Any]) -> None:
    stage.configure(**({} if changes else {"play_callback_url": ""}))
    facts = stage.open(**changes)

    stage.permit(facts, 1)

    assert stage.licence(stage.permit(facts, 3)["licence"]).status_code == 200
    assert stage.shop.played == []


def test_the_browser_may_call_the_shop_but_the_reply_is_read_here(stage: KollusStage) -> None:
    stage.configure(callback_from="browser")
    page = stage.get(stage.link())
    facts = facts_of(page)

    asked = stage.permit(facts, 1)["ask"]
    forged = {"status": 200, "user_key": CUSTOM_KEY, "body": "a.b.c"}

    assert asked["url"] == f"{stage.shop.url}/play" and asked["form"]["kind"] == "1"
    assert f"connect-src 'self' {stage.shop.url};" in page.headers["Content-Security-Policy"]
    assert stage.permit(facts, 1, reply=forged)["error"]["code"] == 8671


def test_the_reply_is_read_as_strictly_over_http(stage: KollusStage) -> None:
    stage.shop.raw_reply = '{"data":{"result":1}}'
    assert stage.permit(stage.open(), 1)["error"]["code"] == 8671

    stage.shop.raw_reply = ""
    assert stage.permit(stage.open(), 1)["error"]["code"] == 8670

    stage.shop.raw_reply, stage.shop.answer = None, lambda form: {"result": "1"}
    assert stage.permit(stage.open(), 1)["error"]["code"] == 8672

    del stage.shop.headers["X-Kollus-UserKey"]
    assert stage.permit(stage.open(), 1)["error"]["code"] == 8671
    assert [call["code"] for call in stage.state()["callbacks"]] == [8671, 8670, 8672, 8671]
    assert SECURITY_KEY not in str(stage.state())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
