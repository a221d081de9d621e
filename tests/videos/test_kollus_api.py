"""Kollus' API in our words, across a socket to the sandbox, which keeps to the documented rules."""

import logging
import time
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone
from pytest_django import Settings

from tests import kollus_uploads
from tests.sandbox_client import World
from videos.kollus import api_client, library, uploading
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.models import KollusTurn

pytestmark = pytest.mark.django_db


def _address() -> uploading.UploadAddress:
    return uploading.create_address(title="Noon", is_encrypted=False, at=timezone.now())


def _calls(world: World) -> list[dict[str, Any]]:
    return list(world.report()["kollus"]["api_calls"])


def test_an_address_takes_one_file_and_tells_no_token(world: World, settings: Settings) -> None:
    address = _address()

    sent = kollus_uploads.send(world, address.url)
    again = kollus_uploads.send(world, address.url)

    assert sent.json() == {"error": 0, "message": "Successfully uploaded."}
    assert (again.status_code, again.json()["error"]) == (404, 1)
    assert settings.KOLLUS_API_TOKEN not in address.url
    assert address.url.startswith(settings.KOLLUS_UPLOAD_BASE)
    assert timedelta(hours=5) < address.until - timezone.now() < timedelta(hours=7)
    kept = world.report()["kollus"]["uploads"][0]
    assert (kept["upload_file_key"], kept["sha256"]) == (address.upload_file_key, kollus_uploads.checksum())
    asked = _calls(world)[0]["form"]
    assert asked == {
        "expire_time": "21600",
        "title": "Noon",
        "is_encryption_upload": "0",
        "is_audio_upload": "0",
    }


def test_a_browser_may_send_from_the_shops_page(world: World) -> None:
    address = _address()

    asked = kollus_uploads.preflight(world, address.url)
    sent = kollus_uploads.send(world, address.url)

    assert asked.status_code == 200
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert sent.headers["Access-Control-Allow-Origin"] == "http://localhost:8000"
    assert "Access-Control-Allow-Credentials" not in sent.headers


@pytest.mark.parametrize("wrong", [{"part": "file"}, {"content": b""}], ids=["part", "empty"])
def test_a_bad_file_uses_the_address_up(world: World, wrong: dict[str, Any]) -> None:
    address = _address()

    assert kollus_uploads.send(world, address.url, **wrong).status_code == 400
    assert kollus_uploads.send(world, address.url).status_code == 404


def test_an_old_address_takes_nothing(world: World) -> None:
    address = _address()
    world.shift_clock("kollus", 21_601)

    assert kollus_uploads.send(world, address.url).status_code == 404


def test_an_address_that_holds_the_token_is_refused(world: World) -> None:
    world.faults(kollus={"leak_token": True})

    with pytest.raises(KollusRefused, match="not for browsers"):
        _address()


def test_an_address_elsewhere_is_refused(world: World, settings: Settings) -> None:
    settings.KOLLUS_UPLOAD_BASE = "https://upload.kr.kollus.com"

    with pytest.raises(KollusRefused, match="not for browsers"):
        _address()


@pytest.mark.parametrize("how", ["down", "limit", "garbage"])
def test_a_kollus_in_trouble_is_unavailable(world: World, how: str) -> None:
    world.faults(kollus={"api": how})

    with pytest.raises(KollusUnavailable):
        _address()


def test_nobody_listening_is_unavailable_and_the_token_stays_out_of_the_error(settings: Settings) -> None:
    with pytest.raises(KollusUnavailable) as caught:
        _address()

    assert settings.KOLLUS_API_TOKEN not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_wrong_token_is_refused_and_not_repeated(
    world: World, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.KOLLUS_API_TOKEN = "a-wrong-token"

    with caplog.at_level(logging.DEBUG, logger="videos"), pytest.raises(KollusRefused) as caught:
        library.find("20260101-abcd1234")

    assert "a-wrong-token" not in str(caught.value) + caplog.text
    assert not caught.value.is_missing


def test_without_a_token_nothing_is_asked(world: World, settings: Settings) -> None:
    settings.KOLLUS_API_TOKEN = ""

    assert not api_client.is_set_up()
    with pytest.raises(KollusRefused, match="no token"):
        _address()


def test_a_film_comes_into_the_library_and_into_the_channel(world: World, settings: Settings) -> None:
    world.configure(kollus={"content_after_seconds": 60, "transcoding_seconds": 600})
    begun = time.time()
    address = _address()
    key, channel = address.upload_file_key, settings.KOLLUS_CHANNEL_KEY
    kollus_uploads.send(world, address.url)

    assert library.attach(key, channel) is False, "too early"
    world.shift_clock("kollus", 61)
    assert library.find(key) == library.Content(key, False, 24)
    assert library.attach(key, channel) is True
    with pytest.raises(KollusRefused):
        library.attach(key, channel)
    world.shift_clock("kollus", 601)
    found = library.find(key)
    assert found and found.is_transcoded
    assert found.keys[channel] == library.keys_in(channel)[key]
    times = [call["at"] for call in _calls(world)]
    assert all(at - begun > 1.1 * turn for turn, at in enumerate(times)), "a turn is not waited for"


def test_a_library_of_many_is_read_by_hundreds(world: World, settings: Settings) -> None:
    films = [
        {"mckey": f"K{n}", "duration": 23.2, "upload_file_key": f"20260101-{n:08}", "captions": ["ko"]}
        for n in range(150)
    ]
    world.configure(kollus={"contents": films})

    found = list(library.contents())

    assert len({each.upload_file_key for each in found}) == 150
    assert found[0] == library.Content(
        "20260101-00000000", True, 24, keys={settings.KOLLUS_CHANNEL_KEY: "K0"}, captions=("ko",)
    )
    heard = [call for call in _calls(world) if call["is_heard"]]  # on its way one may come too soon
    assert len(heard) == 2


def test_what_is_not_there_is_none(world: World) -> None:
    assert library.find("20260101-nothing1") is None


@pytest.mark.parametrize(
    "form", [{"expire_time": "0"}, {"expire_time": "21601"}, {"is_passthrough": "1"}, {"speed": "9"}]
)
def test_the_sandbox_refuses_what_is_not_documented(
    world: World, settings: Settings, form: dict[str, str]
) -> None:
    answer = requests.post(
        f"{settings.KOLLUS_API_BASE}/upload/create-url",
        form,
        params={"access_token": settings.KOLLUS_API_TOKEN},
        timeout=40,
    )

    assert answer.status_code == 400
    assert answer.json()["status"] == "error"


def test_turns_are_a_second_apart_and_none_waits_for_ever() -> None:
    now = timezone.now()

    turns = [KollusTurn.objects.take(at=now, patience_seconds=3) for _ in range(4)]

    assert [turn and (turn - now).total_seconds() for turn in turns] == [0, 1.1, 2.2, None]


@pytest.mark.parametrize(
    "told, seconds", [(24, 24), ("23.2", 24), ("01:00:24", 3624), ("00:24", 24), (None, 0), ("soon", 0)]
)
def test_a_length_is_read_however_it_is_written(told: object, seconds: int) -> None:
    assert library._seconds(told) == seconds
