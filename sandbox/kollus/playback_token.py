"""The playback token: what a link must carry before the player opens.

Source: https://docs.kollus.com/en/dev-guide/vod/player/jwt/standard/
"""

import logging
import re
from dataclasses import dataclass
from typing import Any

from sandbox.kollus import compact_jwt, drm_policy, switches
from sandbox.kollus.account import Account, Content
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.json_types import is_integer, is_section

logger = logging.getLogger(__name__)

_MCKEY = re.compile(r"[0-9A-Za-z]{8}")
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_FIRST_MILLISECOND_STAMP = 100_000_000_000
_ITEM_FLAGS = ("intr", "seek", "disable_playrate", "disable_nscreen")


@dataclass(frozen=True)
class PlaybackToken:
    """A token that may start its content; `item` is the entry of `mc` that plays, intros passed over."""

    claims: dict[str, Any]
    item: dict[str, Any]
    content: Content
    drm: dict[str, Any] | None = None  # what it asks of the licence server, decrypted

    @property
    def cuid(self) -> str:
        return str(self.claims.get("cuid", ""))


def check(text: str, account: Account, others: list[Account], *, at: float) -> PlaybackToken:
    """Verify a link's token for the account that its custom key names.

    `others` are the remaining accounts: a token that one of them signed is a custom key mixed up (4082).
    :raises PlayerError: with the code that the gateway shows.
    """
    claims = _signed_claims(text, account, others)
    _check_registered(claims)
    _check_expiry(claims.get("expt"), at)
    _check_viewer(claims.get("cuid"), account)
    item = _main_item(_items(claims.get("mc")))
    content = account.contents.get(item["mckey"])
    if content is None:
        raise PlayerError(4012, f"the account has no content {item['mckey']}")
    _check_watermark(claims.get("video_watermarking_code_policy"))
    return PlaybackToken(claims, item, content, _drm(claims, item, account, content))


def _drm(
    claims: dict[str, Any], item: dict[str, Any], account: Account, content: Content
) -> dict[str, Any] | None:
    if "drm_policy" in item:
        cuid = str(claims.get("cuid", ""))
        return drm_policy.read(item["drm_policy"], server=account.licence_server, cuid=cuid, content=content)
    is_wanted = content.protection == "multi_drm" and account.licence_server.site_id
    if is_wanted and switches.UNPROTECTED_MULTI_DRM_REFUSED:
        raise PlayerError(switches.BAD_POLICY_CODE, "a film under Multi DRM needs drm_policy")
    return None


def _signed_claims(text: str, account: Account, others: list[Account]) -> dict[str, Any]:
    if not account.security_key:
        raise PlayerError(4002, "the account has no security key")
    try:
        claims = compact_jwt.read(text, account.security_key)
    except compact_jwt.NotAToken as error:
        if any(_signed_by(text, other) for other in others):
            raise PlayerError(4082, "the token is another account's") from error
        raise PlayerError(4007, str(error)) from error
    if not isinstance(claims, dict):
        raise PlayerError(4007, "the payload is not an object")
    return claims


def _signed_by(text: str, account: Account) -> bool:
    try:
        compact_jwt.read(text, account.security_key)
    except compact_jwt.NotAToken:
        return False
    return bool(account.security_key)


def _check_registered(claims: dict[str, Any]) -> None:
    for name in switches.TOLERATED_CLAIMS & claims.keys():
        logger.warning("registered claim tolerated in a playback token", extra={"claim": name})
    refused = sorted(switches.REFUSED_CLAIMS & claims.keys())
    if refused:
        raise _malformed(f"registered claims are forbidden: {', '.join(refused)}")


def _check_expiry(expt: object, at: float) -> None:
    if not is_integer(expt):
        raise _malformed("expt must be an integer")
    if switches.MILLISECOND_EXPT_REFUSED and expt >= _FIRST_MILLISECOND_STAMP:
        raise _malformed("expt counts seconds, not milliseconds")
    if at > expt:
        raise PlayerError(4085, f"expt passed {at - expt:.0f} s ago")


def _check_viewer(cuid: object, account: Account) -> None:
    if cuid is not None and not isinstance(cuid, str):
        raise _malformed("cuid must be a string")
    if account.play_callback_url and not cuid:
        raise PlayerError(switches.MISSING_CUID_CODE, "cuid is required beside a playback callback")


def _items(mc: object) -> list[dict[str, Any]]:
    if not mc:
        raise PlayerError(4083, "mc names no content")
    if not isinstance(mc, list) or not all(isinstance(item, dict) for item in mc):
        raise _malformed("mc must be an array of objects")
    for item in mc:
        _check_item(item)
    return mc


def _check_item(item: dict[str, Any]) -> None:
    if "mckey" not in item:
        raise PlayerError(4083, "an entry of mc has no mckey")
    if not isinstance(item["mckey"], str) or not _MCKEY.fullmatch(item["mckey"]):
        raise PlayerError(4001, "mckey must be 8 letters and digits")
    for name in _ITEM_FLAGS:
        if item.get(name, False) not in (True, False):
            raise _malformed(f"mc[].{name} must be a boolean")
    if not is_integer(item.get("seekable_end", -1)):
        raise _malformed("mc[].seekable_end must be an integer")
    if "play_section" in item and not is_section(item["play_section"]):
        raise _malformed("mc[].play_section must end after it starts")


def _check_watermark(policy: object) -> None:
    if policy is None:
        return
    if not isinstance(policy, dict) or not isinstance(policy.get("code_kind"), str):
        raise _malformed("video_watermarking_code_policy must be an object with code_kind")
    for name in ("font_size", "show_time", "hide_time", "alpha"):
        if name in policy and not is_integer(policy[name]):
            raise _malformed(f"video_watermarking_code_policy.{name} must be an integer")
    if not 0 <= policy.get("alpha", 0) <= 255:
        raise _malformed("video_watermarking_code_policy.alpha is from 0 to 255")
    if not _COLOUR.fullmatch(str(policy.get("font_color", "FFFFFF"))):
        raise _malformed("video_watermarking_code_policy.font_color must be six hex digits")
    if policy.get("enable_html5_player", True) not in (True, False):
        raise _malformed("video_watermarking_code_policy.enable_html5_player must be a boolean")


def _main_item(items: list[dict[str, Any]]) -> dict[str, Any]:
    for item in items:
        if not item.get("intr"):
            return item
    raise PlayerError(4020, "mc holds intros only")


def _malformed(reason: str) -> PlayerError:
    return PlayerError(switches.MALFORMED_CLAIM_CODE, reason)
