"""`manage.py sync_kollus`: the catalogue and Kollus agree afterwards, and a second run says nothing."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, kollus_uploads
from tests.sandbox_client import World
from videos.models import KollusFilm, Upload, Video
from videos.publishing import uploads

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prompt_world(world: World) -> None:
    world.configure(kollus={"content_after_seconds": 0, "transcoding_seconds": 0})


def _row(number: int, **facts: Any) -> dict[str, Any]:
    return {"mckey": f"K{number}", "duration": 24, "upload_file_key": f"20260101-{number:08}"} | facts


def _film(slug: str, **facts: Any) -> Video:
    return factories.video(slug, poster="a.svg", is_published=False, **facts)


def _sync() -> list[str]:
    out = io.StringIO()
    call_command("sync_kollus", stdout=out)
    return out.getvalue().splitlines()


def test_changed_keys_are_found_and_captions_confirmed(world: World) -> None:
    film = _film("noon", upload_file_key="20260101-00000001", media_content_key="old")
    world.configure(kollus={"contents": [_row(1, mckey="new", duration=90, captions=["ko", "en"])]})

    said = _sync()

    film.refresh_from_db()
    assert (film.media_content_key, film.duration_seconds) == ("new", 90)
    assert KollusFilm.objects.get().captions == ["en", "ko"]
    assert said == [
        "noon: media content key: new (was old)",
        "noon: length in seconds: 90 (was 24)",
        "noon: at Kollus: ready (was not asked about)",
        "noon: captions: en, ko (was none)",
    ]
    assert _sync() == []


def test_keys_that_changed_places_are_both_right_afterwards(world: World) -> None:
    one = _film("one", upload_file_key="20260101-00000001", media_content_key="K2")
    two = _film("two", upload_file_key="20260101-00000002", media_content_key="K1")
    world.configure(kollus={"contents": [_row(1), _row(2)]})

    _sync()

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.media_content_key, two.media_content_key) == ("K1", "K2")


def test_a_film_entered_by_its_key_alone_gets_its_durable_one(world: World) -> None:
    film = _film("noon", media_content_key="K7", upload_file_key="")
    world.configure(kollus={"contents": [_row(7)]})

    assert "noon: its file at Kollus is 20260101-00000007" in _sync()

    film.refresh_from_db()
    assert film.upload_file_key == "20260101-00000007"
    assert _sync() == []


def test_lost_notices_are_made_up_for(world: World, cho: User, settings: Settings) -> None:
    film = _film("noon", media_content_key="", duration_seconds=0)
    file = uploads.File(name="noon.mp4", size=9, mark="a" * 64)
    address = uploads.begin(film, file, replace=False, by=cho, at=timezone.now())
    kollus_uploads.send(world, address.url)

    said = _sync()

    film.refresh_from_db()
    assert f"noon: the upload {address.upload_file_key} is ready, not waiting" in said
    assert Upload.objects.get().state == "ready"
    assert film.media_content_key
    assert _sync() == []


def test_what_would_not_play_is_named(world: World) -> None:
    gone, bare = factories.film_on_sale("noon"), factories.film_on_sale("dusk")
    Video.objects.filter(pk=gone.pk).update(poster="a.svg", upload_file_key="20260101-gone0000")
    Video.objects.filter(pk=bare.pk).update(upload_file_key="20260101-00000001", media_content_key="K1")
    bare.texts.all().delete()
    world.configure(kollus={"contents": [_row(1)]})

    with pytest.raises(CommandError) as told:
        _sync()

    assert str(told.value).splitlines() == [
        "noon is off sale, but: Kollus has no such file in its library.",
        "dusk is in the shop, but: It has no title in the shop's own language.",
    ]


@pytest.mark.parametrize("how, words", [("down", "does not answer"), ("limit", "does not answer")])
def test_a_kollus_in_trouble_is_one_sentence(world: World, how: str, words: str) -> None:
    _film("noon", upload_file_key="20260101-00000001", media_content_key="old")
    world.faults(kollus={"api": how})

    with pytest.raises(CommandError, match=words):
        _sync()

    assert Video.objects.get().media_content_key == "old"
    assert not KollusFilm.objects.exists()


def test_a_large_library_costs_calls_by_the_hundred(world: World) -> None:
    world.configure(kollus={"contents": [_row(number) for number in range(150)]})
    for number in range(30):
        _film(f"film-{number}", upload_file_key=f"20260101-{number:08}", media_content_key=f"old{number}")

    _sync()

    heard = [call for call in world.report()["kollus"]["api_calls"] if call["is_heard"]]
    assert len(heard) == 4  # one that was late on its way is refused, and made again
    assert set(Video.objects.values_list("media_content_key", flat=True)) == {f"K{n}" for n in range(30)}


def test_two_videos_of_one_file_are_left_to_people(world: World) -> None:
    one = _film("one", upload_file_key="20260101-00000001", media_content_key="K1")
    two = _film("two", upload_file_key="20260101-00000001", media_content_key="typed")
    world.configure(kollus={"contents": [_row(1)]})

    _sync()

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.media_content_key, two.media_content_key) == ("K1", "typed")
