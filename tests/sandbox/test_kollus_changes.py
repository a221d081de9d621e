"""What happens to a source after it came, by the shop's calls and by Kollus' console; the shop is told."""

import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests import kollus_uploads
from tests.sandbox.kollus_shop import KollusShop
from tests.sandbox.kollus_stage import wait_for
from tests.sandbox_client import Sandbox, World

CONTENT = {"mckey": "Ab3dEf7h", "duration": 24, "title": "Noon", "upload_file_key": "20260101-abcd1234"}
_BETWEEN_CALLS_SECONDS = 1.05


@pytest.fixture
def shop() -> Iterator[KollusShop]:
    with KollusShop() as shop:
        yield shop


@pytest.fixture
def account(sandbox: Sandbox, shop: KollusShop) -> World:
    world = sandbox.world()
    kinds = dict.fromkeys(("update", "channel"), f"{shop.url}/")
    world.configure(
        kollus={
            **{"api_token": world.secret_key, "channels": ["ch1", "ch2"], "contents": [CONTENT]},
            **{"content_after_seconds": 0, "transcoding_seconds": 0, "platform_callback_urls": kinds},
        }
    )
    return world


def call(world: World, method: str, path: str, **form: str) -> Any:
    """Call Kollus' API, again a second later where that was too soon after the last call."""
    while True:
        query, url = {"access_token": world.secret_key}, f"{world.sandbox.base}/{path}"
        said = requests.request(method, url, params=query, data=form or None, timeout=40).json()
        if said.get("message") != "Too many requests.":
            return said
        time.sleep(_BETWEEN_CALLS_SECONDS)


def uploaded(world: World) -> str:
    address = call(world, "POST", "kollus-api/upload/create-url")["data"]
    assert kollus_uploads.send(world, address["upload_url"]).status_code == 200
    return str(address["upload_file_key"])


def keys(world: World) -> dict[str, str]:
    (upload,) = world.report(only="kollus")["kollus"]["uploads"]
    found: dict[str, str] = upload["keys"]
    return found


def test_a_source_that_leaves_its_channel_loses_its_key_there_for_ever(
    account: World, shop: KollusShop
) -> None:
    key = uploaded(account)
    account.act("attach_content", key)
    first = keys(account)["ch1"]

    gone = call(account, "POST", f"kollus-api-0/media/channel/detach/{key}", channel_key="ch1")
    wait_for(lambda: len(shop.played) == 2)
    account.act("attach_content", key)

    assert gone["error"] == 0
    came, left = shop.played
    assert came.pop("update_type") != left.pop("update_type")
    assert came == left
    assert {name: left[name] for name in ("media_content_key", "channel_key", "full_filename")} == {
        "media_content_key": first,
        "channel_key": "ch1",
        "full_filename": "/noon.mp4",
    }
    assert list(keys(account)) == ["ch1"] and keys(account)["ch1"] != first
    with pytest.raises(AssertionError, match="does not lie in that channel"):
        account.act("detach_content", key, channel="ch2")


def test_a_source_that_is_deleted_leaves_its_channels_first(account: World, shop: KollusShop) -> None:
    key = uploaded(account)
    account.act("attach_content", key, channel="ch2")

    assert call(account, "POST", f"kollus-api-0/media/library/delete/{key}")["error"] == 0

    wait_for(lambda: [form["channel_key"] for form in shop.played] == ["ch2", "ch2"])
    assert account.report(only="kollus")["kollus"]["uploads"] == []
    assert call(account, "POST", f"kollus-api-0/media/library/delete/{key}")["error"] == 404


def test_other_words_are_told_of_as_an_update(account: World, shop: KollusShop) -> None:
    key = uploaded(account)

    account.act("change_content", key, captions=["ko"], title="Noon again")
    wait_for(lambda: shop.played)

    (told,) = shop.played
    assert (told["upload_file_key"], told["full_filename"]) == (key, "/noon.mp4")
    assert told["update_type"] and "channel_key" not in told and "transcoding_result" not in told
    (queued,) = call(account, "GET", "kollus-api-0/media/upload_file")["result"]["items"]["item"]
    assert (queued["title"], queued["transcoding_stage"]) == ("Noon again", 21)
    assert queued["transcoding_progress"] == 100


@pytest.mark.parametrize(
    "path, told",
    [
        ("kollus-api/channels/ch1", {"status": "ok", "data": {"key": "ch1", "name": "ch1"}}),
        ("kollus-api/channels/ch9", {"status": "error", "message": "channel not found"}),
        ("kollus-api/media-contents/nothing", {"status": "error", "message": "media content not found"}),
    ],
)
def test_one_channel_and_one_source_can_be_asked_for(
    account: World, path: str, told: dict[str, object]
) -> None:
    assert call(account, "GET", path) == told


def test_a_source_tells_its_keys_and_its_poster(account: World) -> None:
    told = call(account, "GET", f"kollus-api/media-contents/{CONTENT['upload_file_key']}")["data"]
    (one, two) = call(account, "GET", "kollus-api-0/media/channel")["result"]["items"]["item"]

    assert told["media_content_keys"] == [CONTENT["mckey"]]
    assert told["poster_url"].endswith(f"/poster/{CONTENT['mckey']}.jpg")
    assert (one["key"], one["count_of_media_contents"]) == ("ch1", 1)
    assert (two["key"], two["count_of_media_contents"]) == ("ch2", 0)


def test_what_has_come_of_a_file_is_told_in_percent(account: World) -> None:
    address = call(account, "POST", "kollus-api/upload/create-url")["data"]
    request = requests.Request(
        "POST", address["upload_url"], files={"upload-file": ("noon.mp4", b"x" * 2_000_000, "video/mp4")}
    ).prepare()
    body = request.body
    assert isinstance(body, bytes)
    head = f"POST {urlsplit(address['upload_url']).path} HTTP/1.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in request.headers.items()
    )
    host = urlsplit(address["upload_url"]).netloc

    def percent() -> int:
        path = urlsplit(address["progress_url"]).path
        told = requests.get(f"{account.sandbox.base}{path}", headers={"Host": host}, timeout=40).json()
        return int(told["result"]["progress"])

    assert percent() == 0
    with socket.create_connection(("127.0.0.1", account.sandbox.port), timeout=40) as line:
        line.sendall(f"{head}Host: {host}\r\nConnection: close\r\n\r\n".encode() + body[: len(body) // 2])
        wait_for(lambda: 40 <= percent() <= 50)
        line.sendall(body[len(body) // 2 :])
        assert line.recv(12) == b"HTTP/1.1 200"
    assert percent() == 100
