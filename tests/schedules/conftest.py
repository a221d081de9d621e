from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests import factories
from tests.conftest import Shop
from tests.schedules.clock import Clock
from tests.schedules.long_stage import LongStage
from tests.schedules.stage import FILM, PATIENCE_SECONDS, Stage


@pytest.fixture
def clock(shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that the shop and Stripe go by; one film is on sale."""
    settings.STRIPE_TIMEOUT_SECONDS = PATIENCE_SECONDS
    clock = Clock(shop.world)
    monkeypatch.setattr(timezone, "now", clock.now)
    factories.film_on_sale(FILM)
    return clock


@pytest.fixture
def stage(shop: Shop, clock: Clock) -> Iterator[Stage]:
    """The shop with its film, for purchases."""
    stage = Stage(shop, clock)
    yield stage
    stage.clear()


@pytest.fixture
def long_stage(shop: Shop, clock: Clock) -> Iterator[LongStage]:
    """The shop with all that it sells, for what becomes of purchases."""
    stage = LongStage(shop, clock)
    yield stage
    stage.clear()
