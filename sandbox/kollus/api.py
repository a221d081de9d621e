"""The current API: `{"status": "ok", "data": …}`.

Sources: https://docs.kollus.com/en/dev-guide/vod/api/upload-api/ and https://guide2.kollus.com/dev-guide/vod/api/vod-api
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from sandbox.kollus import changes, gateway, library, switches, upload_form
from sandbox.kollus.api_rules import ruled
from sandbox.settings import origin
from sandbox.worlds import World


def _refuse(status: int, message: str) -> HttpResponse:
    return JsonResponse({"status": "error", "message": message}, status=status)


def _ok(data: Any) -> HttpResponse:
    return JsonResponse({"status": "ok", "data": data})


@ruled("POST", _refuse)
def create_url(request: HttpRequest, world: World) -> HttpResponse:
    """Give out an address for one upload."""
    form = request.POST.dict()
    if wrong := upload_form.wrong_in(form):
        return _refuse(400, wrong)
    if form.get("is_passthrough") == "1":
        return _refuse(400, "profile key does not exist")  # such an upload is asked of another host
    upload = library.expect(world, form, seconds=upload_form.seconds_of(form))
    leak = world.faults.value("kollus", "leak_token")
    return _ok(library.address(upload, tail=library.token_tail(world, upload) if leak else ""))


@ruled("POST", _refuse)
def attach(request: HttpRequest, world: World, channel_key: str, upload_file_key: str) -> HttpResponse:
    """Put a source into a channel, which gives it a media content key there."""
    if channel_key not in gateway.account_of(world).channels:
        return _refuse(404, "channel not found")
    with world.lock:
        upload = library.content_of(world, upload_file_key)
        if upload is None:
            return _refuse(switches.MISSING_CONTENT_STATUS, "media content not found")
        if channel_key in upload["keys"]:
            return _refuse(switches.ATTACHED_TWICE_STATUS, "already attached")
        changes.attach(world, upload, channel_key)
    return _ok({})


@ruled("GET", _refuse)
def channel(request: HttpRequest, world: World, channel_key: str) -> HttpResponse:
    """Give one channel. Of its fields only these are known."""
    if channel_key not in gateway.account_of(world).channels:
        return _refuse(404, "channel not found")
    return _ok({"key": channel_key, "name": channel_key})


@ruled("GET", _refuse)
def content(request: HttpRequest, world: World, upload_file_key: str) -> HttpResponse:
    """Give one source: its keys, in no named order, and its poster."""
    for row in library.rows(world, gateway.account_of(world)):
        if row["upload_file_key"] == upload_file_key:
            keys = [each["media_content_key"] for each in row["channels"]]
            poster = f"{origin('kollus.localhost')}/poster/{keys[0]}.jpg" if keys else None
            return _ok({"upload_file_key": upload_file_key, "media_content_keys": keys, "poster_url": poster})
    return _refuse(switches.MISSING_CONTENT_STATUS, "media content not found")
