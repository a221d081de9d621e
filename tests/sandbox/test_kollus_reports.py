"""Progress reports on their way to the shop."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.kollus_shop import KollusShop
from tests.sandbox.kollus_stage import KollusStage, wait_for
from tests.sandbox_client import Sandbox


@pytest.fixture
def stage(sandbox: Sandbox) -> Iterator[KollusStage]:
    with KollusShop() as shop:
        stage = KollusStage(sandbox, shop)
        yield stage
        stage.close()


def played(stage: KollusStage, facts: dict[str, Any], seconds: float, **more: Any) -> Any:
    """Tell the sandbox that so much was played from the start on."""
    viewing = {"event": "pause", "stretches": [[0, seconds, 1]], "position": seconds, "open_seconds": seconds}
    return stage.post(f"{facts['start']}progress", {**viewing, **more})


def test_a_report_has_the_documented_shape(stage: KollusStage) -> None:
    facts = stage.open()

    played(stage, facts, 20, stretches=[[0, 20, 2], [0, 20, 2]], open_seconds=30)

    report = wait_for(lambda: stage.shop.reported)[0]
    assert report["user_info"] == {
        "content_provider_key": "sandbox",
        "client_user_id": "ada-1",
        "player_id": facts["playerId"],
        "hardware_id": "",
        "host_name": "localhost",
        "device": "Windows",
    }
    assert report["content_info"] == {
        "duration": 24,
        "encoding_profile": "sandbox-pc1-high",
        "media_content_key": "Ab3dEf7h",
        "channel_key": "sandbox",
        "real_playtime": 20,
        "playtime": 40,
        "playtime_percent": 166,
        "start_at": stage.state()["starts"][0]["at"],
        "last_play_at": 20,
        "runtime": 30,
        "showtime": 20,
    }
    assert report["block_info"]["block_count"] == 10
    assert report["block_info"]["blocks"]["t0"] == 5
    assert report["uservalues"] == {"uservalue0": "ref.mac"}


def test_what_a_dead_shop_missed_comes_later_and_in_order(stage: KollusStage) -> None:
    facts = stage.open()
    stage.shop.lms_status = 503

    for seconds in (1, 2, 3):
        played(stage, facts, seconds)
    wait_for(lambda: stage.shop.reported)
    stage.shop.lms_status = 200

    wait_for(lambda: [report["state"] for report in stage.state()["reports"]] == ["sent"] * 3)
    taken = [report for report in stage.shop.reported if report["status"] == 200]
    assert [report["content_info"]["playtime"] for report in taken] == [1, 2, 3]


def test_a_report_the_shop_refuses_is_not_sent_again(stage: KollusStage) -> None:
    stage.shop.lms_status = 404

    played(stage, stage.open(), 1)

    wait_for(lambda: [report["state"] for report in stage.state()["reports"]] == ["refused"])
    assert len(stage.shop.reported) == 1


def test_the_players_network_can_be_down(stage: KollusStage) -> None:
    stage.world.faults(kollus={"callback_down": True})

    played(stage, stage.open(), 1)
    wait_for(lambda: stage.state()["reports"][0]["attempts"])
    assert stage.shop.reported == []

    stage.world.faults(kollus=None)
    wait_for(lambda: stage.shop.reported)


def test_the_time_the_shop_allowed_runs_out(stage: KollusStage) -> None:
    stage.shop.answer = lambda form: {"result": 1, "expiration_playtime": 5}
    facts = stage.open()

    limits = stage.permit(facts, 1)["limits"]

    assert limits["playtime"] == 5
    assert played(stage, facts, 4).json() == {}
    assert played(stage, facts, 5).json()["error"]["code"] == 8686
    assert stage.state()["starts"][0]["stopped"] == 8686


def test_the_validity_the_shop_gave_ends_by_kollus_clock(stage: KollusStage) -> None:
    stage.shop.answer = lambda form: {"result": 1, "expiration_date": 1_893_455_999}
    facts = stage.open()
    stage.permit(facts, 1)

    assert played(stage, facts, 1).json() == {}
    stage.world.shift_clock("kollus", 400_000_000)
    assert played(stage, facts, 2).json()["error"]["code"] == 8674


@pytest.mark.parametrize(
    "nonsense",
    [
        {"stretches": [[5, 2, 1]]},
        {"stretches": [[0, 999, 1]]},
        {"stretches": [[-1, 2, 1]]},
        {"stretches": [[0, 2, 0]]},
        {"stretches": [[0, 2]]},
        {"stretches": "all"},
        {"position": None},
        {"position": float("nan")},
        {"open_seconds": float("inf")},
    ],
)
def test_nonsense_is_no_viewing(stage: KollusStage, nonsense: dict[str, Any]) -> None:
    assert played(stage, stage.open(), 1, **nonsense).status_code == 400
    assert stage.state()["reports"] == []
