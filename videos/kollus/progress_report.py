"""The LMS callback's words: what a player reports of the minutes watched.

Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/lms-callback/
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from videos.kollus.play_callback import BadCallback

_LATEST = 4102444800  # 2100-01-01: anything later is no time of a report
_LONGEST = 7 * 86_400  # no film is longer, by Kollus' own limit of an upload's size
_MOST_BLOCKS, _MOST_REPLAYS = 10_000, 10


@dataclass(frozen=True)
class ProgressReport:
    """`position_seconds` is where the film stood at `stood_at` by the player's word; replays count once
    in `watched_seconds`.

    `start` names the start of the film that it tells of, by the gateway's clock or, for a downloaded copy,
    the device's. `stretches` are what that start played so far, each its first second and its length in
    seconds of film, at whatever speed.
    """

    cuid: str
    media_content_key: str
    session_mark: str
    position_seconds: int
    watched_seconds: int
    stood_at: datetime
    start: int = 0
    stretches: tuple[tuple[int, int], ...] = ()


def read(form: Mapping[str, str]) -> ProgressReport:
    """This will read `json_data`, from a posted form or a query alike.

    :raises BadCallback: it is missing, not JSON, or lacks what we need.
    """
    try:
        data = json.loads(form["json_data"])
        content, values = data["content_info"], data.get("uservalues") or {}
        seconds = int(content["start_at"]) + int(content.get("runtime", 0))
        return ProgressReport(
            cuid=str(data["user_info"]["client_user_id"]),
            media_content_key=str(content["media_content_key"]),
            session_mark=str(values.get("uservalue0", "")),
            position_seconds=max(0, int(content["last_play_at"])),
            watched_seconds=max(0, int(content.get("real_playtime", 0))),
            stood_at=datetime.fromtimestamp(min(max(0, seconds), _LATEST), tz=UTC),
            start=min(max(0, int(content["start_at"])), _LATEST),
            stretches=_stretches(data.get("block_info") or {}, content),
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadCallback(type(error).__name__) from error


def _stretches(block_info: Mapping[str, Any], content: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """The stretches where the player lists them, to the second; else what its blocks tell."""
    sessions = block_info.get("sessions") or []
    if sessions:
        told = ((int(each["start_time"]), int(each["play_time"])) for each in sessions)
        return tuple((second, length) for second, length in told if second >= 0 and length > 0)
    blocks, count = block_info.get("blocks") or {}, int(block_info.get("block_count", 0))
    duration = int(content.get("duration", 0))
    if not 0 < count <= _MOST_BLOCKS or not 0 < duration <= _LONGEST:
        return ()
    return tuple(_of_blocks(blocks, count, duration))


def _of_blocks(blocks: Mapping[str, Any], count: int, duration: int) -> Iterator[tuple[int, int]]:
    """A block is so many percent seen, taken from its beginning; what was played beyond that are replays."""
    for number in range(count):
        low, high = (round(edge * duration / count) for edge in (number, number + 1))
        seen = min(high - low, round((high - low) * int(blocks.get(f"p{number}", 0)) / 100))
        if seen <= 0 or not int(blocks.get(f"b{number}", 0)):
            continue
        yield low, seen
        again = min(int(blocks.get(f"t{number}", 0)), _MOST_REPLAYS * seen) - seen
        while again > 0:
            yield low, min(seen, again)
            again -= seen
