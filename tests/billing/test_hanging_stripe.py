"""While Stripe hangs, no more threads wait on it than may."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings

from billing.stripe import stripe_gateway
from billing.stripe.intents import StripeUnavailable
from tests.sandbox_client import World

HANGS_SECONDS = 2.0
TOO_MANY = 4


def test_who_finds_every_place_taken_is_told_at_once(world: World, settings: Settings) -> None:
    hang = {"call": "*", "times": 100, "how": "hang", "seconds": HANGS_SECONDS}
    world.faults(stripe={"fail_next": [hang]})
    asking = settings.STRIPE_MAX_WAITING + TOO_MANY

    with ThreadPoolExecutor(asking) as pool:
        waits = list(pool.map(_wait, range(asking)))

    # Nothing that reached Stripe ends before the hanging does, however slow the machine is meanwhile.
    assert len([seconds for seconds in waits if seconds < HANGS_SECONDS]) == TOO_MANY


def _wait(number: int) -> float:
    """How long one thread was kept for an answer that does not come."""
    begun = time.monotonic()
    with pytest.raises(StripeUnavailable):
        stripe_gateway.retrieve(f"pi_{number}")
    return time.monotonic() - begun
