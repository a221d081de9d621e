"""Where a buyer is: his card's country and his own word, kept with the order, and by whose law he refunds."""

from typing import Any

import pytest

from billing.models import Order
from billing.refunding import facts
from tests import factories
from tests.attacks import Visitor
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db


def test_both_are_kept_where_they_differ(world: World) -> None:
    world.configure(issuer_country="KR")
    factories.film_on_sale("noon")
    visitor = Visitor(world)
    said: Any = {"billing_details": {"address": {"country": "DE"}}}

    token = world.confirmation_token(**said)
    answer = visitor.pay(visitor.quote("noon"), confirmation_token=token)

    assert answer.json()["state"] == "paid"
    order = Order.objects.get()
    assert (order.card_country, order.stated_country) == ("KR", "DE")


def test_a_card_of_no_known_country_sells_too(world: World) -> None:
    world.configure(issuer_country="")
    factories.film_on_sale("noon")
    visitor = Visitor(world)

    assert visitor.pay(visitor.quote("noon")).json()["state"] == "paid"

    order = Order.objects.get()
    assert (order.card_country, order.stated_country) == ("", "")


@pytest.mark.parametrize(
    ("card", "said", "zone", "country"),
    [
        *(("DE", "", "Asia/Seoul", "DE"), ("DE", "KR", "Asia/Seoul", "DE"), ("", "GB", "Asia/Seoul", "GB")),
        *(("", "", "Asia/Seoul", "KR"), ("", "", "America/New_York", "")),
    ],
)
def test_the_card_tells_by_whose_law_a_buyer_is_protected(
    card: str, said: str, zone: str, country: str
) -> None:
    order = Order(card_country=card, stated_country=said, time_zone=zone)

    assert facts.country_of(order) == country
