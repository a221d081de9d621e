"""A file's way from a colleague's browser to Kollus: one address for one try, and none without need.

What is written down of it is the same for a file that the server itself sends (`sending`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

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
    check(video, file, replace=replace)
    is_encrypted = video.protection == Video.Protection.KOLLUS
    address = uploading.create_address(title=video.title, is_encrypted=is_encrypted, at=at)
    note_begun(video, file, address.upload_file_key, until=address.until, by=by, at=at)
    return address


def check(video: Video, file: File, *, replace: bool) -> None:
    """:raises AlreadyHere, WouldReplace: see there."""
    arrived = video.uploads.filter(state__in=Upload.ARRIVED).order_by("-id").first()
    if arrived and arrived.file_mark == file.mark:
        raise AlreadyHere
    if (arrived or video.media_content_key) and not replace:
        raise WouldReplace


@transaction.atomic
def note_begun(
    video: Video, file: File, upload_file_key: str, *, until: datetime, by: User | None, at: datetime
) -> None:
    """This will write down that the file is on its way, and give an earlier try up."""
    Video.objects.select_for_update().get(pk=video.pk)
    _give_up_earlier(video, at=at)
    Upload.objects.create(
        video=video,
        upload_file_key=upload_file_key,
        file_name=file.name,
        file_size=file.size,
        file_mark=file.mark,
        asked_by=by,
        asked_at=at,
        address_until=until,
        look_after=at + _FIRST_LOOK,
    )


def note_sent(video: Video, upload_file_key: str, *, at: datetime) -> bool:
    """This will have Kollus asked at once, as the sender says that it is through. It is not believed."""
    waiting = video.uploads.filter(upload_file_key=upload_file_key, state=Upload.State.WAITING)
    return bool(waiting.update(look_after=at))


def note_lost(video: Video, upload_file_key: str, *, at: datetime) -> None:
    """This will give one try up, of which Kollus took nothing. Again, or when news came: nothing changes."""
    _give_up(video.uploads.filter(upload_file_key=upload_file_key, state=Upload.State.WAITING), at=at)


def _give_up_earlier(video: Video, *, at: datetime) -> None:
    _give_up(video.uploads.filter(state=Upload.State.WAITING), at=at)


def _give_up(tries: QuerySet[Upload], *, at: datetime) -> None:
    for earlier in tries:
        earlier.become(Upload.State.GIVEN_UP, at=at)
        earlier.look_again(at=at)
