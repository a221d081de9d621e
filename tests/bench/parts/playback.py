"""The playback token: browser and page are known, the right is found, a session is kept, the link is signed.

The floor does all of it in two statements; the ratio to one that keeps no row and believes a signed cookie is
told beside.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import chain

from django.core import signing

from tests.bench.crowd import CSRF, Guest, crowd
from tests.bench.figures import Figure, at_most
from tests.bench.load import Requests, request
from tests.bench.rounds import against_floor
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage

_JSON = {"Content-Type": "application/json"}
_FLOOR_VIEWERS, _FLOOR_FILMS = 200, 1000


def measure(stage: Stage) -> Iterator[Figure]:
    guests = opening()
    statements = max(sql_of(stage.shop.port, guests(number)) for number in range(9))
    yield at_most("playback token: SQL", statements, 3, "statements")
    kept, signed = asking_floor("/sessions/"), asking_floor("/links/")
    yield from against_floor("playback token", stage, shop=guests, floor=kept, promise=0.5)
    bare = "playback token, to a floor that keeps no row"
    yield from chain([next(against_floor(bare, stage, shop=guests, floor=signed, promise=None))])


def opening(guests: Iterable[Guest] | None = None) -> Requests:
    """Guests who press Watch, one after the other; those of the crowd where none are named."""
    asked = [_open(guest) for guest in guests or crowd() if guest.cookie]
    return lambda number: asked[number % len(asked)]


def _open(guest: Guest) -> bytes:
    headers = _JSON | {"Cookie": guest.cookie, "X-CSRFToken": CSRF}
    return request("POST", "/api/v1/playback/", headers, json.dumps({"video": guest.slug}).encode())


def asking_floor(path: str) -> Requests:
    """The floor's viewers, who want the same."""
    signer = signing.get_cookie_signer(salt="viewer")
    asked = []
    for number in range(_FLOOR_VIEWERS):
        viewer = f"viewer-{number}"
        key = hashlib.md5(viewer.encode(), usedforsecurity=False).hexdigest()
        cookie = f"viewer={signer.sign(viewer)}; sessionid={key}; csrftoken={CSRF}"
        headers = _JSON | {"Cookie": cookie, "X-CSRFToken": CSRF}
        film = f"film-{1 + number % _FLOOR_FILMS}"
        asked.append(request("POST", path, headers, json.dumps({"video": film}).encode()))
    return lambda number: asked[number % len(asked)]
