"""The playback callback: before a frame is shown, the player asks the shop whether this viewer may watch.

Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/play-callback/
"""

import json
from dataclasses import asdict
from typing import Any

from sandbox.kollus import device, http_client, obeying, starts, switches
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.play_reply import allow, claims_of
from sandbox.kollus.reply import Reply
from sandbox.kollus.starts import Start
from sandbox.worlds import World

KIND = "kollus.callback"
CONNECTION_FAILED = 7  # as cURL numbers it

Data = dict[str, Any]


def form(start: Start, *, kind: int, at: int) -> dict[str, str]:
    """Return the fields that the player sends."""
    return {
        "kind": str(kind),
        "client_user_id": start["cuid"],
        "player_id": start["player_id"],
        "hardware_id": "",
        "device_name": start["device_name"],
        "media_content_key": start["mckey"],
        "uservalues": json.dumps(start["uservalues"], separators=(",", ":"), ensure_ascii=False),
        "localtime": str(at),
    }


def ask(world: World, account: Account, start: Start, *, kind: int) -> Reply:
    """Call the shop from here, as a player with a server behind it does."""
    if world.faults.value("kollus", "callback_down"):
        return Reply(curl_code=CONNECTION_FAILED)
    fields = form(start, kind=kind, at=world.clocks["kollus"].seconds())
    return http_client.post(account.play_callback_url, fields, timeout_seconds=switches.CALLBACK_SECONDS)


def judge(world: World, account: Account, start: Start, *, kind: int, reply: Reply) -> None:
    """Read the reply, keep it with its verdict, and let the start go on if it allows that.

    :raises PlayerError: the reply refuses or cannot be read.
    """
    at = world.clocks["kollus"].seconds()
    record: Data = {
        "at": at,
        "start": start["id"],
        "kind": kind,
        "url": account.play_callback_url,
        "form": form(start, kind=kind, at=at),
        "reply": asdict(reply),
        "claims": None,
        "verdict": "allowed",
        "code": None,
        "reason": "",
    }
    try:
        data = record["claims"] = claims_of(reply, account, at=at)
        allow(data, kind=kind, shows_message=_shows_message(start), at=at)
        if kind == 1:
            obeying.check_device(world, data)
    except PlayerError as error:
        record |= {"verdict": "refused", "code": error.code, "reason": error.reason}
        starts.change(world, start, stopped=error.code)
        raise
    finally:
        world.log(KIND, record)
    limits = _limits(start, data) if kind == 1 else {}
    starts.change(world, start, allowed=[*start["allowed"], kind], **limits)


def _shows_message(start: Start) -> bool:
    """Tell whether the viewer reads the site's own words."""
    needs_word = switches.MESSAGE_NEEDS_LOADCHECK and device.is_computer(start["device"])
    return not needs_word or start["query"].get("loadcheck") == "0"


def _limits(start: Start, data: Data) -> Data:
    return {
        "obeys": start["obeys"] | obeying.of_reply(data),
        "expiration_date": data.get("expiration_date"),
        "expiration_playtime": data.get("expiration_playtime", 0),
        "section": data.get("play_section"),
    }
