"""`manage.py sync_kollus`: the catalogue and Kollus agree afterwards, and a second run says nothing."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, kollus_uploads, office
from tests.sandbox_client import World
from videos.kollus import library
from videos.models import Channel, KollusFilm, Upload, Video
from videos.publishing import callback_inbox, readiness, syncing, uploads

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


@pytest.fixture
def others(world: World, settings: Settings) -> Channel:
    """A second channel, in which some films lie under rules of its own."""
    world.configure(kollus={"channels": [settings.KOLLUS_CHANNEL_KEY, "ch-others"]})
    return Channel.objects.create(key="ch-others", locks_speed=True)


def _sent(world: World, film: Video, by: User) -> str:
    file = uploads.File(name="noon.mp4", size=9, mark="a" * 64)
    address = uploads.begin(film, file, replace=True, by=by, at=timezone.now())
    kollus_uploads.send(world, address.url)
    return address.upload_file_key


def _keys(world: World) -> dict[str, str]:
    """By channel, as Kollus has them."""
    keys: dict[str, str] = world.report()["kollus"]["uploads"][0]["keys"]
    return keys


def test_a_film_of_another_channel_joins_that_one_and_is_known_by_its_key_there(
    world: World, cho: User, others: Channel
) -> None:
    film = _film("noon", media_content_key="", upload_file_key="", duration_seconds=0, channel=others)
    key = _sent(world, film, cho)
    library.attach(key, "ch-tests")  # by hand, in the console

    assert f"noon: the upload {key} is ready, not waiting" in _sync()
    film.refresh_from_db()
    assert film.media_content_key == _keys(world)["ch-others"] != _keys(world)["ch-tests"]
    assert film.at_kollus.is_in_channel
    Upload.objects.all().delete()
    Video.objects.update(upload_file_key="")
    film.refresh_from_db()
    syncing.ask(film, at=timezone.now())

    film.refresh_from_db()
    assert (film.upload_file_key, film.media_content_key) == (key, _keys(world)["ch-others"])


def test_a_film_that_is_moved_joins_its_new_channel_soon(world: World, cho: User, others: Channel) -> None:
    film = _film("noon", media_content_key="", upload_file_key="", duration_seconds=0)
    key = _sent(world, film, cho)
    syncing.ask(film, at=timezone.now())
    assert Video.objects.get().media_content_key == _keys(world)["ch-tests"]

    office.change(office.signed_in(cho), Video.objects.get(), channel=others.pk)
    callback_inbox.sweep(at=timezone.now())

    assert Video.objects.get().channel == others
    assert Video.objects.get().media_content_key == _keys(world)["ch-others"]
    assert Video.objects.get().upload_file_key == key


def test_a_channel_that_kollus_does_not_know_takes_its_own_films_off_sale(world: World) -> None:
    mistyped = Channel.objects.create(key="ch-tset")
    here, lost = factories.film_on_sale("here"), factories.film_on_sale("lost")
    for number, film in enumerate((here, lost)):
        key = f"20260101-{number:08}"
        Video.objects.filter(pk=film.pk).update(upload_file_key=key, media_content_key=f"K{number}")
    Video.objects.filter(pk=lost.pk).update(channel=mistyped)
    world.configure(kollus={"contents": [_row(0), _row(1)]})

    with pytest.raises(CommandError) as told:
        _sync()

    assert str(told.value) == (
        "lost is off sale, but: The film is not in the channel at Kollus that is chosen for it."
    )
    here.refresh_from_db()
    assert here.is_published


def test_a_slip_in_the_shops_own_channel_takes_nothing_off_sale(world: World, settings: Settings) -> None:
    film = factories.film_on_sale("here")
    Video.objects.filter(pk=film.pk).update(upload_file_key="20260101-00000001", media_content_key="K1")
    world.configure(kollus={"contents": [_row(1)]})
    settings.KOLLUS_CHANNEL_KEY = "ch-tset"

    with pytest.raises(CommandError, match="channel not found"):
        _sync()

    assert Video.objects.get().is_published


def test_a_trailer_is_looked_for_in_the_films_channel(world: World) -> None:
    film = factories.film_on_sale("noon")
    keys = {"upload_file_key": "20260101-00000001", "media_content_key": "K1", "trailer_key": "TR1"}
    Video.objects.filter(pk=film.pk).update(**keys)
    film.refresh_from_db()
    world.configure(kollus={"contents": [_row(1), _row(2, mckey="TR1")]})

    syncing.ask(film, at=timezone.now())
    assert readiness.missing(film) == []
    world.configure(kollus={"contents": [_row(1)]})
    with pytest.raises(CommandError) as told:
        _sync()

    assert (
        str(told.value)
        == "noon is in the shop, but: The film's channel at Kollus has no trailer of this key."
    )


def test_two_videos_of_one_file_are_left_to_people(world: World) -> None:
    one = _film("one", upload_file_key="20260101-00000001", media_content_key="K1")
    two = _film("two", upload_file_key="20260101-00000001", media_content_key="typed")
    world.configure(kollus={"contents": [_row(1)]})

    _sync()

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.media_content_key, two.media_content_key) == ("K1", "typed")
