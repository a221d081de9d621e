"""Version 0 of the API: `{"error": 0, "message": …, "result": …}`, errors often beside HTTP 200.

Source: https://github.com/yupmin-ct/kollus-sdk-php
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from sandbox.kollus import changes, gateway, library, switches
from sandbox.kollus.api_rules import ruled
from sandbox.worlds import World


def _refuse(status: int, message: str) -> HttpResponse:
    return JsonResponse({"error": status, "message": message, "result": {}})


def _ok(result: dict[str, Any]) -> HttpResponse:
    return JsonResponse({"error": 0, "message": "OK", "result": result})


@ruled("GET", _refuse)
def library_contents(request: HttpRequest, world: World) -> HttpResponse:
    """List the library, newest last."""
    return _page(request, library.rows(world, gateway.account_of(world)))


@ruled("GET", _refuse)
def library_content(request: HttpRequest, world: World, upload_file_key: str) -> HttpResponse:
    """Give one source."""
    rows = library.rows(world, gateway.account_of(world))
    found = [row for row in rows if row["upload_file_key"] == upload_file_key]
    if not found:
        return _refuse(switches.MISSING_CONTENT_STATUS, "media content not found")
    return _ok({"item": found[0]})


@ruled("GET", _refuse)
def channel_contents(request: HttpRequest, world: World) -> HttpResponse:
    """List what lies in one channel, each with its key there."""
    key = request.GET.get("channel_key", "")
    account = gateway.account_of(world)
    if key not in account.channels:
        return _refuse(404, "channel not found")
    rows = [
        {**row, "media_content_key": channel["media_content_key"]}
        for row in library.rows(world, account)
        for channel in row["channels"]
        if channel["key"] == key
    ]
    return _page(request, rows)


@ruled("GET", _refuse)
def channels(request: HttpRequest, world: World) -> HttpResponse:
    """List the account's channels."""
    account = gateway.account_of(world)
    lying = [each["key"] for row in library.rows(world, account) for each in row["channels"]]
    rows = [
        {"id": number, "name": key, "key": key, "count_of_media_contents": lying.count(key)}
        for number, key in enumerate(account.channels, start=1)
    ]
    return _page(request, rows)


@ruled("POST", _refuse)
def detach(request: HttpRequest, world: World, upload_file_key: str) -> HttpResponse:
    """Take a source out of a channel."""
    key = request.POST.get("channel_key", "")
    with world.lock:
        upload = library.content_of(world, upload_file_key)
        if upload is None or key not in upload["keys"]:
            return _refuse(switches.MISSING_CONTENT_STATUS, "media content not found")
        changes.detach(world, upload, key)
    return _ok({})


@ruled("POST", _refuse)
def delete(request: HttpRequest, world: World, upload_file_key: str) -> HttpResponse:
    """Take a source out of the library."""
    with world.lock:
        upload = library.content_of(world, upload_file_key)
        if upload is None:
            return _refuse(switches.MISSING_CONTENT_STATUS, "media content not found")
        changes.delete(world, upload)
    return _ok({})


@ruled("GET", _refuse)
def upload_files(request: HttpRequest, world: World) -> HttpResponse:
    """List what is or was on its way through transcoding."""
    account = gateway.account_of(world)
    return _page(request, [library.queued(world, each, account) for each in library.arrived(world)])


def _page(request: HttpRequest, rows: list[dict[str, Any]]) -> HttpResponse:
    page, per_page = int(request.GET.get("page", 1)), int(request.GET.get("per_page", 20))
    shown = rows[(page - 1) * per_page : page * per_page]
    return _ok({"count": len(rows), "per_page": per_page, "items": {"item": shown}})
