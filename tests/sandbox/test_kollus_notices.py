"""Notices to the shop's server: sent at once, again every five minutes, four times in all."""

from typing import Any

import pytest
import requests

from tests import kollus_uploads
from tests.sandbox.kollus_shop import KollusShop
from tests.sandbox.kollus_stage import wait_for
from tests.sandbox_client import Sandbox, World


@pytest.fixture
def account(sandbox: Sandbox) -> World:
    world = sandbox.world()
    world.configure(kollus={"api_token": world.secret_key, "channels": ["ch1"], "transcoding_seconds": 0})
    return world


def _notices(world: World, kind: str) -> list[dict[str, Any]]:
    told = world.report()["kollus"]["platform_callbacks"]
    return [each for each in told if each["kind"] == kind]


def _upload(world: World) -> None:
    address = requests.post(
        f"{world.sandbox.base}/kollus-api/upload/create-url",
        params={"access_token": world.secret_key},
        timeout=40,
    ).json()["data"]
    assert kollus_uploads.send(world, address["upload_url"]).status_code == 200


def test_a_shop_that_answers_is_told_once_of_each(account: World) -> None:
    with KollusShop() as shop:
        account.configure(
            kollus={"platform_callback_urls": dict.fromkeys(("upload", "transcoding"), f"{shop.url}/")}
        )
        _upload(account)
        wait_for(lambda: len(shop.played) == 2)
        account.shift_clock("kollus", 10_000)
        wait_for(lambda: _notices(account, "transcoding")[0]["state"] == "delivered")

    upload, transcoding = shop.played
    assert upload["full_filename"] == "/noon.mp4"
    assert transcoding["transcoding_result"] == "success"
    assert upload["upload_file_key"] == transcoding["upload_file_key"]
    assert upload["content_type"] == "application/x-www-form-urlencoded"


def test_a_shop_that_is_down_is_told_again_every_five_minutes_four_times_in_all(account: World) -> None:
    account.configure(kollus={"platform_callback_urls": {"upload": "http://127.0.0.1:9/"}})
    _upload(account)

    for attempt in (2, 3, 4):
        wait_for(lambda n=attempt: _notices(account, "upload")[0]["attempt"] == n)
        account.shift_clock("kollus", 301 * (attempt - 1))
    wait_for(lambda: _notices(account, "upload")[0]["state"] == "failed")

    assert _notices(account, "upload")[0]["attempt"] == 4


def test_notices_are_lost_and_doubled_on_demand(account: World) -> None:
    account.faults(kollus={"platform_drop": 1, "platform_double": True})

    _upload(account)

    assert [each["state"] for each in _notices(account, "upload")] == ["dropped"]
    assert len(_notices(account, "transcoding")) == 2
