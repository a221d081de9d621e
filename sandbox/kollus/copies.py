"""The installed player's downloads: it asks before one, tells when it is done, and asks at each play of it.

What is refused is not asked again; where nobody answers, nothing is downloaded or played, and the viewer may
try again. Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/drm-callback/
"""

import json
import secrets
from dataclasses import asdict
from typing import Any

from sandbox.kollus import download_reply, http_client, play_callback, starts, switches
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.reply import Reply
from sandbox.kollus.starts import Start
from sandbox.worlds import World

KIND = "kollus.copy"
CALLBACK_KIND = "kollus.download_callback"
_LIMITS = ("expiration_date", "expiration_count")

Json = dict[str, Any]


def download(world: World, account: Account, start: Start) -> Json:
    """Ask for leave, keep a copy, and say that it is there. :raises PlayerError: it was not allowed."""
    if start["stopped"]:
        raise PlayerError(start["stopped"], "this start has been refused")
    if not account.permits_downloads:
        raise PlayerError(8650, "the channel permits no downloads")
    try:
        (allowed,) = _ask(world, account, [_item(world, start, 1)])
    except PlayerError as error:
        if error.code == 8655:
            starts.change(world, start, stopped=error.code)
        raise
    copy = {"id": secrets.token_hex(8), "start": start["id"], "state": "kept", "plays": 0, "code": None}
    copy |= {"expiration_date": 0, "expiration_count": 0, "check_expiration_date": 0, "confirmed": False}
    _keep(world, copy, _limits(allowed))
    _confirm(world, account, copy, start)
    return copy


def play(world: World, account: Account, copy: Json, *, renews: bool = False) -> Json:
    """Play a copy, or renew it alone. :raises PlayerError: it may not be played (any more)."""
    start = world.get(starts.KIND, copy["start"]) or {}
    if copy["code"]:
        raise PlayerError(copy["code"], "this copy has been refused")
    at = world.clocks["kollus"].now()
    must_check_in = 0 < copy["check_expiration_date"] <= at
    over = _over(copy, at)
    asked = {"content_expired": int(over is not None), "check_expired": int(must_check_in)}
    item = _item(world, start, 3) | asked | {"reset_req": int(renews)}
    item |= {"expiration_date": copy["expiration_date"], "session_key": secrets.token_hex(6)}
    try:
        (element,) = _ask(world, account, [item | {"start_at": int(at)}])
    except PlayerError as error:
        if error.code in switches.ENDS_A_COPY:
            _keep(world, copy, {"code": error.code, "state": "deleted" if error.code == 8680 else "ended"})
        raise
    if over and element.get("content_expire_reset") != 1:
        raise over
    plays = 0 if element.get("content_expire_reset") == 1 else copy["plays"]
    checked = {"check_expiration_date": 0} if must_check_in else {}
    _keep(world, copy, _limits(element) | checked | {"plays": plays + (0 if renews else 1)})
    return copy


def _over(copy: Json, at: float) -> PlayerError | None:
    if copy["expiration_date"] and at >= copy["expiration_date"]:
        return PlayerError(8643, "the copy's day has passed")
    if copy["expiration_count"] and copy["plays"] >= copy["expiration_count"]:
        return PlayerError(8644, "the copy has been played as often as it may")
    return None


def _confirm(world: World, account: Account, copy: Json, start: Start) -> None:
    """The file is there whatever the answer; a site may have it deleted at once."""
    try:
        (done,) = _ask(world, account, [_item(world, start, 2)])
        _keep(world, copy, {"confirmed": True, "check_expiration_date": done.get("check_expiration_date", 0)})
    except PlayerError as error:
        if error.code == 8680:
            _keep(world, copy, {"state": "deleted", "code": 8680})
        raise


def _limits(element: Json) -> Json:
    return {name: element[name] for name in _LIMITS if name in element}


def _keep(world: World, copy: Json, changes: Json) -> None:
    with world.lock:
        copy |= changes
        world.put(KIND, copy["id"], copy)


def _item(world: World, start: Start, kind: int) -> Json:
    fields: Json = play_callback.form(start, kind=kind, at=world.clocks["kollus"].seconds())
    return fields | {
        "kind": kind,
        "uservalues": start["uservalues"],
        "localtime": world.clocks["kollus"].seconds(),
    }


def _ask(world: World, account: Account, items: list[Json]) -> list[Json]:
    """Ask the shop, keep what was asked and answered, and return the elements that allow it."""
    at = world.clocks["kollus"].now()
    fields = {"items": json.dumps(items, separators=(",", ":"), ensure_ascii=False)}
    reply = _post(world, account, fields)
    record: Json = {"at": int(at), "items": items, "reply": asdict(reply), "verdict": "allowed", "code": None}
    try:
        elements = download_reply.elements_of(reply, account, items, at=at)
        for item, element in zip(items, elements, strict=True):
            download_reply.judge(item, element, at=at)
    except PlayerError as error:
        record |= {"verdict": "refused", "code": error.code, "reason": error.reason}
        raise
    finally:
        world.log(CALLBACK_KIND, record)
    return elements


def _post(world: World, account: Account, fields: dict[str, str]) -> Reply:
    if world.faults.value("kollus", "callback_down") or not account.download_callback_url:
        return Reply(curl_code=play_callback.CONNECTION_FAILED)
    url = account.download_callback_url
    return http_client.post(url, fields, timeout_seconds=switches.CALLBACK_SECONDS)
