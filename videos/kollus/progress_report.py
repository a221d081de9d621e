"""The LMS callback's words: what a player reports of the minutes watched.

Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/lms-callback/
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from videos.kollus.play_callback import BadCallback

_LATEST = 4102444800  # 2100-01-01: anything later is no time of a report


@dataclass(frozen=True)
class ProgressReport:
    """`position_seconds` is where the film stood at `stood_at` by the player's word; replays count once
    in `watched_seconds`.
    """

    cuid: str
    media_content_key: str
    session_mark: str
    position_seconds: int
    watched_seconds: int
    stood_at: datetime


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
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadCallback(type(error).__name__) from error
