"""Watch here instead: from the press until the other page has heard of it and the new player may play.

The page that holds the place beats every two seconds, and is told of it by its next beat. Each viewer presses
at an instant of his own between two beats.
"""

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from tests import player
from tests.bench import load
from tests.bench.crowd import CSRF, cookie_of_user
from tests.bench.figures import Figure, at_most, told
from tests.bench.load import Answer, Run, request
from tests.bench.stage import Stage
from tests.player import Link
from videos.models import Entitlement, Video

BOUND_SECONDS: Final = 2
_TAKE_OVERS: Final = 30
_AT_ONCE: Final = 10
_BEAT_SECONDS: Final = 2.0
_MOST_BEATS: Final = 5
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_FILM: Final = "noon-everywhere"


@dataclass(frozen=True)
class _Viewer:
    """One person at two browsers."""

    holder: str
    newcomer: str


def measure(stage: Stage) -> Iterator[Figure]:
    viewers = _viewers(_TAKE_OVERS)
    with ThreadPoolExecutor(_AT_ONCE) as pressing, ThreadPoolExecutor(_AT_ONCE) as holding:
        seconds = list(pressing.map(lambda each: _take_over(stage.shop.port, each, holding), viewers))
    run = Run(milliseconds=[1000 * both for both in seconds])
    name = f"{_TAKE_OVERS} take-overs at any point between two beats"
    span = min(seconds), max(seconds)
    yield told(f"{name}: median until both know", run.percentile(50) / 1000, "s", span)
    yield at_most(f"{name}: p95 until both know", run.percentile(95) / 1000, BOUND_SECONDS, "s", span)


def _take_over(port: int, viewer: _Viewer, holding: ThreadPoolExecutor) -> float:
    """Seconds from the press until both know. :raises RuntimeError: either heard something else."""
    session = _expect(200, _open(port, viewer.holder))["session"]
    _expect(204, _beat(port, viewer.holder, session))
    beaten = time.perf_counter()
    told_of = _expect(409, _open(port, viewer.newcomer))["places"][0]["session"]
    hears = holding.submit(_beat_until_told, port, viewer.holder, session, beaten)
    time.sleep(random.uniform(0, _BEAT_SECONDS))  # noqa: S311 (any instant will do)
    pressed = time.perf_counter()
    ticket = _expect(200, _open(port, viewer.newcomer, instead=told_of))
    if not _may_play(port, Link(ticket["url"])):
        raise RuntimeError("the new player was refused")
    plays = time.perf_counter()
    return max(plays, hears.result()) - pressed


def _beat_until_told(port: int, cookie: str, session: str, beaten: float) -> float:
    """Beat on, and return the instant at which the page heard that another plays."""
    for count in range(1, _MOST_BEATS + 1):
        time.sleep(max(0.0, beaten + count * _BEAT_SECONDS - time.perf_counter()))
        answer = _beat(port, cookie, session)
        if answer.status == 409:
            return time.perf_counter()
        _expect(204, answer)
    raise RuntimeError("the other page was never told")


def _viewers(count: int) -> list[_Viewer]:
    """People who were given the film, each signed in at two browsers."""
    film, now = Video.objects.get(slug=_FILM), timezone.now()
    people = User.objects.bulk_create(
        User(email=f"two-screens-{number}@example.com", password=make_password(None))
        for number in range(count)
    )
    Entitlement.objects.bulk_create(
        Entitlement(reason="gift", reference=f"two-screens-{user.pk}", user=user, video=film, starts_at=now)
        for user in people
    )
    return [_Viewer(cookie_of_user(user), cookie_of_user(user)) for user in people]


def _open(port: int, cookie: str, instead: str = "") -> Answer:
    asked = json.dumps({"video": _FILM, "instead": instead}).encode()
    return load.ask(port, _of_page("/api/v1/playback/", cookie, asked))


def _beat(port: int, cookie: str, session: str) -> Answer:
    return load.ask(port, _of_page(f"/api/v1/playback/{session}/beat/", cookie, b"{}"))


def _of_page(path: str, cookie: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/json", "Cookie": cookie, "X-CSRFToken": CSRF}
    return request("POST", path, headers, body)


def _may_play(port: int, link: Link) -> bool:
    form = urlencode(player.question(link, player_id=link.mark)).encode()
    path = f"/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}/play/"
    answer = load.ask(port, request("POST", path, _FORM, form))
    return answer.status == 200 and bool(player.opened(answer.body.decode())["data"]["result"])


def _expect(status: int, answer: Answer) -> dict[str, Any]:
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}: {answer.body[:300]!r}")
    told: dict[str, Any] = json.loads(answer.body or b"{}")
    return told
