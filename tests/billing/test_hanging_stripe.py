"""While Stripe hangs, no more threads wait on it than may."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings

from billing.stripe import stripe_gateway
from billing.stripe.intents import StripeUnavailable
from tests.concurrency.racing import until
from tests.sandbox_client import World

TOO_MANY = 4


def test_who_finds_every_place_taken_is_told_at_once(world: World, settings: Settings) -> None:
    settings.STRIPE_TIMEOUT_SECONDS = 60
    world.faults(stripe={"fail_next": [{"call": "*", "times": 100, "how": "hang", "seconds": 60}]})
    places = settings.STRIPE_MAX_WAITING

    with ThreadPoolExecutor(places + TOO_MANY) as pool:
        asked = [pool.submit(_ask, number) for number in range(places + TOO_MANY)]
        until(lambda: len([each for each in asked if each.done()]) == TOO_MANY)
        until(lambda: world.hanging() == places)
        told_meanwhile = len([each for each in asked if each.done()])
        world.let_go()

    assert told_meanwhile == TOO_MANY
    assert all(each.result() for each in asked)


def _ask(number: int) -> bool:
    with pytest.raises(StripeUnavailable):
        stripe_gateway.retrieve(f"pi_{number}")
    return True
