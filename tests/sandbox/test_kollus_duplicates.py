"""Kollus' own block: one device at a time, or so many that are registered; off until it is switched on."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.kollus_shop import KollusShop
from tests.sandbox.kollus_stage import KollusStage
from tests.sandbox_client import Sandbox

PHONE, TABLET, LAPTOP = "Safari iPhone", "Safari iPad", "Chrome Windows"


@pytest.fixture
def stage(sandbox: Sandbox) -> Iterator[KollusStage]:
    with KollusShop() as shop:
        stage = KollusStage(sandbox, shop)
        yield stage
        stage.close()


def switch_on(stage: KollusStage, policy: str, **more: int) -> None:
    stage.world.faults(kollus={"duplicates": {"policy": policy, **more}})


def begun(stage: KollusStage, agent: str = LAPTOP, **claims: Any) -> tuple[dict[str, Any], int | None]:
    """Open the player and press play; returns its facts and the code that it shows, None where it plays."""
    facts = stage.open(agent=agent, **claims)
    for kind in (1, 3):
        if error := stage.permit(facts, kind).get("error"):
            return facts, int(error["code"])
    return facts, None


def code(stage: KollusStage, agent: str = LAPTOP, **claims: Any) -> int | None:
    return begun(stage, agent, **claims)[1]


def test_any_number_of_devices_plays_until_the_block_is_switched_on(stage: KollusStage) -> None:
    assert [code(stage, agent) for agent in (PHONE, TABLET, LAPTOP)] == [None] * 3


def test_a_second_device_waits_until_the_first_is_closed_or_silent(stage: KollusStage) -> None:
    switch_on(stage, "one")
    first, said = begun(stage, PHONE)
    assert said is None

    assert code(stage, PHONE) is None, "the same device"
    assert code(stage, TABLET, cuid="bo-1") is None, "another viewer"
    asked = len(stage.shop.played)
    assert code(stage, LAPTOP) == 8479
    assert len(stage.shop.played) == asked, "the shop is not asked"
    for start in stage.state()["starts"]:
        if start["cuid"] == "ada-1":
            stage.post(f"{first['start'].replace(first['start'].split('/')[3], start['id'])}left", {})
    assert code(stage, LAPTOP) is None
    assert code(stage, PHONE) == 8479
    stage.world.shift_clock("kollus", 61)
    assert code(stage, PHONE) is None


def test_only_so_many_devices_are_registered_until_the_console_forgets_them(stage: KollusStage) -> None:
    switch_on(stage, "registered", devices=2)

    assert [code(stage, agent) for agent in (PHONE, TABLET, LAPTOP, PHONE)] == [None, None, 8464, None]
    assert code(stage, LAPTOP, cuid="bo-1") is None
    listed = [each["device_name"] for each in stage.state()["devices"] if each["cuid"] == "ada-1"]
    assert listed == ["iPhone Safari", "iPad Safari"]
    stage.world.act("forget_devices", "ada-1")

    assert code(stage, LAPTOP) is None


def test_one_of_the_registered_plays_and_the_console_may_close_it(stage: KollusStage) -> None:
    switch_on(stage, "one_of_registered", devices=2)
    first, _ = begun(stage, PHONE)
    assert [code(stage, agent) for agent in (TABLET, LAPTOP)] == [8479, 8464]

    stage.world.act("close_player", first["start"].split("/")[3])

    played = {"event": "interval", "stretches": [[0, 5, 1]], "position": 5, "open_seconds": 5}
    assert stage.post(f"{first['start']}progress", played).json()["error"]["code"] == 8479
    assert code(stage, TABLET) is None


def test_a_policy_that_makes_no_sense_is_refused(stage: KollusStage) -> None:
    for policy in ({"policy": "two"}, {"policy": "registered", "devices": 11}):
        with pytest.raises(AssertionError, match="1 to 10 devices"):
            stage.world.faults(kollus={"duplicates": policy})
