"""The progress callback: each report is later than the last of its viewing. The floor upserts by time."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlencode

from django.conf import settings

from tests.bench.crowd import GUESTS, Guest, crowd
from tests.bench.figures import Figure, at_most
from tests.bench.floor.playing import mark
from tests.bench.load import Requests, request
from tests.bench.rounds import against_floor
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
VIEWINGS = 1000
_BEGUN = int(time.time()) - 100_000  # so that no report is of the future


def measure(stage: Stage) -> Iterator[Figure]:
    reporting = reports()
    first = sql_of(stage.shop.port, reporting(VIEWINGS - 1))
    later = sql_of(stage.shop.port, reporting(2 * VIEWINGS - 1))
    yield at_most("progress report: SQL", max(first, later), 3, "statements")
    yield from against_floor("progress report", stage, shop=reporting, floor=floors(), promise=0.5)


def reports(guests: Sequence[Guest] = ()) -> Requests:
    """Reports of a thousand viewings in turn; the crowd's where no others are named."""
    path = f"/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}/lms/"
    viewings = [(each.cuid, each.media_content_key, each.mark) for each in (guests or crowd())[:VIEWINGS]]
    return _in_turn(lambda number, at: _report(path, *viewings[number], at))


def floors() -> Requests:
    """The same of the floor's viewings."""
    marks = [mark(f"session-{number}") for number in range(min(GUESTS, VIEWINGS))]
    return _in_turn(lambda number, at: _report("/progress/", f"viewer-{number}", "K1", marks[number], at))


def _in_turn(make: Callable[[int, int], bytes]) -> Requests:
    begun = time.monotonic()

    def report(number: int) -> bytes:
        # A second per lap of the viewings would stand still between two turns; the clock does not.
        return make(number % VIEWINGS, int(1000 * (time.monotonic() - begun)) + number // VIEWINGS)

    return report


def _report(path: str, cuid: str, media_content_key: str, marked: str, at: int) -> bytes:
    data = {
        "user_info": {"client_user_id": cuid, "player_id": f"player-{cuid}", "device": "Chrome"},
        "content_info": {
            "duration": 24,
            "media_content_key": media_content_key,
            "start_at": _BEGUN,
            "runtime": at,
            "last_play_at": at % 24,
            "real_playtime": min(24, 1 + at // 1000),
        },
        "block_info": {
            "block_count": 100,
            "blocks": {f"{what}{block}": 1 for block in range(100) for what in "btp"},
            # The second stretch grows with the clock, so that every report has something to add.
            "sessions": [
                {"block": 0, "start_time": 0, "play_time": 6},
                {"block": 30, "start_time": 8, "play_time": 1 + at // 1000 % 16},
            ],
        },
        "uservalues": {"uservalue0": marked},
    }
    form = urlencode({"json_data": json.dumps(data, separators=(",", ":"))})
    return request("POST", path, _FORM, form.encode())
