"""The licence server: gives the film's key once, for a start that the shop has allowed.

It stands for a Multi DRM licence server and speaks EME's Clear Key format:
https://www.w3.org/TR/encrypted-media-2/#clear-key
"""

import base64
import json
import secrets
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from sandbox.kollus import starts, switches
from sandbox.kollus.gateway import wait
from sandbox.kollus.starts import Start
from sandbox.worlds import World, worlds

KIND = "kollus.licence"
REFUSED_KIND = "kollus.licence_refused"

_KEYS = Path(__file__).resolve().parent.parent / "data" / "kollus" / "key"


def grant(world: World, start: Start) -> str:
    """Return the token that opens the licence server once, soon, for this start."""
    token = f"{world.name}.{start['id']}.{secrets.token_urlsafe(16)}"
    until = world.clocks["kollus"].now() + switches.LICENCE_SECONDS
    starts.change(world, start, licence={"token": token, "until": until, "used": False})
    return token


@require_POST
def licence(request: HttpRequest) -> HttpResponse:
    """Answer a Clear Key licence request whose bearer token is good; 403 for anything else."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    name, _, rest = token.partition(".")
    world = worlds().by_name(name)
    if world is None:
        return _refusal("no such token")
    wait(world)
    if world.faults.value("kollus", "licence_down"):
        return JsonResponse({"error": "the licence server is down"}, status=503)
    at, start_id = world.clocks["kollus"].now(), rest.partition(".")[0]
    reason = _use(world, start_id, token, at) or ("" if _asks_for_ours(request.body) else "another key")
    world.log(REFUSED_KIND if reason else KIND, {"at": int(at), "start": start_id, "reason": reason})
    return _refusal(reason) if reason else JsonResponse({"keys": [_key()], "type": "temporary"})


def _use(world: World, start_id: str, token: str, at: float) -> str:
    """Use the token up; return what is wrong with it, or nothing."""
    with world.lock:
        start = world.get(starts.KIND, start_id)
        given = start["licence"] if start else None
        if start is None or given is None:
            return "no such token"
        if not secrets.compare_digest(given["token"].encode(), token.encode()):
            return "no such token"
        if given["used"]:
            return "the token is used up"
        if at >= given["until"] or start["stopped"]:
            return "the token has expired"
        starts.change(world, start, licence={**given, "used": True}, licence_until=_until(start, at))
        return ""


def _until(start: Start, at: float) -> float | None:
    """The rule's `license_duration`; 0 is no end."""
    drm = start["obeys"]["drm"]
    seconds = drm["rule"]["playback_policy"]["license_duration"] if drm else 0
    return at + seconds if seconds else None


def _asks_for_ours(body: bytes) -> bool:
    try:
        wanted = json.loads(body)["kids"]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(wanted, list) and _key()["kid"] in wanted


@cache
def _key() -> dict[str, str]:
    return {"kty": "oct", "kid": _base64url("kid.hex"), "k": _base64url("key.hex")}


def _base64url(name: str) -> str:
    raw = bytes.fromhex((_KEYS / name).read_text())
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _refusal(reason: str) -> HttpResponse:
    return JsonResponse({"error": reason}, status=403)
