"""A film that is encoded already goes to Kollus unchanged: from this server alone, never from a browser, as
its address ends with the account's token.

Sources: https://docs.kollus.com/en/dev-guide/vod/api/upload-api/ and
https://github.com/junginkim-catenoid/kollus-upload-v2 (`handles/handles.go`)
"""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

import requests
from django.conf import settings

from videos.kollus import api_client, uploading
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.kollus.file_form import FileForm
from videos.kollus.uploading import NoSuchProfile

# To connect, or for one piece of the file to leave; and for the answer once all of it has left.
_PIECE_SECONDS, _ANSWER_SECONDS = 60, 300


@dataclass(frozen=True)
class ServerAddress:
    """One request may be made to `url`, until `until`. It is a secret: for `send`, and for nothing else."""

    url: str = field(repr=False)
    upload_file_key: str
    until: datetime


def create_address(*, file_name: str, profile_key: str, is_encrypted: bool, at: datetime) -> ServerAddress:
    """This will ask for a fresh address, for a file that is encoded as the profile says.

    Kollus calls such a film by its file's name. That is sent as the title too, as it is not clear whether a
    title is not heeded here, or would become the name of the file.

    :raises videos.kollus.uploading.NoSuchProfile: see there.
    :raises KollusUnavailable: no answer of use.
    :raises KollusRefused: Kollus will not, or the address is not one of that server.
    """
    form = {
        "expire_time": int(uploading.LIFE.total_seconds()),
        "title": file_name,
        "is_encryption_upload": int(is_encrypted),
        "is_passthrough": 1,
        "profile_key": profile_key,
    }
    try:
        result = api_client.passthrough("create_url", form)
    except KollusRefused as error:
        if "profile key" in str(error).lower():
            raise NoSuchProfile(str(error)) from error
        raise
    told = uploading.read(result, at=at)
    if not _is_of_that_server(told.url):
        raise KollusRefused("the upload address is of another server")
    return ServerAddress(_as_asked(told.url), told.upload_file_key, told.until)


def send(address: ServerAddress, film: FileForm) -> None:
    """This will send the file, in one request that is neither repeated nor led elsewhere.

    An address refuses a second request, and one that came too early for it, with the same words: the next
    try takes a fresh one.

    :raises KollusRefused: Kollus took nothing.
    :raises KollusUnavailable: no answer of use: the file may have arrived, or not.
    :raises videos.kollus.file_form.FileSpoilt: it could not be sent whole.
    """
    trouble, status, body = "", 0, None
    try:
        answer = requests.post(
            address.url,
            data=film,
            headers={"Accept": "application/json", "Content-Type": film.content_type},
            timeout=(_PIECE_SECONDS, _ANSWER_SECONDS),
            allow_redirects=False,
        )
        status = answer.status_code
        body = answer.json() if _is_json(answer) else {}
    except requests.RequestException as error:
        trouble = type(error).__name__
    if trouble or status >= 500:  # raised out here: the other's text holds the address, and so the token
        raise KollusUnavailable(trouble or f"HTTP {status}")
    body = body if isinstance(body, dict) else {}
    if status != 200 or api_client.is_error(body):
        raise api_client.refusal(status, body)


def _is_json(answer: requests.Response) -> bool:
    """Else it may be the page with an alert, which is an answer as well."""
    return "json" in answer.headers.get("Content-Type", "")


def _is_of_that_server(url: str) -> bool:
    """Whether it is the one that was asked: token and film go nowhere else."""
    try:
        told = urlsplit(url)
    except ValueError:
        return False
    return told.scheme in ("https", "http") and told.netloc == _asked().netloc


def _as_asked(url: str) -> str:
    """The address by the scheme that was asked: Kollus' server writes `http://`, and speaks both."""
    return urlsplit(url)._replace(scheme=_asked().scheme).geturl()


def _asked() -> SplitResult:
    return urlsplit(settings.KOLLUS_PASSTHROUGH_BASE)
