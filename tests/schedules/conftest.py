from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests import factories
from tests.conftest import Shop
from tests.schedules.clock import Clock
from tests.schedules.stage import FILM, PATIENCE_SECONDS, Stage


@pytest.fixture
def stage(shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The shop with one film on sale, and a clock that the shop and Stripe go by."""
    settings.STRIPE_TIMEOUT_SECONDS = PATIENCE_SECONDS
    clock = Clock(shop.world)
    monkeypatch.setattr(timezone, "now", clock.now)
    factories.film_on_sale(FILM)
    stage = Stage(shop, clock)
    yield stage
    stage.clear()
