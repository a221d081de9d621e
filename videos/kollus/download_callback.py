"""The download callback's words: what an installed player asks about copies that it keeps, several at once.

Unlike the playback callback's the answer's `data` is an array, one element for each item that was asked.
Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/drm-callback/
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from videos.kollus import play_callback
from videos.kollus.play_callback import LAST_EXPIRATION_DATE, BadCallback

BEFORE_DOWNLOAD, DOWNLOADED, PLAYING_COPY = 1, 2, 3
_MOST_ITEMS: Final = 50
_LONGEST: Final = 200
_RENEWALS: Final = ("reset_req", "content_expired", "check_expired")


@dataclass(frozen=True)
class CopyQuestion:
    """`session_key` and `start_at` are echoed; `wants_renewal` where the copy has run out, or asks before:
    then it `renews_alone` and nothing plays.
    """

    kind: int
    cuid: str
    player_id: str
    device: str
    media_content_key: str
    session_mark: str
    session_key: Any = None
    start_at: int = 0
    wants_renewal: bool = False
    renews_alone: bool = False


@dataclass(frozen=True)
class CopyAnswer:
    """`until` and `plays` are the copy's new limits (0 plays are any number); those left out stay."""

    is_allowed: bool
    message: str = ""
    until: datetime | None = None
    plays: int | None = None
    is_renewed: bool = False
    is_over: bool = False
    is_taken_back: bool = False


@dataclass(frozen=True)
class Answered:
    """One element of the array."""

    question: CopyQuestion
    answer: CopyAnswer


def read(form: Mapping[str, str]) -> list[CopyQuestion]:
    """This will read the posted form.

    :raises BadCallback: it holds no items, or one of another shape.
    """
    try:
        items = json.loads(form["items"])
        if not isinstance(items, list) or not 0 < len(items) <= _MOST_ITEMS:
            raise BadCallback("items")
        return [_read(item) for item in items]
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadCallback(type(error).__name__) from error


def write(answered: list[Answered], *, answer_until: datetime) -> str:
    """This will sign the answers, good until then."""
    data = [_element(each.question, each.answer) for each in answered]
    return play_callback.sign({"data": data, "exp": int(answer_until.timestamp())})


def _read(item: Any) -> CopyQuestion:
    values = item.get("uservalues") or {}
    values = json.loads(values) if isinstance(values, str) else values
    question = CopyQuestion(
        kind=int(item["kind"]),
        cuid=str(item["client_user_id"]),
        player_id=str(item.get("player_id") or "")[:120],
        device=str(item.get("device_name") or "")[:60],
        media_content_key=str(item["media_content_key"]),
        session_mark=str(values.get("uservalue0", "")),
        session_key=item.get("session_key"),
        start_at=int(item.get("start_at") or 0),
        wants_renewal=any(str(item.get(name)) == "1" for name in _RENEWALS),
        renews_alone=str(item.get("reset_req")) == "1",
    )
    if question.kind not in (BEFORE_DOWNLOAD, DOWNLOADED, PLAYING_COPY):
        raise BadCallback("kind")
    texts = f"{question.player_id}{question.device}".encode()  # half a surrogate pair is no text
    if b"\0" in texts or len(str(question.session_key)) > _LONGEST:
        raise BadCallback("text")
    return question


def _element(question: CopyQuestion, answer: CopyAnswer) -> dict[str, object]:
    element: dict[str, object] = {
        "kind": question.kind,
        "media_content_key": question.media_content_key,
        "result": int(answer.is_allowed),
    }
    if answer.message:
        element["message"] = answer.message
    if question.kind == PLAYING_COPY:
        element |= {"session_key": question.session_key, "start_at": question.start_at}
    if not answer.is_allowed:
        return element
    if question.kind == DOWNLOADED:
        element |= {"content_delete": int(answer.is_taken_back), "check_expiration_date": _date(answer.until)}
        return element
    if answer.until is not None:
        element["expiration_date"] = _date(answer.until)
    if answer.plays is not None:
        element["expiration_count"] = answer.plays
    if question.kind == BEFORE_DOWNLOAD:
        element["check_abuse"] = 1  # each play of the copy asks
    else:
        element |= {
            "content_expired": int(answer.is_over),
            "content_delete": int(answer.is_taken_back),
            "content_expire_reset": int(answer.is_renewed),
        }
    return element


def _date(until: datetime | None) -> int:
    """0 is no end."""
    return min(int(until.timestamp()), LAST_EXPIRATION_DATE) if until else 0
