"""What the shop answers to the playback callback, read as strictly as the player reads it.

The body is a bare compact JWT, signed with the security key; the header X-Kollus-UserKey holds the custom
key; the payload is `{"data": {...}}` with integers written as JSON integers.
Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/play-callback/
"""

from typing import Any

from sandbox.kollus import switches
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.json_types import is_integer, is_section
from sandbox.kollus.reply import Envelope, Reply

LAST_EXPIRATION = 1_893_455_999  # 2029-12-31T23:59:59Z

_REFUSED = {1: 8673, 3: 8675}
_FLAGS = ("result", "content_expired", "disable_tvout", "vmcheck")
_ENVELOPE = Envelope("playback callback", transport=10000, empty=8670, unsigned=8671, malformed=8672)


def claims_of(reply: Reply, account: Account, *, at: float) -> dict[str, Any]:
    """Return the reply's `data`.

    :raises PlayerError: 100xx no answer, 104xx/105xx another status than 200, 8670 empty, 8671 not a JWT that
        the security key signed or no X-Kollus-UserKey beside it, 8672 not the JSON that is expected.
    """
    payload = _ENVELOPE.open(reply, account)
    if not isinstance(payload, dict) or not isinstance(payload.get("data"), dict):
        raise _malformed("the payload must be an object whose data is an object")
    exp = payload.get("exp", at)
    if switches.REPLY_EXP_CHECKED and (not isinstance(exp, int | float) or at > exp):
        raise PlayerError(8671, "the reply's exp has passed")
    data: dict[str, Any] = payload["data"]
    _check_types(data)
    return data


def allow(data: dict[str, Any], *, kind: int, shows_message: bool, at: float) -> None:
    """Return if the reply allows this kind of call.

    :raises PlayerError: 8673 or 8675 with the site's message, 8674 when the validity is over.
    """
    if data["result"] != 1:
        message = str(data.get("message", "")) if shows_message else ""
        raise PlayerError(_REFUSED[kind], "the site refused", message)
    if data.get("content_expired") == 1 and kind == 3:
        raise PlayerError(8674, "the site says content_expired", str(data.get("message", "")))
    if kind == 1 and "expiration_date" in data and at >= data["expiration_date"]:
        raise PlayerError(switches.EXPIRED_REPLY_CODE, "expiration_date has passed")


def _check_types(data: dict[str, Any]) -> None:
    if "result" not in data:
        raise _malformed("result is required")
    for name in _FLAGS:
        if name in data and (not is_integer(data[name]) or data[name] not in (0, 1)):
            raise _malformed(f"{name} must be the integer 0 or 1")
    for name in ("expiration_date", "expiration_playtime"):
        if name in data and (not is_integer(data[name]) or data[name] < 0):
            raise _malformed(f"{name} must be an integer")
    if data.get("expiration_date", 0) > LAST_EXPIRATION:
        raise _malformed("expiration_date is after 2029")
    if "message" in data and not isinstance(data["message"], str):
        raise _malformed("message must be a string")
    if "play_section" in data:
        _check_section(data["play_section"])


def _check_section(section: object) -> None:
    # One official sample sends an object, another an array of them; both are taken.
    for part in section if isinstance(section, list) else [section]:
        if not is_section(part):
            raise _malformed("play_section must be {start_time, end_time} in seconds")


def _malformed(reason: str) -> PlayerError:
    return PlayerError(switches.MALFORMED_REPLY_CODE, reason)
