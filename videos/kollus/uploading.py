"""The address to which a browser may send one file, once. What holds the token is in `passthrough`.

Source: https://docs.kollus.com/en/dev-guide/vod/api/upload-api/
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from videos.kollus import api_client
from videos.kollus.api_client import KollusRefused, KollusUnavailable

# The longest that Kollus allows: a long film on a slow line takes hours.
LIFE = timedelta(seconds=21_600)


class NoSuchProfile(KollusRefused):
    """The account has no encoding profile of this key; a token that is wrong looks the same to Kollus."""


@dataclass(frozen=True)
class UploadAddress:
    """One request may be made to `url`, until `until`; the file will be known as `upload_file_key`."""

    url: str = field(repr=False)
    upload_file_key: str
    until: datetime


def create_address(*, title: str, is_encrypted: bool, at: datetime) -> UploadAddress:
    """This will ask for a fresh address. `is_encrypted` asks for Kollus' own DRM.

    Never a passthrough upload: the address of one holds the account's token.

    :raises KollusUnavailable: no answer of use.
    :raises KollusRefused: Kollus will not, or the address is not one for a browser.
    """
    form = {
        "expire_time": int(LIFE.total_seconds()),
        "title": title,
        "is_encryption_upload": int(is_encrypted),
        "is_audio_upload": 0,
    }
    address = read(api_client.current("POST", "upload/create-url", form), at=at)
    if not _is_for_browsers(address.url):
        raise KollusRefused("the upload address is not for browsers")
    return address


def read(data: Any, *, at: datetime) -> UploadAddress:
    """This will take an address out of an answer, wherever it leads: that is for the caller to judge.

    :raises KollusUnavailable: there is none.
    """
    try:
        url, key = str(data["upload_url"]), str(data["upload_file_key"])
    except (KeyError, TypeError) as error:
        raise KollusUnavailable("no upload address") from error
    if not key or len(key) > 64:
        raise KollusUnavailable("no upload file key")
    return UploadAddress(url, key, _end_of(data.get("expired_at") or data.get("will_be_expired_at"), at=at))


def _is_for_browsers(url: str) -> bool:
    """Whether it leads where the page's policy allows, and gives no token away."""
    parts = urlsplit(url)
    is_ours = f"{parts.scheme}://{parts.netloc}" == settings.KOLLUS_UPLOAD_BASE
    return is_ours and settings.KOLLUS_API_TOKEN not in unquote(url)


def _end_of(told: object, *, at: datetime) -> datetime:
    """Older servers write it as text for people; then it is what was asked for."""
    try:
        return datetime.fromtimestamp(int(str(told)), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return at + LIFE
