"""Attacks on the way from a file to the shelf."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from unittest import mock
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from tests import kollus_uploads, office, promises
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import Stage
from videos.kollus import library, passthrough, uploading
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.models import KollusEvent, KollusFilm, KollusTurn, Upload, Video
from videos.models.kollus_side import KollusTurnManager
from videos.publishing import arrivals, callback_inbox, sending, shelving, uploads


def kollus_is_called_by_two(stage: Stage) -> None:
    """Two workers want to call at one instant."""
    instant = timezone.now()
    with mock.patch.object(timezone, "now", lambda: instant):  # or a slow machine would free turns meanwhile
        _look("20260101-nothing0")  # the row of the turns is there
        with meeting(KollusTurnManager, "_move"):
            all_at_once(*[partial(_look, "20260101-nothing1")] * 2)

    calls = stage.world.report()["kollus"]["api_calls"]
    turns = (KollusTurn.objects.get().free_at - instant) / timedelta(seconds=1.1)
    promises.keep(round(turns) >= len(calls) >= 3, "Kollus was called twice within a second")


def an_address_holds_the_token(stage: Stage) -> None:
    """Kollus answers as it does for a passthrough upload."""
    stage.world.faults(kollus={"leak_token": True})

    with suppress(KollusRefused):
        address = uploading.create_address(title="Noon", is_encrypted=False, at=timezone.now())
        promises.keep(settings.KOLLUS_API_TOKEN not in address.url, "the token left the shop")


def an_address_leads_elsewhere(stage: Stage) -> None:
    """The server of passthrough uploads names an address of another one, with the token in it."""
    stage.world.configure(kollus={"profile_keys": ["acct"]})
    stage.world.faults(kollus={"address_elsewhere": True})

    with suppress(KollusRefused):
        address = passthrough.create_address(
            file_name="noon.mp4", profile_key="acct", is_encrypted=False, at=timezone.now()
        )
        promises.keep(
            urlsplit(address.url).netloc == urlsplit(settings.KOLLUS_PASSTHROUGH_BASE).netloc,
            "film and token go to another server",
        )


def a_second_film_is_sent_meanwhile(stage: Stage) -> None:
    """A colleague's file is on its way; the command sends another one and was not told to."""
    Video.objects.filter(pk=stage.film.pk).update(media_content_key="", is_published=False)
    stage.world.configure(kollus={"profile_keys": ["acct"]})
    first = _begun(stage)
    video = Video.objects.get(pk=stage.film.pk)

    with NamedTemporaryFile(suffix=".mp4") as file, suppress(sending.UnderWay):
        file.write(b"another one")
        file.flush()
        sending.send(
            video,
            Path(file.name),
            profile_key="acct",
            replace=False,
            told=lambda percent: None,
            at=timezone.now(),
        )

    upload = Upload.objects.get(upload_file_key=first.upload_file_key)
    promises.keep(upload.state == Upload.State.WAITING, "a colleague's upload was given up")


def _heard(stage: Stage) -> int:
    """Calls that were not refused as too soon, which are made again."""
    return len([call for call in stage.world.report()["kollus"]["api_calls"] if call["is_heard"]])


def _look(upload_file_key: str) -> None:
    with suppress(KollusUnavailable):
        library.find(upload_file_key)


def a_notice_is_forged(stage: Stage) -> None:
    """Somebody who knows the key of a file, but not the address, says that it failed."""
    address = _begun(stage)
    form = {"upload_file_key": address.upload_file_key, "transcoding_result": "fail"}

    answer = requests.post(f"{stage.shop.url}/callbacks/kollus/guessed/transcoding/", form, timeout=20)

    promises.keep(answer.status_code == 404, "a forged notice was answered")
    promises.keep(not KollusEvent.objects.exists(), "a forged notice was kept")


def two_workers_get_one_notice(stage: Stage) -> None:
    event = KollusEvent.objects.create(
        kind="update", upload_file_key=_ready(stage).upload_file_key, received_at=timezone.now()
    )
    before = _heard(stage)
    seen = [KollusEvent.objects.get(pk=event.pk), KollusEvent.objects.get(pk=event.pk)]

    for each in seen:
        callback_inbox.process(each, at=timezone.now())

    promises.keep(_heard(stage) - before == 1, "Kollus was asked twice about one notice")


def old_news_of_an_upload_come_late(stage: Stage) -> None:
    """The film is ready; a notice of its arrival, sent again, comes after all."""
    upload = _ready(stage)
    before = {name: promises.everything()[name] for name in ("Upload", "Video")}

    arrivals.refresh(upload.upload_file_key, at=timezone.now(), is_told_failed=True)

    promises.unchanged(before)


def two_tabs_begin_to_send(stage: Stage) -> None:
    _emptied(stage)

    with meeting(uploads, "_give_up_earlier", after=True):
        all_at_once(*[partial(_begun, stage)] * 2)

    waiting = Upload.objects.filter(state=Upload.State.WAITING).count()
    promises.keep(waiting == 1, f"{waiting} uploads are under way")


def an_older_file_comes_later(stage: Stage) -> None:
    """A first try was given up, but its file had come through, and Kollus was quicker with the second one."""
    first, second = _begun(stage, mark="a"), _begun(stage, mark="b")
    for address in (first, second):
        kollus_uploads.send(stage.world, address.url)
    arrivals.refresh(second.upload_file_key, at=timezone.now())

    arrivals.refresh(first.upload_file_key, at=timezone.now())

    film = Video.objects.get(pk=stage.film.pk)
    promises.keep(film.upload_file_key == second.upload_file_key, "an older file took its place")


def a_film_is_taken_out_of_its_channel(stage: Stage) -> None:
    """Somebody does it in Kollus' console, for a reason."""
    upload = _ready(stage)

    stage.world.act("detach_content", upload.upload_file_key)
    arrivals.refresh(upload.upload_file_key, at=timezone.now())

    keys = [each["keys"] for each in stage.world.report(only="kollus")["kollus"]["uploads"]]
    promises.keep(not any(keys), "the shop has put it back")


def a_film_that_is_gone_is_published(stage: Stage) -> None:
    """Everything is there but the file at Kollus."""
    films = Video.objects.filter(pk=stage.film.pk)
    films.update(is_published=False, poster="a.svg")
    KollusFilm.objects.create(video=stage.film, is_there=False, looked_at=timezone.now())

    with suppress(shelving.NotReady):
        shelving.publish(films.get())

    promises.keep(not films.get().is_published, "a film that is gone is in the shop")


def a_colleague_without_the_right_sends(stage: Stage) -> None:
    bo = office.signed_in(User.objects.create_user("bo@example.com"), "videos.view_offer")
    file = {"name": "noon.mp4", "size": 9, "mark": "a" * 64, "replace": "on"}

    answer = bo.post(f"/admin/videos/video/{stage.film.pk}/upload/", file)

    promises.keep(answer.status_code == 403, "a file was sent without the right to")


def _begun(stage: Stage, mark: str = "a") -> uploading.UploadAddress:
    stage.world.configure(kollus={"content_after_seconds": 0, "transcoding_seconds": 0})
    colleague, _ = User.objects.get_or_create(email="cho@example.com")
    file = uploads.File(name="noon.mp4", size=len(kollus_uploads.FILE), mark=mark * 64)
    video = Video.objects.get(pk=stage.film.pk)
    return uploads.begin(video, file, replace=True, by=colleague, at=timezone.now())


def _ready(stage: Stage) -> Upload:
    address = _begun(stage)
    kollus_uploads.send(stage.world, address.url)
    arrivals.refresh(address.upload_file_key, at=timezone.now())
    KollusEvent.objects.all().delete()
    return Upload.objects.get(upload_file_key=address.upload_file_key)


def _emptied(stage: Stage) -> None:
    """The colleague and the row of the turns are there, so that the two meet where they shall."""
    _begun(stage)
    Upload.objects.all().delete()
