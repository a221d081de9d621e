"""A film that is encoded already, from this server's disk to Kollus as it is ("passthrough").

It begins as an upload from a browser does, and goes on as one: by Kollus' notices, the sweep and the sync. No
face but the command that sends may know of this module, for the address holds the account's token.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import connection

from videos.kollus import passthrough
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.kollus.file_form import FileForm, FileSpoilt
from videos.kollus.passthrough import ServerAddress
from videos.models import Upload, Video
from videos.publishing import uploads
from videos.publishing.uploads import File

_END_BYTES = 1024 * 1024


class NoFile(Exception):
    """There is nothing to send; the text says why."""


class UnderWay(Exception):
    """Another file of the video is being sent, and nobody said that this one shall take its place."""


class NotTaken(Exception):
    """Kollus took nothing of the file; the text, for whoever sends, says why. The next try begins anew."""


class OutcomeUnknown(Exception):
    """The line broke: the file may have arrived, so Kollus is asked. The next try begins anew."""


def send(
    video: Video,
    path: Path,
    *,
    profile_key: str,
    replace: bool,
    told: Callable[[int], None],
    at: datetime,
) -> str:
    """This will send a film and return its upload file key. `told` hears each percent that has left.

    Again, it gets a fresh address and begins from the start; the earlier try of that file is given up.

    :raises NoFile, UnderWay: see there; nothing was begun.
    :raises videos.publishing.uploads.AlreadyHere, videos.publishing.uploads.WouldReplace: likewise.
    :raises videos.kollus.uploading.NoSuchProfile: likewise.
    :raises videos.kollus.api_client.KollusUnavailable: likewise.
    :raises videos.kollus.api_client.KollusRefused: likewise.
    :raises NotTaken, OutcomeUnknown: see there.
    :raises videos.kollus.file_form.FileSpoilt: nothing whole was sent.
    """
    with _opened(path) as film:
        form = FileForm(film, name=_name_of(path), told=told)
        file = File(name=_name_of(path), size=form.size, mark=_mark_of(film, form.size))
        address = _begin(video, file, profile_key=profile_key, replace=replace, at=at)
        if not connection.in_atomic_block:
            connection.close()  # one that idles for the hours that a film takes would be dead afterwards
        _send(video, address, form, at=at)
    return address.upload_file_key


def _begin(video: Video, file: File, *, profile_key: str, replace: bool, at: datetime) -> ServerAddress:
    uploads.check(video, file, replace=replace)
    _check_alone(video, file, replace=replace, at=at)
    address = passthrough.create_address(
        file_name=file.name,
        profile_key=profile_key,
        is_encrypted=video.protection == Video.Protection.KOLLUS,
        at=at,
    )
    uploads.note_begun(video, file, address.upload_file_key, until=address.until, by=None, at=at)
    return address


def _check_alone(video: Video, file: File, *, replace: bool, at: datetime) -> None:
    waiting = video.uploads.filter(state=Upload.State.WAITING, address_until__gt=at)
    if not replace and waiting.exclude(file_mark=file.mark).exists():
        raise UnderWay


def _send(video: Video, address: ServerAddress, form: FileForm, *, at: datetime) -> None:
    try:
        passthrough.send(address, form)
    except FileSpoilt:
        uploads.note_lost(video, address.upload_file_key, at=at)
        raise
    except KollusRefused as error:
        uploads.note_lost(video, address.upload_file_key, at=at)
        raise NotTaken(str(error)) from error
    except KollusUnavailable as error:
        uploads.note_sent(video, address.upload_file_key, at=at)
        raise OutcomeUnknown(str(error)) from error
    uploads.note_sent(video, address.upload_file_key, at=at)


def _opened(path: Path) -> BinaryIO:
    """:raises NoFile: there is none, it is empty, or it may not be read."""
    try:
        if not path.is_file():
            raise NoFile("there is no such file")
        if not path.stat().st_size:
            raise NoFile("it is empty")
        return path.open("rb")
    except OSError as error:
        raise NoFile(error.strerror or "it cannot be read") from error


def _name_of(path: Path) -> str:
    """The file's name, composed as people type it (macOS takes Hangul apart), on one line."""
    name = unicodedata.normalize("NFC", path.name)
    return "".join("_" if unicodedata.category(each) in ("Cc", "Cs") else each for each in name)[:255]


def _mark_of(film: BinaryIO, size: int) -> str:
    """The mark that the page makes of the same file: a hash over its size and both its ends."""
    digest = hashlib.sha256(f"{size}:".encode())
    digest.update(film.read(_END_BYTES))
    film.seek(max(0, size - _END_BYTES))
    digest.update(film.read(_END_BYTES))
    return digest.hexdigest()
