"""Signed links to the Kollus player, and the mark by which its callbacks name our session.

Source: https://docs.kollus.com/en/dev-guide/vod/player/jwt/standard/
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.crypto import salted_hmac

from videos.kollus import signing

# Large enough to be read off a recording, faint enough to watch through; seconds, pixels, and 0 to 255.
_WATERMARK: Final = {
    "code_kind": "client_user_id",
    "font_size": 14,
    "font_color": "FFFFFF",
    "show_time": 5,
    "hide_time": 10,
    "alpha": 110,
}


@dataclass(frozen=True)
class Restrictions:
    """What the player shall do beside playing.

    `seekable_end` is how far the viewer may skip, where he may not skip freely; `drm_policy` is Multi DRM's;
    outside `section`, in seconds, nothing plays.
    """

    shows_code: bool = False
    seekable_end: int | None = None
    locks_speed: bool = False
    drm_policy: dict[str, Any] | None = None
    needs_kollus_player: bool = False
    section: tuple[int, int] | None = None


def playback_link(
    *,
    cuid: str,
    media_content_key: str,
    session_mark: str,
    until: datetime,
    from_seconds: int = 0,
    restrictions: Restrictions = Restrictions(),
) -> str:
    """This will give the address of the player for one viewer and one film, usable to start until `until`.

    The claims hold `expt` and nothing that RFC 7519 registers, which Kollus' gateway refuses.
    `from_seconds` is where playing starts, without asking; Kollus' own resume, which would ask, is off.
    `loadcheck` has a player on a computer show the words of our refusal, which it otherwise keeps to itself.
    """
    claims: dict[str, Any] = {
        "cuid": cuid,
        "expt": int(until.timestamp()),
        "mc": [{"mckey": media_content_key, **_item(restrictions)}],
    }
    if restrictions.shows_code:
        can_be_a_browser = not restrictions.needs_kollus_player
        claims["video_watermarking_code_policy"] = _WATERMARK | {"enable_html5_player": can_be_a_browser}
    query = {
        "custom_key": settings.KOLLUS_CUSTOM_KEY,
        "uservalue0": session_mark,
        "loadcheck": "0",
    }
    if from_seconds > 0:
        query["s"] = str(from_seconds)
    # The token's letters are safe in an address already.
    return f"{settings.KOLLUS_PLAYER_BASE}/s?jwt={signing.sign(claims)}&{urlencode(query)}&autoplay"


def _item(restrictions: Restrictions) -> dict[str, Any]:
    """What the film's entry holds beside its key; what is not restricted is left to the player's defaults.

    Where the viewer stopped is ours to know, on every screen: beside it Kollus' own resume would compete.
    """
    item: dict[str, Any] = {"disable_nscreen": True}
    if restrictions.seekable_end is not None:
        item |= {"seek": False, "seekable_end": restrictions.seekable_end}
    if restrictions.locks_speed:
        item["disable_playrate"] = True
    if restrictions.drm_policy is not None:
        item["drm_policy"] = restrictions.drm_policy
    if restrictions.section is not None:
        start, end = restrictions.section
        item["play_section"] = {"start_time": start, "end_time": end}
    return item


def session_mark(reference: str, *, cuid: str, media_content_key: str) -> str:
    """This will write `uservalue0`: our session's reference and a signature over it, the viewer and the film.

    It has no age of its own: progress may be reported weeks later. How old is too old is judged on our row.
    """
    return f"{reference}.{_mac(reference, cuid, media_content_key)}"


def read_session_mark(mark: str, *, cuid: str, media_content_key: str) -> str | None:
    """This will give the reference back if the mark was made by us for this viewer and film, else None."""
    if not all(part.isascii() for part in (mark, cuid, media_content_key)):
        return None
    reference, _, mac = mark.rpartition(".")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    good = [_mac(reference, cuid, media_content_key, secret=key) for key in keys]
    is_ours = any([hmac.compare_digest(mac.encode(), each.encode()) for each in good])  # noqa: C419 (none is spared)
    return reference if is_ours else None


def _mac(*parts: str, secret: str | None = None) -> str:
    message = "\n".join(parts)
    return salted_hmac(
        "videos.kollus.session", message, secret=secret, algorithm=hashlib.sha256().name
    ).hexdigest()[:32]
