import pytest

from billing.models import Order
from tests import factories
from tests.buyer import Buyer
from tests.conftest import Shop


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    """Ada, before a film that is on sale."""
    factories.film_on_sale("noon")
    return Buyer(shop.url, shop.world)


@pytest.fixture
def order(buyer: Buyer) -> Order:
    """Ada's paid order."""
    assert buyer.buy("noon")["state"] == "paid"
    return Order.objects.get()
