"""Plays the part of Kollus' player: reads links by means of its own, asks and tells what a player does."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

Json = dict[str, Any]
PLAY = "/callbacks/kollus/tests-player-secret/play/"
DOWNLOAD = "/callbacks/kollus/tests-player-secret/download/"
LMS = "/callbacks/kollus/tests-player-secret/lms/"
_BLOCKS = 10


@dataclass(frozen=True)
class Link:
    """A player's address, taken apart."""

    url: str

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._all.items()}

    @property
    def claims(self) -> Json:
        """What the token says, once its signature was found to be right."""
        return opened(self.query["jwt"])

    @property
    def cuid(self) -> str:
        return str(self.claims["cuid"])

    @property
    def media_content_key(self) -> str:
        return str(self.claims["mc"][0]["mckey"])

    @property
    def mark(self) -> str:
        return self.query["uservalue0"]

    @property
    def _all(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.url).query, keep_blank_values=True)


def question(link: Link, kind: int | str = 1, *, player_id: str = "P-1", **changes: str) -> dict[str, str]:
    """The form of the playback callback. `changes` override or add fields."""
    form = {
        "kind": str(kind),
        "client_user_id": link.cuid,
        "player_id": player_id,
        "hardware_id": "",
        "device_name": "Windows",
        "media_content_key": link.media_content_key,
        "uservalues": json.dumps({"uservalue0": link.mark}),
        "localtime": "1767225600",
    }
    return form | changes


def item(link: Link, kind: int, *, player_id: str = "phone-1", **changes: Any) -> Json:
    """One item of the download callback. `changes` override or add fields."""
    asked: Json = {
        "kind": kind,
        "client_user_id": link.cuid,
        "player_id": player_id,
        "hardware_id": "",
        "device_name": "Galaxy",
        "media_content_key": link.media_content_key,
        "uservalues": {"uservalue0": link.mark},
        "localtime": 1767225600,
    }
    playing = {"start_at": 1767225600, "session_key": "key-1", "content_expired": 0} if kind == 3 else {}
    return asked | playing | changes


def report(link: Link, *, start_at: int, position: int = 0, watched: int = 0, runtime: int = 0) -> Json:
    """The progress callback's `json_data`, before it is written as text."""
    seen = max(0, min(watched, 24))
    return {
        "user_info": {
            "content_provider_key": "acct",
            "client_user_id": link.cuid,
            "player_id": "P-1",
            "hardware_id": "",
            "device": "Windows",
        },
        "content_info": {
            "duration": 24,
            "encoding_profile": "acct-pc1-high",
            "media_content_key": link.media_content_key,
            "channel_key": "ch1",
            "real_playtime": watched,
            "playtime": watched,
            "playtime_percent": 100 * watched // 24,
            "start_at": start_at,
            "last_play_at": position,
            "runtime": runtime,
            "showtime": runtime,
        },
        "block_info": {"block_count": 1, "blocks": {"b0": 1, "t0": seen, "p0": 100 * seen // 24}},
        "uservalues": {"uservalue0": link.mark},
    }


def report_of(
    link: Link, stretches: list[tuple[int, int]], *, start_at: int, duration: int, runtime: int = 0
) -> Json:
    """A report of all that one start played so far: stretches, each its first second and its length."""
    said = report(link, start_at=start_at, runtime=runtime)
    seen = {second for first, length in stretches for second in range(first, first + length)}
    playtime = sum(length for _first, length in stretches)
    size = duration / _BLOCKS
    said["content_info"] |= {
        "duration": duration,
        "real_playtime": len(seen),
        "playtime": playtime,
        "playtime_percent": 100 * playtime // duration,
        "last_play_at": sum(stretches[-1]) if stretches else 0,
    }
    blocks: Json = {}
    for number in range(_BLOCKS):
        block = range(round(number * size), round((number + 1) * size))
        times = [len(range(max(f, block.start), min(f + n, block.stop))) for f, n in stretches]
        share = 100 * len(seen & set(block)) // len(block) if len(block) else 0
        blocks |= {f"b{number}": int(any(times)), f"t{number}": sum(times), f"p{number}": share}
    sessions = [{"block": int(f / size), "start_time": f, "play_time": n} for f, n in stretches]
    said["block_info"] = {"block_count": _BLOCKS, "blocks": blocks, "sessions": sessions}
    return said


def as_text(said: Json) -> str:
    """As the player writes it."""
    return json.dumps(said, separators=(",", ":"))


def opened(token: str) -> Json:
    """The payload of a compact JWT, after its header, alphabet and HMAC were checked by hand."""
    head, payload, signature = token.split(".")
    assert "=" not in token
    mac = hmac.new(settings.KOLLUS_SECURITY_KEY.encode(), f"{head}.{payload}".encode(), hashlib.sha256)
    assert signature == base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")
    assert json.loads(_decoded(head)) == {"alg": "HS256", "typ": "JWT"}
    claims: Json = json.loads(_decoded(payload))
    return claims


def _decoded(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
