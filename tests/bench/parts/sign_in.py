"""Asking for a code with an address that has an account and with one that has none: as long for both.

In pairs, of which now the one and now the other comes first; each address is a mailbox of its own, so that
none meets the limit of its mails.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import User
from tests.bench.crowd import CSRF, cookie_of_user
from tests.bench.figures import Figure, at_most, told
from tests.bench.load import Line, request
from tests.bench.rounds import ROUNDS
from tests.bench.stage import Stage

ALIKE: Final = 1.1
_PAIRS: Final = 60  # a round
_WARM_UP: Final = 20
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}

# Asks for the n-th time, with an address.
_Ask = Callable[[int, str], bytes]
_Pairs = list[tuple[float, float]]


def measure(stage: Stage) -> Iterator[Figure]:
    cookies = [cookie_of_user(user) for user in _accounts("asker", 2 * (_WARM_UP + ROUNDS * _PAIRS))]
    yield from _alike(stage, "sign-in", lambda _number, email: _sign_in(email))
    yield from _alike(stage, "another address", lambda number, email: _move(cookies[number], email))


def _alike(stage: Stage, name: str, ask: _Ask) -> Iterator[Figure]:
    pairs = _times(stage.shop.port, name.replace(" ", "-"), ask)[_WARM_UP:]
    rounds = [pairs[first : first + _PAIRS] for first in range(0, len(pairs), _PAIRS)]
    for which, whose in enumerate(("with an account", "without one")):
        times = [statistics.median(pair[which] for pair in each) for each in rounds]
        yield told(
            f"{name}: time of an address {whose}", statistics.median(times), "ms", (min(times), max(times))
        )
    ratios = [_ratio(each) for each in rounds]
    middle = statistics.median(ratios)
    title = f"{name}: the slower of the two to the other"
    yield at_most(title, max(middle, 1 / middle), ALIKE, "×", (min(ratios), max(ratios)))


def _ratio(pairs: _Pairs) -> float:
    return statistics.median(known for known, _ in pairs) / statistics.median(unknown for _, unknown in pairs)


def _times(port: int, word: str, ask: _Ask) -> _Pairs:
    """The milliseconds of each pair: of an address that is known, of one that is not."""
    count, line, asked = _WARM_UP + ROUNDS * _PAIRS, Line(port), 0
    times = {"known": [0.0] * count, "fresh": [0.0] * count}
    _accounts(f"{word}-known", count)
    for pair in range(count):
        for whose in random.sample(list(times), 2):
            raw = ask(asked, f"{word}-{whose}-{pair}@example.com")
            begun = time.perf_counter()
            answer = line.ask(raw)
            times[whose][pair] = 1000 * (time.perf_counter() - begun)
            if answer.status != 302:
                raise RuntimeError(f"{word}: {answer.status} {answer.body[:300]!r}")
            asked += 1
    line.close()
    return list(zip(times["known"], times["fresh"], strict=True))


def _accounts(word: str, count: int) -> list[User]:
    users = [User(email=f"{word}-{n}@example.com", password=make_password(None)) for n in range(count)]
    return User.objects.bulk_create(users)


def _sign_in(email: str) -> bytes:
    return _post("/account/sign-in/", f"{settings.CSRF_COOKIE_NAME}={CSRF}", email)


def _move(cookie: str, email: str) -> bytes:
    return _post("/account/address/", cookie, email)


def _post(path: str, cookie: str, email: str) -> bytes:
    body = urlencode({"email": email, "csrfmiddlewaretoken": CSRF}).encode()
    return request("POST", path, _FORM | {"Cookie": cookie}, body)
