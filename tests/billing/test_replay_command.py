"""`manage.py replay_stripe_events`, for an engineer without the office."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.models import Order, StripeEvent
from tests import factories
from tests.buyer import Buyer
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
ALWAYS_ASKS = "4000002760003184"


def test_a_replayed_event_settles_what_it_was_about(shop: Shop) -> None:
    factories.film_on_sale("noon")
    buyer = Buyer(shop.url, shop.world)
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    shop.world.challenge(asked["challenge_url"], passed=True)
    shop.world.settle()
    event = StripeEvent.objects.get(type="payment_intent.succeeded")
    told = StringIO()

    call_command("replay_stripe_events", event.event_id, stdout=told)

    assert Order.objects.get().is_paid
    assert told.getvalue() == f"{event.event_id}: paid\n"


def test_an_event_that_never_came_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="evt_unknown"):
        call_command("replay_stripe_events", "evt_unknown")
