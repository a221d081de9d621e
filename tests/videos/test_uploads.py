"""From a file to a film that plays: the address, the notices in any order, the channel, the key."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, kollus_uploads, promises
from tests.sandbox.kollus_stage import wait_for
from tests.sandbox_client import World
from videos.kollus.api_client import KollusUnavailable
from videos.kollus.uploading import UploadAddress
from videos.models import KollusEvent, KollusFilm, Upload, Video
from videos.publishing import arrivals, callback_inbox, readiness, syncing, uploads
from videos.publishing.uploads import File

pytestmark = pytest.mark.django_db

SECRET = "tests-platform-secret"
FILE = File(name="noon.mp4", size=len(kollus_uploads.FILE), mark="a" * 64)
OTHER = File(name="dusk.mp4", size=9, mark="b" * 64)


@pytest.fixture
def film(world: World) -> Video:
    world.configure(kollus={"content_after_seconds": 0, "transcoding_seconds": 0})
    return factories.video("noon", is_published=False, media_content_key="", duration_seconds=0)


def _begin(film: Video, by: User, file: File = FILE, *, replace: bool = False) -> UploadAddress:
    return uploads.begin(film, file, replace=replace, by=by, at=timezone.now())


def _tell(kind: str, key: str, *, secret: str = SECRET, **facts: str) -> Any:
    form = {"content_provider_key": "acct", "filename": "noon.mp4", "upload_file_key": key} | facts
    return Client().post(f"/callbacks/kollus/{secret}/{kind}/", form)


def _work(minutes: float = 0) -> None:
    callback_inbox.sweep(at=timezone.now() + timedelta(minutes=minutes))


def _states() -> list[str]:
    return list(Upload.objects.order_by("id").values_list("state", flat=True))


def test_a_file_becomes_a_film_that_plays(film: Video, cho: User, world: World, settings: Settings) -> None:
    address = _begin(film, cho)
    assert _states() == ["waiting"]

    kollus_uploads.send(world, address.url)
    _tell("upload", address.upload_file_key)
    _tell("transcoding", address.upload_file_key, transcoding_result="success")
    _work()

    film.refresh_from_db()
    content = world.report()["kollus"]["uploads"][0]
    assert _states() == ["ready"]
    assert film.upload_file_key == address.upload_file_key == content["upload_file_key"]
    assert film.media_content_key == content["keys"][settings.KOLLUS_CHANNEL_KEY]
    assert film.duration_seconds == 24
    assert film.at_kollus.is_transcoded and film.at_kollus.is_in_channel
    assert content["title"] == film.title
    assert content["is_encrypted"] is False
    assert content["sha256"] == kollus_uploads.checksum()


def test_the_kind_of_protection_is_asked_for(film: Video, cho: User, world: World) -> None:
    Video.objects.update(protection="kollus")
    film.refresh_from_db()

    _begin(film, cho)

    assert world.report()["kollus"]["uploads"][0]["is_encrypted"] is True


_NEWS: tuple[tuple[str, dict[str, str]], ...] = (
    ("upload", {}),
    ("transcoding", {"transcoding_result": "success"}),
    ("channel", {"update_type": "add"}),
)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_news_in_any_order_and_doubled_end_alike(
    film: Video, cho: User, world: World, order: tuple[int, ...]
) -> None:
    address = _begin(film, cho)
    kollus_uploads.send(world, address.url)

    for number in order:
        kind, facts = _NEWS[number]
        for _ in range(2):
            assert _tell(kind, address.upload_file_key, **facts).status_code == 200
    assert KollusEvent.objects.count() == 3, "the same notice again is the same work"
    _work()
    before = promises.everything()
    for name in ("KollusEvent", "KollusFilm", "KollusTurn"):
        before.pop(name)
    _tell("upload", address.upload_file_key)
    _work()

    promises.unchanged(before)
    assert _states() == ["ready"]


def test_a_notice_is_looked_up_before_it_counts(film: Video, cho: User, world: World) -> None:
    address = _begin(film, cho)

    _tell("upload", address.upload_file_key)
    _tell("transcoding", address.upload_file_key, transcoding_result="success")
    _work()

    film.refresh_from_db()
    assert _states() == ["waiting"]
    assert film.media_content_key == ""
    assert {event.outcome for event in KollusEvent.objects.all()} == {"not there"}


@pytest.mark.parametrize("kind", ["upload", "transcoding", "update", "channel"])
def test_a_forged_notice_changes_nothing(
    film: Video, cho: User, kind: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    address = _begin(film, cho)
    before = promises.everything()
    guesses = ["guessed", settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]]

    with caplog.at_level(logging.WARNING):
        answers = [
            _tell(kind, address.upload_file_key, secret=guess, transcoding_result="fail") for guess in guesses
        ]

    assert {answer.status_code for answer in answers} == {404}
    promises.unchanged(before)
    assert "wrong address" in caplog.text


def test_a_notice_of_a_strangers_file_is_kept_and_changes_nothing(film: Video) -> None:
    assert _tell("upload", "20260101-someones").status_code == 200
    _work()

    assert KollusEvent.objects.get().outcome == "not ours"


def test_a_notice_that_comes_before_kollus_can_be_asked_is_tried_again(
    film: Video, cho: User, world: World
) -> None:
    world.configure(kollus={"content_after_seconds": 60})
    address = _begin(film, cho)
    kollus_uploads.send(world, address.url)
    _tell("upload", address.upload_file_key)
    _work()
    assert KollusEvent.objects.get().processed_at is None
    world.shift_clock("kollus", 61)

    def has_arrived() -> bool:
        _work(minutes=1)
        return _states() != ["waiting"]

    wait_for(has_arrived)


@pytest.mark.parametrize(
    "kind, form, status",
    [
        ("channel", {}, 200),
        ("upload", {"upload_file_key": "\0" * 8}, 400),
        ("upload", {"filename": "a.mp4"}, 400),
        ("transcoding", {"upload_file_key": "20260101-abcd1234"}, 400),
        ("transcoding", {"upload_file_key": "20260101-abcd1234", "transcoding_result": "maybe"}, 400),
    ],
)
def test_a_probe_is_welcome_and_nonsense_is_not(kind: str, form: dict[str, str], status: int) -> None:
    answer = Client().post(f"/callbacks/kollus/tests-platform-secret/{kind}/", form)

    assert answer.status_code == status
    assert not KollusEvent.objects.exists()


def test_a_failure_is_shown_and_the_next_try_is_free(film: Video, cho: User, world: World) -> None:
    world.faults(kollus={"transcoding_fails": True})
    address = _begin(film, cho)
    kollus_uploads.send(world, address.url)
    _tell("transcoding", address.upload_file_key, transcoding_result="fail")
    _work()
    assert _states() == ["failed"]

    world.clear_faults()
    again = _begin(film, cho)
    kollus_uploads.send(world, again.url)
    _tell("transcoding", again.upload_file_key, transcoding_result="1")
    _work()

    assert _states() == ["failed", "ready"]


def test_a_retry_has_a_fresh_address_and_gives_the_first_up(film: Video, cho: User, world: World) -> None:
    world.faults(kollus={"cut_uploads": 1})
    first = _begin(film, cho)
    with pytest.raises(Exception, match="Connection"):
        kollus_uploads.send(world, first.url)
    assert kollus_uploads.send(world, first.url).status_code == 404

    second = _begin(film, cho)
    kollus_uploads.send(world, second.url)
    _tell("upload", second.upload_file_key)
    _work()

    assert second.upload_file_key != first.upload_file_key
    assert _states() == ["given_up", "ready"]


def test_the_same_file_is_not_sent_twice_and_another_needs_a_word(
    film: Video, cho: User, world: World
) -> None:
    address = _begin(film, cho)
    kollus_uploads.send(world, address.url)
    _tell("upload", address.upload_file_key)
    _work()

    with pytest.raises(uploads.AlreadyHere):
        _begin(film, cho, replace=True)
    with pytest.raises(uploads.WouldReplace):
        _begin(film, cho, OTHER)
    film.refresh_from_db()
    old_key = film.media_content_key
    replaced = _begin(film, cho, OTHER, replace=True)
    kollus_uploads.send(world, replaced.url, b"another one")
    _tell("transcoding", replaced.upload_file_key, transcoding_result="success")
    _work()

    film.refresh_from_db()
    assert film.upload_file_key == replaced.upload_file_key
    assert film.media_content_key not in ("", old_key)
    _tell("update", address.upload_file_key, update_type="title")
    _work()
    film.refresh_from_db()
    assert film.upload_file_key == replaced.upload_file_key, "old news of the old file change nothing"


def test_lost_notices_are_made_up_for(film: Video, cho: User, world: World) -> None:
    address = _begin(film, cho)
    kollus_uploads.send(world, address.url)
    assert arrivals.look_after_uploads(at=timezone.now()) == 0

    assert uploads.note_sent(film, address.upload_file_key, at=timezone.now())
    arrivals.look_after_uploads(at=timezone.now())

    assert _states() == ["ready"]
    assert Upload.objects.get().look_after is None


def test_what_never_came_is_given_up_in_the_end(film: Video, cho: User, world: World) -> None:
    _begin(film, cho)

    arrivals.look_after_uploads(at=timezone.now() + timedelta(hours=5))
    assert _states() == ["waiting"]
    arrivals.look_after_uploads(at=timezone.now() + timedelta(hours=8))

    assert _states() == ["given_up"]


def test_what_the_browser_says_is_not_believed(film: Video, cho: User, world: World) -> None:
    address = _begin(film, cho)

    uploads.note_sent(film, address.upload_file_key, at=timezone.now())
    arrivals.look_after_uploads(at=timezone.now())

    assert _states() == ["waiting"]


def test_a_kollus_that_is_down_is_asked_again(film: Video, cho: User, world: World) -> None:
    address = _begin(film, cho)
    kollus_uploads.send(world, address.url)
    world.faults(kollus={"api": "down"})
    with pytest.raises(KollusUnavailable):
        _begin(film, cho)
    _tell("upload", address.upload_file_key)
    _work()
    waiting = KollusEvent.objects.get()
    assert (waiting.outcome, waiting.processed_at) == ("HTTP 503", None)

    world.clear_faults()
    _work()
    assert _states() == ["waiting"], "not before its time"
    _work(minutes=1)

    assert _states() == ["ready"]


def test_an_early_attach_is_tried_again(film: Video, cho: User, world: World) -> None:
    world.configure(kollus={"transcoding_seconds": 60})
    address = _begin(film, cho)
    kollus_uploads.send(world, address.url)

    _tell("upload", address.upload_file_key)
    _work()
    assert _states() == ["uploaded"]
    world.shift_clock("kollus", 61)
    wait_for(lambda: arrivals.refresh(address.upload_file_key, at=timezone.now()) and _states() == ["ready"])


def test_a_notice_that_comes_while_it_is_worked_through_is_not_lost(film: Video) -> None:
    _tell("update", "20260101-someones")
    event = KollusEvent.objects.get()
    event.claim(until=timezone.now() + timedelta(minutes=1), at=timezone.now())
    _tell("update", "20260101-someones")

    event.mark_processed("not ours", at=timezone.now())

    assert KollusEvent.objects.get().processed_at is None


def test_a_key_that_changed_is_found_by_the_upload_file_key(world: World, settings: Settings) -> None:
    film = factories.video("noon", upload_file_key="20260101-abcd1234", media_content_key="oldkey")
    row = {
        "mckey": "newkey",
        "duration": 24,
        "upload_file_key": film.upload_file_key,
        "captions": ["ko", "en"],
    }
    world.configure(kollus={"contents": [row]})

    _tell("channel", film.upload_file_key, update_type="add")
    _work()

    film.refresh_from_db()
    assert film.media_content_key == "newkey"
    assert KollusFilm.objects.get().captions == ["en", "ko"]


def test_a_film_that_is_taken_out_of_its_channel_loses_its_key_and_stays_out(
    film: Video, cho: User, world: World, settings: Settings
) -> None:
    address = _begin(film, cho)
    kollus_uploads.send(world, address.url)
    _tell("transcoding", address.upload_file_key, transcoding_result="success")
    _work()
    factories.offer(Video.objects.get(), krw=9900)
    Video.objects.update(poster="a.svg", protection="none", is_published=True)
    first = Video.objects.get().media_content_key
    assert first

    world.act("detach_content", address.upload_file_key)
    _tell("channel", address.upload_file_key, update_type="whatever", media_content_key=first)
    _work()

    film.refresh_from_db()
    assert (film.media_content_key, film.is_published, film.off_sale_because) == ("", False, "no_channel")
    assert "taken out of its channel" in " ".join(readiness.missing(film))
    syncing.sync(at=timezone.now())
    assert world.report()["kollus"]["uploads"][0]["keys"] == {}, "who took it out may put it back"

    world.act("attach_content", address.upload_file_key)
    _tell("channel", address.upload_file_key, update_type="add")
    _work()

    film.refresh_from_db()
    kept = world.report()["kollus"]["uploads"][0]["keys"]
    assert film.media_content_key == kept[settings.KOLLUS_CHANNEL_KEY] != first
    assert (film.is_published, film.off_sale_because) == (True, "")
    assert film.at_kollus.left_channel_at is None
