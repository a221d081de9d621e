"""The server of passthrough uploads: `{"error": 0, "result": …}`; it refuses by HTTP 400, the number as text,
the words under `message:` with the colon in the key, and writes for people when an address ends.

Source: https://github.com/junginkim-catenoid/kollus-upload-v2
"""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse

from sandbox.kollus import gateway, library, switches, upload_form
from sandbox.kollus.api_rules import ruled
from sandbox.settings import origin
from sandbox.worlds import World

_NO_PROFILE = "The profile key does not exist."
_FOREIGN_PROFILE = "The profile key does not match."


def _refuse(status: int, message: str) -> HttpResponse:
    if status == switches.BAD_TOKEN_STATUS:  # a token is not judged here, but opens no list of profiles
        status, message = 400, _FOREIGN_PROFILE
    return JsonResponse({"error": "1", "message:": message}, status=status)


@ruled("POST", _refuse)
def create_url(request: HttpRequest, world: World) -> HttpResponse:
    """Give out an address for one upload, which ends with the account's token."""
    form = request.POST.dict()
    if wrong := upload_form.wrong_in(form):
        return _refuse(400, f"failed to create upload session, {wrong}")
    if form.get("is_passthrough") != "1" or not form.get("profile_key"):
        return _refuse(400, _NO_PROFILE)
    if form["profile_key"] not in gateway.account_of(world).profile_keys:
        return _refuse(400, _FOREIGN_PROFILE)
    upload = library.expect(world, form, seconds=upload_form.seconds_of(form))
    host = origin(library.UPLOAD_HOST) if world.faults.value("kollus", "address_elsewhere") else ""
    base = f"{host}/api/v1" if host else request.build_absolute_uri("/kollus-upload/api/v1")
    address = library.address(upload, base=base, tail=library.token_tail(world, upload))
    ends = datetime.fromtimestamp(address.pop("expired_at"), UTC)
    address["will_be_expired_at"] = f"{ends:%Y-%m-%d %H:%M:%S} +0000 UTC"
    return JsonResponse({"error": 0, "result": address})
