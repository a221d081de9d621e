"""A price at Stripe is asked for again under the key of a try that got lost, and under no other's."""

from datetime import timedelta

import pytest

from billing.joining import stripe_prices
from billing.stripe.intents import OutcomeUnknown
from tests import factories
from tests.sandbox_client import World
from videos.models import CollectionText, Price

pytestmark = pytest.mark.django_db


@pytest.fixture
def price(world: World) -> Price:
    offer = factories.membership(factories.collection(factories.video(), slug="all-day"))
    return Price.objects.get(offer=offer, currency="usd")


def _lose_the_answer(world: World) -> None:
    world.faults(stripe={"fail_next": [{"call": "POST /v1/prices", "times": 3, "how": "drop_after"}]})


def test_a_try_whose_answer_got_lost_gives_the_same_price(world: World, price: Price) -> None:
    _lose_the_answer(world)
    with pytest.raises(OutcomeUnknown):
        stripe_prices.at_stripe(price)
    world.faults(stripe=None)

    found = stripe_prices.at_stripe(price)

    assert [each["id"] for each in world.objects("price")] == [found]


def test_what_was_renamed_since_is_asked_for_anew(world: World, price: Price) -> None:
    _lose_the_answer(world)
    with pytest.raises(OutcomeUnknown):
        stripe_prices.at_stripe(price)
    world.faults(stripe=None)
    CollectionText.objects.update(title="Another name")

    found = stripe_prices.at_stripe(Price.objects.get(pk=price.pk))

    assert found in [each["id"] for each in world.objects("price")]


def test_a_row_of_the_same_number_in_another_database_has_a_price_of_its_own(
    world: World, price: Price
) -> None:
    other = Price(pk=price.pk, offer=price.offer, currency="usd", amount_minor=990)
    other.created_at = price.created_at + timedelta(days=1)

    keys = {stripe_prices._key_of(each, "The course") for each in (price, other)}

    assert len(keys) == 2
