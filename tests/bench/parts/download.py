"""The download callback: leave to keep a film, that it is kept, and a play of it. The floor is the playback
callback's, which keeps one row as well.
"""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings

from tests.bench.crowd import Guest, crowd
from tests.bench.figures import Figure, at_most
from tests.bench.load import Requests, request
from tests.bench.parts.callback import floors
from tests.bench.rounds import against_floor
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def measure(stage: Stage) -> Iterator[Figure]:
    asking = questions()
    statements = max(sql_of(stage.shop.port, asking(number)) for number in range(9))
    yield at_most("download callback: SQL", statements, 3, "statements")
    yield from against_floor("download callback", stage, shop=asking, floor=floors(), promise=0.5)


def questions() -> Requests:
    """Each guest's player before, after and with its download."""
    path = f"/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}/download/"
    asked = [_question(path, kind, guest) for guest in crowd() for kind in (1, 2, 3)]
    return lambda number: asked[number % len(asked)]


def _question(path: str, kind: int, guest: Guest) -> bytes:
    item = {
        "kind": kind,
        "client_user_id": guest.cuid,
        "player_id": f"player-{guest.cuid}",
        "device_name": "Galaxy",
        "media_content_key": guest.media_content_key,
        "uservalues": {"uservalue0": guest.mark},
        "start_at": 1767225600,
        "session_key": "key-1",
    }
    return request("POST", path, _FORM, urlencode({"items": json.dumps([item])}).encode())
