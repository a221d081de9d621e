import pytest
from pytest_django import Settings

from tests.concurrency.stage import stage

__all__ = ["stage"]


@pytest.fixture(autouse=True)
def _off_the_record(settings: Settings) -> None:
    """A shop without its guards believes what Stripe would never send."""
    settings.STRIPE_RECORD = ""
