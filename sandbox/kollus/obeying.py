"""What a start's token and the shop's answer tell its player to forbid, and what came of it.

All of it can be read in the controls' report, under `obeys` and `obeyed` of a start.
"""

from typing import Any

from sandbox.kollus import drm_policy, switches
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.playback_token import PlaybackToken
from sandbox.worlds import World

# What the page tells as it happens: a seek cut short or not made, a change of speed not made, a code shown.
ACTS = ("seek_refused", "speed_refused", "watermark_shown")

Json = dict[str, Any]


def of_token(token: PlaybackToken) -> Json:
    """Return what the link forbids. `watermark` is None where none is shown."""
    item, claims = token.item, token.claims
    return {
        "seek": bool(item.get("seek", True)),
        "seekable_end": item.get("seekable_end", -1),
        "speed": not item.get("disable_playrate", False),
        "rates": claims.get("playback_rates") or list(switches.PLAYBACK_RATES),
        "section": item.get("play_section"),
        "watermark": _watermark(token),
        "drm": token.drm,
    }


def of_reply(data: Json) -> Json:
    """Return what the shop's yes forbids, in the player's own terms."""
    return {
        "until": data.get("expiration_date"),
        "playtime": data.get("expiration_playtime", 0),
        "tv_out": data.get("disable_tvout") == 1,
        "virtual_machine": data.get("vmcheck", 1) == 1,
        **({"section": data["play_section"]} if "play_section" in data else {}),
    }


def check_device(world: World, data: Json) -> None:
    """Return if the device that the controls describe may play.

    :raises PlayerError: it has what the shop's answer forbids.
    """
    machine: Json = world.faults.value("kollus", "device") or {}
    forbidden = of_reply(data)
    if machine.get("tv_out") and forbidden["tv_out"]:
        raise PlayerError(switches.TV_OUT_CODE, "an external display, which the shop forbids")
    if machine.get("virtual_machine") and forbidden["virtual_machine"]:
        raise PlayerError(switches.VIRTUAL_MACHINE_CODE, "a virtual machine, which the shop forbids")


def check_display(world: World, obeys: Json) -> None:
    """Return if the display can do what the licence's rule demands; without a word of the controls it can.

    :raises PlayerError: it cannot.
    """
    machine: Json = world.faults.value("kollus", "device") or {}
    drm: Json | None = obeys["drm"]
    if drm and machine.get("hdcp", 2) < drm_policy.wanted_hdcp(drm["rule"], drm["drm_type"]):
        raise PlayerError(switches.WEAK_DISPLAY_CODE, "the display has not the HDCP that the rule demands")


def _watermark(token: PlaybackToken) -> Json | None:
    policy = token.claims.get("video_watermarking_code_policy")
    if not isinstance(policy, dict) or policy.get("code_kind") != "client_user_id":
        return None
    return {**policy, "text": token.cuid}
