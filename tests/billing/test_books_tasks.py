"""The beat keeps the books by itself, and tells of what it cannot repair."""

import logging

import pytest

from billing import tasks
from billing.models import BalanceTransaction, LedgerEntry, Order
from tests import factories
from tests.attacks import Visitor
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

ALWAYS_ASKS = "4000002760003184"


@pytest.fixture
def buyer(world: World) -> Visitor:
    factories.film_on_sale("noon")
    return Visitor(world)


def test_the_balance_is_fetched_and_booked(buyer: Visitor) -> None:
    buyer.pay(buyer.quote("noon"))

    fetched = tasks.fetch_balance()

    assert fetched == BalanceTransaction.objects.count() == 1
    assert LedgerEntry.objects.filter(account="stripe_balance").count() == 1


def test_a_lost_sale_is_settled_and_what_is_left_is_an_error(
    buyer: Visitor, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.shift_clock("stripe", -3600)
    asked = buyer.pay(buyer.quote("noon"), card=ALWAYS_ASKS).json()
    world.challenge(asked["challenge_url"], passed=True)
    sale = {"amount": 1999, "currency": "usd", "confirm": "true", "use_stripe_sdk": "false"}
    card = {"confirmation_token": world.confirmation_token(), "allowed_payment_method_types[0]": "card"}
    world.api("POST", "payment_intents", return_url="http://localhost/", **sale, **card)

    left = tasks.reconcile()

    assert left == 1
    assert Order.objects.get(reference=asked["order"]).is_paid
    told = [(record.levelno, getattr(record, "what", "")) for record in caplog.records]
    errors = [what for level, what in told if level == logging.ERROR]
    assert len(errors) == 1
    assert errors[0].startswith("Stripe took $19.99 (ch_")
    warnings = [what for level, what in told if level == logging.WARNING]
    assert any(asked["order"] in what for what in warnings)
