"""Fixtures of the tests of the sandbox's Stripe. They need no Django."""

from collections.abc import Iterator

import pytest

from tests.sandbox.stripe_stage import Buyer, Listener, listen
from tests.sandbox_client import Sandbox, World

SECRET = "whsec_sandbox_first"


@pytest.fixture
def stripe_world(sandbox: Sandbox) -> World:
    """A world of this test's own."""
    return sandbox.world()


@pytest.fixture
def buyer(stripe_world: World) -> Buyer:
    """Stripe's own client, speaking to the world."""
    return Buyer(stripe_world)


@pytest.fixture
def listener(stripe_world: World) -> Iterator[Listener]:
    """An endpoint that the world's webhooks reach, signed with SECRET."""
    listening = Listener()
    server = listen(listening)
    stripe_world.configure(webhook={"url": listening.url, "secrets": [SECRET]})
    yield listening
    server.shutdown()
    server.server_close()
