"""What lies in the library at Kollus and in its channels, in words of ours.

Version 0 is read, since only it tells of transcoding, channels and captions in one row.
Source: https://github.com/yupmin-ct/kollus-sdk-php
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from videos.kollus import api_client
from videos.kollus.api_client import KollusRefused, KollusUnavailable

T = TypeVar("T")

_FINISHED = 21  # the one stage whose number is known
_PER_PAGE = 100
_MOST_PAGES = 1000


@dataclass(frozen=True)
class Content:
    """One source. `keys` are its media content keys by channel; `captions` the names of its subtitles."""

    upload_file_key: str
    is_transcoded: bool
    duration_seconds: int
    is_encrypted: bool = False
    keys: dict[str, str] = field(default_factory=dict)
    captions: tuple[str, ...] = ()


def find(upload_file_key: str) -> Content | None:
    """This will read one source, None where Kollus has none of that key (yet).

    :raises KollusUnavailable: no answer of use.
    :raises KollusRefused: the call itself is refused.
    """
    try:
        result = api_client.version_0(f"media/library/media_content/{upload_file_key}")
    except KollusRefused as error:
        if error.is_missing:
            return None
        raise
    row = result.get("item")
    return _content(row) if row else None


def contents() -> Iterator[Content]:
    """This will read the whole library, a hundred rows a call. Raises as `find` does."""
    for row in _rows("media/library/media_content", {}):
        yield _content(row)


def keys_in(channel_key: str) -> dict[str, str]:
    """This will read a channel: the media content key of each upload file key. Raises as `find` does."""
    rows = _rows("media/channel/media_content", {"channel_key": channel_key})
    return dict(map(_place, rows))


def attach(upload_file_key: str, channel_key: str) -> bool:
    """This will put a source into a channel, and return False where it is too early for that.

    Raises as `find` does.
    """
    try:
        api_client.current("POST", f"channels/{channel_key}/media-contents/{upload_file_key}/attach", {})
    except KollusRefused as error:
        if error.is_missing:
            return False
        raise
    return True


def _rows(path: str, query: dict[str, Any]) -> Iterator[object]:
    for page in range(1, _MOST_PAGES):
        result = api_client.version_0(path, {**query, "page": page, "per_page": _PER_PAGE})
        rows = result.get("items") or []
        rows = rows.get("item") or [] if isinstance(rows, dict) else rows
        if not isinstance(rows, list):
            raise KollusUnavailable("no rows")
        yield from rows
        if len(rows) < _PER_PAGE:
            return


def _readable(read: Callable[[Any], T]) -> Callable[[object], T]:
    """A row of another shape than the known ones is no answer; or a film would seem to be gone by it."""

    @wraps(read)
    def tried(row: object) -> T:
        try:
            return read(row)
        except (AttributeError, TypeError, ValueError) as error:
            raise KollusUnavailable("an odd row") from error

    return tried


@_readable
def _place(row: dict[str, Any]) -> tuple[str, str]:
    return str(row.get("upload_file_key", "")), str(row.get("media_content_key", ""))


@_readable
def _content(row: dict[str, Any]) -> Content:
    channels = row.get("channels") or []
    return Content(
        upload_file_key=str(row.get("upload_file_key", "")),
        is_transcoded=str(row.get("transcoding_stage")) == str(_FINISHED),
        duration_seconds=_seconds(row.get("duration")),
        is_encrypted=str(row.get("use_encryption")) in ("1", "True"),
        keys={str(each.get("key")): str(each.get("media_content_key") or "") for each in channels},
        captions=tuple(
            str(each.get("name") or each.get("language_id")) for each in row.get("subtitles") or []
        ),
    )


def _seconds(told: object) -> int:
    """From 24, "24.0" or "00:00:24"; 0 where it is none of these. A part of a second counts as one."""
    try:
        seconds = 0.0
        for part in str(told).split(":"):
            seconds = seconds * 60 + float(part)
        return math.ceil(seconds)
    except (ValueError, OverflowError):
        return 0
