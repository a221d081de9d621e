"""Ten thousand guesses of what stands for somebody's things: each is answered as what there is not."""

import itertools
import random
import secrets
from collections.abc import Iterator
from typing import Final

import pytest
from django.conf import settings

from accounts.models import User
from billing.models import Order
from tests.attacks import Answer, Visitor, state
from tests.privacy import adas_things
from tests.privacy.adas_things import CERTIFICATE, INTENT, RENEW, WITHDRAW, Things
from tests.saboteurs import rows

pytestmark = [pytest.mark.django_db, pytest.mark.long]

GUESSES: Final = 10_000
BEAT: Final = "/api/v1/playback/{}/beat/"
# What has a page of its own for such a guess takes longer, and so is guessed less often.
OFTEN: Final = {"/receipts/{}/": 6, BEAT: 4, "a session": 6}


def test_ten_thousand_guesses_find_nothing(ada: User, bo: User) -> None:
    things, guesser, bos = adas_things.of(ada), Visitor(), Visitor()
    names, behind_a_session = _names(things), itertools.cycle(_of_ada(things))
    guesses = {door: _guesses(name) for door, name in names.items()}
    own = rows.saved(Order)
    Order.objects.filter(pk=own.pk).update(user=bo, email=bo.email)
    bos.client.force_login(bo)
    doors = [door for door in [*names, "a session"] for _ in range(OFTEN.get(door, 1))]
    before = state()

    found = set()
    for number, door in zip(range(GUESSES), itertools.cycle(doors), strict=False):
        if door == "a session":
            door = next(behind_a_session)
            guesser.client.cookies[settings.SESSION_COOKIE_NAME] = _session(number)
            got = _knock(guesser, door)
            del guesser.client.cookies[settings.SESSION_COOKIE_NAME]
        else:
            got = _knock(bos if "orders" in door else guesser, door.format(next(guesses[door])))
        found.add((door, got.status_code))

    assert {status for _door, status in found} == {404}
    assert len(found) == len(names) + len(_of_ada(things))
    assert [table for table, there in state().items() if there != before[table]] == []
    _open_to_who_knows(names, things, own, adas=_of(ada), bos=bos)


def _names(things: Things) -> dict[str, str]:
    """Each door with the name that opens it: to anybody, or, of an order, to who it belongs to."""
    return {
        "/receipts/{}/": things.receipt,
        "/account/enter/{}/": things.enter,
        "/withdraw/{}/": WITHDRAW,
        "/renewals/{}/": RENEW,
        "/certificates/{}/": CERTIFICATE,
        BEAT: things.session.reference,
        "/api/v1/orders/{}/": things.order.reference,
    }


def _of_ada(things: Things) -> list[str]:
    """What her session opens."""
    order = f"/orders/{things.order.reference}/"
    viewing = f"/api/v1/playback/{things.session.reference}/link/"
    return [
        f"/api/v1{order}",
        order,
        f"{order}receipt.pdf",
        f"/checkout/return/order/?payment_intent={INTENT}",
        viewing,
    ]


def _open_to_who_knows(
    names: dict[str, str], things: Things, own: Order, *, adas: Visitor, bos: Visitor
) -> None:
    """So that what was refused was refused for want of the name."""
    anybody = Visitor()
    for door, name in names.items():
        got = (
            _knock(bos, door.format(own.reference))
            if "orders" in door
            else _knock(anybody, door.format(name))
        )
        assert got.status_code in {200, 204, 409}, door
    for address in _of_ada(things):
        assert _knock(adas, address).status_code not in {404, 405, 500}, address


def _knock(visitor: Visitor, address: str) -> Answer:
    return visitor.post(address) if "/playback/" in address else visitor.get(address)


def _of(user: User) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(user)
    return visitor


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
