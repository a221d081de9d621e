"""The playback callback, asked twice at each start: kind 1, then kind 3. The floor answers by one upsert."""

import json
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.conf import settings

from tests.bench import load
from tests.bench.crowd import GUESTS, Guest, crowd
from tests.bench.figures import Figure, at_most
from tests.bench.floor.playing import mark
from tests.bench.load import Requests, request
from tests.bench.rounds import against_floor, turn_seconds
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_RATE = 200
_MAX_SHARE = 0.6  # of what the closed loop reached, where that is less


def measure(stage: Stage) -> Iterator[Figure]:
    starting = starts()
    statements = max(sql_of(stage.shop.port, starting(number)) for number in range(8))
    yield at_most("playback callback: SQL", statements, 3, "statements")
    reached = 0.0
    for figure in against_floor("playback callback", stage, shop=starting, floor=floors(), promise=0.5):
        reached = figure.value if figure.name.endswith(": rate") else reached
        yield figure
    rate = min(_RATE, _MAX_SHARE * reached)
    run = load.offered(stage.shop.port, starting, rate=rate, seconds=4 * turn_seconds())
    name = f"playback callback: p99 at {rate:.0f}/s offered"
    yield at_most(name, run.swear("callback").percentile(99), 50, "ms")


def starts(guests: Iterable[Guest] | None = None) -> Requests:
    """Each guest's player before and at the start of his film; the crowd's where none are named."""
    path = f"/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}/play/"
    asked = [
        _question(path, kind, guest.cuid, guest.media_content_key, guest.mark)
        for guest in guests or crowd()
        for kind in (1, 3)
    ]
    return lambda number: asked[number % len(asked)]


def floors() -> Requests:
    """The same of the floor's viewers."""
    asked = [
        _question("/play/", kind, f"viewer-{number}", f"K{number}", mark(f"session-{number}"))
        for number in range(GUESTS)
        for kind in (1, 3)
    ]
    return lambda number: asked[number % len(asked)]


def _question(path: str, kind: int, cuid: str, media_content_key: str, marked: str) -> bytes:
    form = {
        "kind": kind,
        "client_user_id": cuid,
        "player_id": f"player-{cuid}",
        "hardware_id": "",
        "device_name": "Chrome",
        "media_content_key": media_content_key,
        "uservalues": json.dumps({"uservalue0": marked}),
    }
    return request("POST", path, _FORM, urlencode(form).encode())
