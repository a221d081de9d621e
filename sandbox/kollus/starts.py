"""One start of a content: from the verified link until the viewer leaves."""

import secrets
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest

from sandbox.kollus import device, obeying, switches
from sandbox.kollus.account import Account
from sandbox.kollus.playback_token import PlaybackToken
from sandbox.worlds import World

KIND = "kollus.start"

Start = dict[str, Any]


def open_start(world: World, token: PlaybackToken, request: HttpRequest) -> Start:
    """Keep and return a new start: what the token said, what the link added, who asks from where."""
    query = {name: value for name, value in request.GET.items() if name not in ("jwt", "custom_key")}
    user_agent = request.headers.get("User-Agent", "")
    start = {
        "id": secrets.token_urlsafe(16),
        "at": world.clocks["kollus"].seconds(),
        "claims": token.claims,
        "item": token.item,
        "content": asdict(token.content),
        "cuid": token.cuid,
        "mckey": token.content.mckey,
        "query": query,
        "uservalues": {name: value for name, value in query.items() if _is_uservalue(name)},
        "host_name": urlsplit(request.headers.get("Referer", "")).hostname or "",
        "player_id": device.player_id(user_agent, request.META.get("REMOTE_ADDR", "")),
        "device": device.system(user_agent),
        "device_name": device.model(user_agent),
        "allowed": [],
        "expiration_date": None,
        "expiration_playtime": 0,
        "licence": None,
        "heard_at": 0,
        "has_left": False,
        "playtime": 0,
        "position": 0,
        "stopped": None,
        "obeys": obeying.of_token(token),
        "obeyed": dict.fromkeys(obeying.ACTS, 0),
        "licence_until": None,
    }
    return world.put(KIND, str(start["id"]), start)


def change(world: World, start: Start, **changes: Any) -> None:
    """Keep what has changed about the start."""
    with world.lock:
        start.update(changes)
        world.put(KIND, start["id"], start)


def resumed_at(world: World, start: Start) -> int:
    """Return where this viewer stopped in this content, on whichever screen; 0 where that is not told."""
    if start["item"].get("disable_nscreen") or not start["cuid"] or not switches.RESUMES_ELSEWHERE:
        return 0
    before = (each for each in reversed(world.all(KIND)) if each["id"] != start["id"])
    his = (each for each in before if (each["cuid"], each["mckey"]) == (start["cuid"], start["mckey"]))
    return next((int(each["position"]) for each in his if each.get("position")), 0)


def needs_callback(start: Start, account: Account) -> bool:
    """Tell whether the shop must allow this start; without its URL, playback starts unapproved."""
    return bool(account.play_callback_url) and start["claims"].get("playcallback_ignore") is not True


def is_allowed(start: Start) -> bool:
    """Tell whether every call that a start makes has been allowed."""
    return set(switches.CALLBACK_KINDS) <= set(start["allowed"])


def is_playing(world: World, start: Start) -> bool:
    """Tell whether its player is open, as far as Kollus has heard."""
    silent = world.clocks["kollus"].now() - start.get("heard_at", 0)
    is_over = start.get("has_left") or start["stopped"] or silent > switches.SILENT_DEVICE_SECONDS
    return is_allowed(start) and not is_over


def over_code(world: World, start: Start, playtime: float) -> int | None:
    """Return the code of the limit that this start has reached by now, or None."""
    if start["expiration_date"] is not None and world.clocks["kollus"].now() >= start["expiration_date"]:
        return switches.EXPIRED_REPLY_CODE
    if 0 < start["expiration_playtime"] <= playtime:
        return 8686
    if start["licence_until"] is not None and world.clocks["kollus"].now() >= start["licence_until"]:
        return switches.LICENCE_OVER_CODE
    return None


def _is_uservalue(name: str) -> bool:
    number = name.removeprefix("uservalue")
    return number != name and number.isdecimal() and int(number) <= 99
