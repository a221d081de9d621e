"""The current API: `{"status": "ok", "data": …}`.

Sources: https://docs.kollus.com/en/dev-guide/vod/api/upload-api/ and https://guide2.kollus.com/dev-guide/vod/api/vod-api
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from sandbox.kollus import gateway, library, platform_callbacks, switches, upload_form
from sandbox.kollus.api_rules import ruled
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
        key = library.attach(world, upload, channel_key)
    facts = {"media_content_key": key, "channel_key": channel_key, "channel_name": channel_key}
    platform_callbacks.plan(world, "channel", upload, {**facts, "profile_key": "", "update_type": "add"})
    return _ok({})
