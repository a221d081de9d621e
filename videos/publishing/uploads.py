"""A file's way from a colleague's browser to Kollus: one address for one try, and none without need."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from videos.kollus import uploading
from videos.kollus.uploading import UploadAddress
from videos.models import Upload, Video

_FIRST_LOOK = timedelta(minutes=10)


@dataclass(frozen=True)
class File:
    """What the browser says of it; `mark` is by what the page knows the same file again."""

    name: str
    size: int
    mark: str


class AlreadyHere(Exception):
    """This very file has arrived: sending it again would only cost time."""


class WouldReplace(Exception):
    """The video has a film already, and nobody said that this one shall take its place."""


def begin(video: Video, file: File, *, replace: bool, by: User, at: datetime) -> UploadAddress:
    """This will give an address for one try to send the file. An earlier try of this video is given up.

    :raises AlreadyHere, WouldReplace: see there.
    :raises videos.kollus.api_client.KollusUnavailable: nothing was begun.
    :raises videos.kollus.api_client.KollusRefused: likewise.
    """
    _check(video, file, replace=replace)
    is_encrypted = video.protection == Video.Protection.KOLLUS
    address = uploading.create_address(title=video.title, is_encrypted=is_encrypted, at=at)
    with transaction.atomic():
        Video.objects.select_for_update().get(pk=video.pk)
        _give_up_earlier(video, at=at)
        Upload.objects.create(
            video=video,
            upload_file_key=address.upload_file_key,
            file_name=file.name,
            file_size=file.size,
            file_mark=file.mark,
            asked_by=by,
            asked_at=at,
            address_until=address.until,
            look_after=at + _FIRST_LOOK,
        )
    return address


def note_sent(video: Video, upload_file_key: str, *, at: datetime) -> bool:
    """This will have Kollus asked at once, as the browser says that it is through. It is not believed."""
    waiting = video.uploads.filter(upload_file_key=upload_file_key, state=Upload.State.WAITING)
    return bool(waiting.update(look_after=at))


def _give_up_earlier(video: Video, *, at: datetime) -> None:
    for earlier in video.uploads.filter(state=Upload.State.WAITING):
        earlier.become(Upload.State.GIVEN_UP, at=at)
        earlier.look_again(at=at)


def _check(video: Video, file: File, *, replace: bool) -> None:
    arrived = video.uploads.filter(state__in=Upload.ARRIVED).order_by("-id").first()
    if arrived and arrived.file_mark == file.mark:
        raise AlreadyHere
    if (arrived or video.media_content_key) and not replace:
        raise WouldReplace
