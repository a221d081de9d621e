"""The current API: `{"status": "ok", "data": …}`.

Sources: https://docs.kollus.com/en/dev-guide/vod/api/upload-api/ and https://guide2.kollus.com/dev-guide/vod/api/vod-api
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from sandbox.kollus import gateway, library, platform_callbacks, switches
from sandbox.kollus.api_rules import ruled
from sandbox.worlds import World

_LONGEST_SECONDS = 21600
_FLAGS = ("is_encryption_upload", "is_audio_upload", "is_passthrough")
_KNOWN = {"expire_time", "category_key", "title", "profile_key", *_FLAGS}


def _refuse(status: int, message: str) -> HttpResponse:
    return JsonResponse({"status": "error", "message": message}, status=status)


def _ok(data: Any) -> HttpResponse:
    return JsonResponse({"status": "ok", "data": data})


@ruled("POST", _refuse)
def create_url(request: HttpRequest, world: World) -> HttpResponse:
    """Give out an address for one upload."""
    form = request.POST.dict()
    if wrong := _wrong_in(form):
        return _refuse(400, wrong)
    seconds = int(str(form.get("expire_time", 600)))
    upload = library.expect(world, form, seconds=seconds)
    leak = world.faults.value("kollus", "leak_token")
    return _ok(library.address(world, upload, passthrough=bool(leak)))


def _wrong_in(form: dict[str, Any]) -> str:
    unknown = sorted(set(form) - _KNOWN)
    if unknown and switches.UNKNOWN_PARAMETERS_REFUSED:
        return f"Unknown parameter: {unknown[0]}."
    seconds = str(form.get("expire_time", 600))
    if not seconds.isdecimal() or not 0 < int(seconds) <= _LONGEST_SECONDS:
        return "expire_time must be above 0 and at most 21600."
    if any(str(form.get(flag, 0)) not in ("0", "1") for flag in _FLAGS):
        return "A flag must be 0 or 1."
    if str(form.get("is_audio_upload", 0)) == "1":
        return "audio profile key does not exist"
    if str(form.get("is_passthrough", 0)) == "1":
        return "profile key does not exist"  # the sandbox's account has no profiles
    if form.get("category_key"):
        return "category does not exist"
    return ""


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
