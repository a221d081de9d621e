"""Ten thousand guesses of what stands for somebody's things: each is answered as what there is not."""

import itertools
import random
import secrets
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from django.conf import settings

from accounts.models import User
from tests.attacks import Visitor, state
from tests.privacy import adas_things
from tests.privacy.adas_things import RENEW, WITHDRAW, Things

pytestmark = [pytest.mark.django_db, pytest.mark.long]

GUESSES: Final = 10_000
# Ada's own name for it, and the address that it opens.
_DOORS: Final[dict[str, Callable[[Things], str]]] = {
    "/api/v1/orders/{}/": lambda things: things.order.reference,
    "/orders/{}/receipt.pdf": lambda things: things.order.reference,
    "/receipts/{}/": lambda things: things.receipt,
    "/account/enter/{}/": lambda things: things.enter,
    "/withdraw/{}/": lambda things: WITHDRAW,
    "/renewals/{}/": lambda things: RENEW,
}


def test_ten_thousand_guesses_find_nothing(ada: User) -> None:
    things, guesser = adas_things.of(ada), Visitor()
    doors = {door: _guesses(name(things)) for door, name in _DOORS.items()}
    before = state()

    found = set()
    for number, door in zip(range(GUESSES), itertools.cycle([*doors, "session"]), strict=False):
        if door == "session":
            guesser.client.cookies[settings.SESSION_COOKIE_NAME] = _session(number)
            got = guesser.get(f"/api/v1/orders/{things.order.reference}/")
            del guesser.client.cookies[settings.SESSION_COOKIE_NAME]
        else:
            got = guesser.get(door.format(next(doors[door])))
        found.add((door, got.status_code))

    assert {status for _door, status in found} == {404}
    assert len(found) == len(doors) + 1
    assert [table for table, rows in state().items() if rows != before[table]] == []
    assert Visitor().get(f"/receipts/{things.receipt}/").status_code == 200


def _guesses(name: str) -> Iterator[str]:
    """Near misses of the real one, counting upwards, and as random as the real one."""
    letters = random.Random(name)  # noqa: S311 (the same guesses in each run)
    while True:
        at = letters.randrange(len(name))
        other = next(each for each in "0123456789" if each != name[at])
        yield name[:at] + other + name[at + 1 :]
        yield str(letters.randrange(1000))
        yield secrets.token_hex(16)
        yield secrets.token_urlsafe(32)


def _session(number: int) -> str:
    return secrets.token_hex(16) if number % 2 else str(number)
