"""The host that takes files: one request to each address, from any page, with one part named `upload-file`.

Source: https://github.com/junginkim-catenoid/kollus-upload-v2
"""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sandbox.kollus import gateway, library, platform_callbacks, switches, upload_count
from sandbox.server import cut_connection
from sandbox.worlds import World

_EXPIRED = "User request was expired."
_CHUNK_BYTES = 256 * 1024
_METHODS = "GET, POST, PUT, DELETE, PATCH, HEAD"
_HEADERS = "Origin, Accept, Content-Type, Authorization, X-Requested-With"


@csrf_exempt
def receive(request: HttpRequest, key: str, again: str, tail: str = "") -> HttpResponse:
    """Take the file. Whatever comes of it, the address is used up; `tail` ends one of passthrough."""
    if request.method == "OPTIONS":
        return _for_any_page(request, HttpResponse())
    found = library.find_upload(key) if key == again else None
    if request.method != "POST" or found is None:
        return _answer(request, 404, 1, _EXPIRED)
    world, upload = found
    if tail != (library.token_tail(world, upload).lstrip("/") if upload.get("profile_key") else ""):
        return _answer(request, 404, 1, _EXPIRED)
    if world.faults.take("kollus", "redirect_uploads"):
        return HttpResponse(status=307, headers={"Location": request.get_full_path()})
    with world.lock:
        is_open = not upload["is_used"] and world.clocks["kollus"].now() < upload["expires_at"]
        if is_open:
            world.put(library.UPLOAD, key, {**upload, "is_used": True})
    if not is_open:
        return _answer(request, 404, 1, _EXPIRED)
    if world.faults.take("kollus", "cut_uploads"):
        request.read(_CHUNK_BYTES)
        return cut_connection()
    upload_count.count(request, lambda percent: _note(world, key, percent))
    length = request.META.get("CONTENT_LENGTH") or "0"
    file: Any = request.FILES.get("upload-file") if length.isdecimal() and int(length) else None
    if file is None or not file.size:
        return _answer(request, 400, 1, "Bad file.")
    _keep(world, key, file)
    return _answer(request, 200, 0, "Successfully uploaded.")


def progress(request: HttpRequest, key: str) -> HttpResponse:
    """Say how much has come, in percent."""
    found = library.find_upload(key)
    if found is None:
        body = {"error": 1, "message": "Upload_key does not exist."}
        return _for_any_page(request, JsonResponse(body, status=404))
    body = {"error": 0, "message": "OK", "result": {"progress": found[1]["progress"]}}
    return _for_any_page(request, JsonResponse(body))


def _note(world: World, key: str, percent: int) -> None:
    with world.lock:
        if (upload := world.get(library.UPLOAD, key)) is not None:
            world.put(library.UPLOAD, key, {**upload, "progress": percent})


def _keep(world: World, key: str, file: Any) -> None:
    digest = hashlib.sha256()
    for chunk in file.chunks(_CHUNK_BYTES):
        digest.update(chunk)
    facts = {"file_name": file.name, "size": file.size, "sha256": digest.hexdigest(), "progress": 100}
    with world.lock:
        upload = world.get(library.UPLOAD, key)
        if upload is None:
            return  # the world was reset meanwhile
        facts["fails"] = bool(world.faults.value("kollus", "transcoding_fails"))
        if upload.get("profile_key"):
            facts["title"] = file.name  # whatever title the address was asked for with
        upload = world.put(
            library.UPLOAD, key, {**upload, **facts, "arrived_at": world.clocks["kollus"].now()}
        )
    account = gateway.account_of(world)
    platform_callbacks.plan(world, "upload", upload, {"full_filename": f"/{file.name}"})
    if upload.get("profile_key") and not switches.PASSTHROUGH_TELLS_OF_TRANSCODING:
        return
    result = "fail" if upload["fails"] else "success"
    told = {"transcoding_result": result, "filename": f"/{file.name}"}
    platform_callbacks.plan(world, "transcoding", upload, told, after_seconds=account.transcoding_seconds)


def _answer(request: HttpRequest, status: int, error: int, message: str) -> HttpResponse:
    wants_json = request.POST.get("accept") == "application/json" if request.FILES else True
    if wants_json or status != 200:
        return _for_any_page(request, JsonResponse({"error": error, "message": message}, status=status))
    return _for_any_page(request, HttpResponse(f"<script>alert({message!r})</script>"))


def _for_any_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if page := request.headers.get("Origin"):
        response.headers["Access-Control-Allow-Origin"] = page
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
    return response
