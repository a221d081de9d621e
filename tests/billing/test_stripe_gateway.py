"""Each call of Stripe answered with a yes and with a no, over a real socket, in our own words."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from billing.models import Payment
from billing.stripe import stripe_gateway
from billing.stripe.intents import Intent, OutcomeUnknown, StripeRefused, StripeUnavailable
from tests.sandbox_client import World

DECLINED = "4000000000000002"
ALWAYS_ASKS = "4000002760003184"
GERMAN = "4000002760000016"


def charge(
    world: World, number: int = 1, *, card: str = "", intent_id: str | None = None, country: str = ""
) -> Intent:
    given: Any = {"billing_details": {"address": {"country": country}}} if country else {}
    token = world.confirmation_token(card or "4242424242424242", **given)
    payment = Payment(
        number=number,
        amount_minor=790,
        currency="usd",
        confirmation_token=token,
        idempotency_key=f"{world.secret_key}-{number}",
    )
    return stripe_gateway.charge(
        payment,
        order_reference="an-order",
        intent_id=intent_id,
        return_url="http://localhost/checkout/return/",
    )


def test_a_charge_is_told_in_our_words(world: World) -> None:
    intent = charge(world)

    assert intent.is_paid
    assert (intent.amount_minor, intent.received_minor, intent.currency) == (790, 790, "usd")
    assert (intent.order_reference, intent.livemode, intent.decline_code) == ("an-order", False, "")
    assert intent.charge_id.startswith("ch_")


@pytest.mark.parametrize("said", ["", "AT"])
def test_the_cards_country_and_the_buyers_word_come_with_the_charge(world: World, said: str) -> None:
    intent = charge(world, card=GERMAN, country=said)

    assert (intent.card_country, intent.stated_country) == ("DE", said)


def test_some_cards_countries_are_not_known(world: World) -> None:
    world.configure(issuer_country="")

    assert charge(world).card_country == ""
    assert charge(world, 2, card=ALWAYS_ASKS).card_country == ""  # not charged yet


def test_a_decline_is_an_answer_and_the_same_intent_takes_the_next_card(world: World) -> None:
    declined = charge(world, card=DECLINED)

    paid = charge(world, 2, intent_id=declined.id)

    assert declined.wants_another_card
    assert declined.decline_code == "generic_decline"
    assert paid.is_paid
    assert paid.id == declined.id


def test_a_question_comes_with_the_address_of_its_page(world: World) -> None:
    intent = charge(world, card=ALWAYS_ASKS)

    assert intent.needs_challenge
    assert intent.challenge_url.startswith("http://hooks.stripe.localhost")


def test_an_intent_that_succeeded_is_neither_confirmed_nor_canceled(world: World) -> None:
    paid = charge(world)

    with pytest.raises(StripeRefused) as confirming:
        charge(world, 2, intent_id=paid.id)
    with pytest.raises(StripeRefused) as canceling:
        stripe_gateway.cancel(paid.id)

    for refusal in (confirming.value, canceling.value):
        assert refusal.code == "payment_intent_unexpected_state"
        assert refusal.intent is not None
        assert refusal.intent.is_paid


def test_a_canceled_intent_never_takes_money(world: World) -> None:
    asked = charge(world, card=ALWAYS_ASKS)

    assert stripe_gateway.cancel(asked.id).is_canceled
    with pytest.raises(StripeRefused):
        charge(world, 2, intent_id=asked.id)


def test_reading_an_intent_and_a_token(world: World) -> None:
    token = world.confirmation_token()
    intent = charge(world)

    assert stripe_gateway.retrieve(intent.id) == intent
    assert stripe_gateway.intent_of_token(token) is None
    assert stripe_gateway.intent_of_token("ctoken_forgotten") is None
    with pytest.raises(StripeRefused) as refusal:
        stripe_gateway.retrieve("pi_unknown")
    assert refusal.value.code == "resource_missing"


def test_an_order_is_found_among_the_intents_of_its_time(world: World) -> None:
    intent = charge(world)
    lately = timezone.now() - timedelta(minutes=1)

    found = stripe_gateway.intent_of_order("an-order", since=lately)

    assert found == intent
    assert stripe_gateway.intent_of_order("another", since=lately) is None


def test_a_key_that_is_not_ours_opens_nothing(world: World, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_sandbox_of_nobody"

    with pytest.raises(StripeUnavailable):
        stripe_gateway.intent_of_order("an-order", since=timezone.now())


@pytest.mark.parametrize("how", ["500", "503", "drop_after"])
def test_no_answer_to_a_charge_is_an_unknown_outcome(world: World, how: str) -> None:
    world.faults(stripe={"fail_next": [{"call": "POST /v1/payment_intents", "times": 1, "how": how}]})

    with pytest.raises(OutcomeUnknown) as unknown:
        charge(world)

    assert unknown.value.is_over == (how != "drop_after")


def test_where_nobody_listens_nothing_was_sent(world: World, settings: Settings) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    with pytest.raises(StripeUnavailable):
        charge(world)


def test_too_many_requests_is_a_no_for_now(world: World) -> None:
    world.faults(stripe={"fail_next": [{"call": "POST /v1/payment_intents", "times": 1, "how": "429"}]})

    with pytest.raises(StripeUnavailable):
        charge(world)
