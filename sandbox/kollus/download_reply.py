"""What the shop answers to the download callback, read as strictly as an installed player reads it.

The same envelope as the playback callback's, but `data` is an array with one element for each item asked.
Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/drm-callback/
"""

from typing import Any

from sandbox.kollus import switches
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.json_types import is_integer
from sandbox.kollus.play_reply import LAST_EXPIRATION
from sandbox.kollus.reply import Envelope, Reply

_ENVELOPE = Envelope("download callback", transport=9000, empty=8651, unsigned=8634, malformed=8635)
_REFUSED = {1: 8655, 2: 8656, 3: 8657}
_MOST_PLAYS = 1000
_SHORTEST_PLAYTIME, _LONGEST_PLAYTIME = 60, 604_800
_FLAGS = (
    *("result", "expiration_playtime_type", "expiration_refresh_popup", "vmcheck", "check_abuse"),
    *("content_delete", "content_expired", "content_expire_reset"),
)

Json = dict[str, Any]


def elements_of(reply: Reply, account: Account, items: list[Json], *, at: float) -> list[Json]:
    """Return the reply's element for each item, in the order of the items.

    :raises PlayerError: 90xx, 94xx, 95xx no answer or another status than 200; 8651 empty; 8634 not a JWT
        that the security key signed, or no X-Kollus-UserKey beside it; 8635 not the JSON that is expected;
        8636 a value out of its range; 8682 an item was left unanswered.
    """
    payload = _ENVELOPE.open(reply, account)
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        raise PlayerError(8635, "the payload must be an object whose data is an array of objects")
    exp = payload.get("exp", at)
    if switches.REPLY_EXP_CHECKED and (not is_integer(exp) or at > exp):
        raise PlayerError(8634, "the reply's exp has passed")
    for each in data:
        _check(each)
    return [_of(item, data) for item in items]


def judge(item: Json, element: Json, *, at: float) -> None:
    """Return if the element allows what the item asked.

    :raises PlayerError: 8655 to 8657 refused, 8680 to be deleted, 8681 another question's answer, 8658 ended,
        8643 its day has passed.
    """
    kind, message = item["kind"], str(element.get("message", ""))
    if element["result"] != 1:
        raise PlayerError(_REFUSED[kind], "the site refused", message)
    if kind != 1 and element.get("content_delete") == 1:
        raise PlayerError(8680, "the site has the file deleted", message)
    if kind == 3:
        _judge_play(item, element, message)
    if element.get("expiration_date") and at >= element["expiration_date"]:
        raise PlayerError(8643, "expiration_date has passed", message)


def _judge_play(item: Json, element: Json, message: str) -> None:
    is_reset = element.get("content_expire_reset") == 1
    if element.get("session_key") != item["session_key"] or element.get("start_at") != item["start_at"]:
        raise PlayerError(8681 if is_reset else 8635, "session_key and start_at must be echoed")
    if element.get("content_expired") == 1:  # it wins over a reset
        raise PlayerError(8658, "the site says content_expired", message)


def _of(item: Json, data: list[Json]) -> Json:
    asked = (item["kind"], item["media_content_key"])
    for each in data:
        if (each["kind"], each["media_content_key"]) == asked:
            return each
    raise PlayerError(8682, f"no element for kind {item['kind']} of {item['media_content_key']}")


def _check(element: Json) -> None:
    if "result" not in element or not isinstance(element.get("media_content_key"), str):
        raise PlayerError(8635, "result and media_content_key are required")
    if not is_integer(element.get("kind")) or element["kind"] not in _REFUSED:
        raise PlayerError(8635, "kind must be the integer 1, 2 or 3")
    for name in _FLAGS:
        if name in element and (not is_integer(element[name]) or element[name] not in (0, 1)):
            raise PlayerError(8635, f"{name} must be the integer 0 or 1")
    if "message" in element and not isinstance(element["message"], str):
        raise PlayerError(8635, "message must be a string")
    ranges = {
        "expiration_date": (0, LAST_EXPIRATION),
        "check_expiration_date": (0, LAST_EXPIRATION),
        "expiration_count": (0, _MOST_PLAYS),
        "start_at": (0, LAST_EXPIRATION),
    }
    for name, (low, high) in ranges.items():
        if name in element and not (is_integer(element[name]) and low <= element[name] <= high):
            raise PlayerError(8636, f"{name} must be an integer from {low} to {high}")
    playtime = element.get("expiration_playtime", 0)
    is_fitting = is_integer(playtime) and _SHORTEST_PLAYTIME <= playtime <= _LONGEST_PLAYTIME
    if playtime != 0 and not is_fitting:
        raise PlayerError(8636, "expiration_playtime must be 0, or 60 to 604800 s")
