"""Ada may watch the film "noon"; Bo may not."""

import pytest

from accounts.models import User
from tests import factories
from tests.attacks import Visitor
from videos.models import Video


@pytest.fixture
def film() -> Video:
    return factories.video("noon")


@pytest.fixture
def adas(ada: User, film: Video) -> Visitor:
    """Ada's browser, signed in; the film was given to her."""
    factories.gift(film, ada)
    return _browser_of(ada)


@pytest.fixture
def bos(bo: User) -> Visitor:
    """Bo's browser, signed in; a film of his own, "dusk", was given to him."""
    factories.gift(factories.video("dusk"), bo)
    return _browser_of(bo)


def _browser_of(user: User) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(user)
    return visitor
