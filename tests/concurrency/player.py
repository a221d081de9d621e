"""The player behind one link, as far as it talks to the shop over its socket."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from django.conf import settings

from tests.concurrency.stage import Stage
from tests.player import Link, opened


@dataclass(frozen=True)
class Player:
    stage: Stage
    link: str
    name: str = "player-1"
    secret: str = ""

    def asks(self, *, kind: int = 3, mark: str = "") -> str:
        """Send the playback callback and return "yes", "no" or the status of an unsigned answer."""
        form = self._who | {"kind": kind, "uservalues": json.dumps({"uservalue0": mark or self.mark})}
        answer = requests.post(self._address("play"), form, timeout=40)
        if answer.status_code != 200:
            return str(answer.status_code)
        return "yes" if opened(answer.text)["data"]["result"] == 1 else "no"

    def downloads(self) -> str:
        """Ask for leave to keep the film: "yes", "no" or the status of an unsigned answer."""
        return self._asks_of_copy({"kind": 1})

    def plays_copy(self) -> str:
        """Ask whether the copy may be played: the same."""
        return self._asks_of_copy({"kind": 3, "session_key": "1", "start_at": 1})

    def _asks_of_copy(self, asked: dict[str, Any]) -> str:
        item = self._who | asked | {"uservalues": {"uservalue0": self.mark}}
        answer = requests.post(self._address("download"), {"items": json.dumps([item])}, timeout=40)
        if answer.status_code != 200:
            return str(answer.status_code)
        return "yes" if opened(answer.text)["data"][0]["result"] == 1 else "no"

    def reports(
        self, position: int, *, at: datetime, stretches: Sequence[tuple[int, int]] = ()
    ) -> requests.Response:
        """Send a progress report of this instant: a position and stretches (start, length), in seconds."""
        data = {
            "user_info": {"client_user_id": self._link.cuid},
            "content_info": {
                "media_content_key": self._link.media_content_key,
                "start_at": int(at.timestamp()),
                "runtime": 0,
                "last_play_at": position,
                "real_playtime": position,
            },
            "block_info": {
                "sessions": [{"start_time": first, "play_time": length} for first, length in stretches]
            },
            "uservalues": {"uservalue0": self.mark},
        }
        return requests.post(self._address("lms"), {"json_data": json.dumps(data)}, timeout=40)

    @property
    def mark(self) -> str:
        """What signs that a callback belongs to this link's session."""
        return self._link.mark

    @property
    def _link(self) -> Link:
        return Link(self.link)

    @property
    def _who(self) -> dict[str, Any]:
        return {
            "client_user_id": self._link.cuid,
            "player_id": self.name,
            "media_content_key": self._link.media_content_key,
        }

    def _address(self, what: str) -> str:
        secret = self.secret or settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]
        return f"{self.stage.shop.url}/callbacks/kollus/{secret}/{what}/"
