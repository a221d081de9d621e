"""Idempotency keys, as https://docs.stripe.com/api/idempotent_requests promises them."""

import threading

import pytest
import stripe

from tests.sandbox.stripe_stage import Buyer, error_of, eventually

HANGS = {"call": "POST /v1/payment_intents", "how": "hang_then_process"}


def test_the_same_key_gives_the_first_answer_and_one_charge(buyer: Buyer) -> None:
    token = buyer.world.confirmation_token()

    first = buyer.pay(confirmation_token=token, key="order-1")
    again = buyer.pay(confirmation_token=token, key="order-1")

    assert first.to_dict() == again.to_dict()
    assert len(buyer.world.objects("charge")) == 1
    headers = [exchange["headers"] for exchange in buyer.recorder.exchanges]
    assert [header.get("Idempotent-Replayed") for header in headers] == [None, "true"]
    assert headers[1]["Original-Request"] == headers[0]["Request-Id"]


def test_a_decline_is_replayed_too(buyer: Buyer) -> None:
    token = buyer.world.confirmation_token("4000000000000002")
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            buyer.pay(confirmation_token=token, key="order-2")

    first, again = buyer.recorder.exchanges
    assert first["response_json"] == again["response_json"]
    assert len(buyer.world.objects("payment_intent")) == 1


def test_the_same_key_with_other_parameters_is_refused(buyer: Buyer) -> None:
    buyer.pay(key="order-3")

    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        buyer.pay(key="order-3", amount=2999)


def test_the_same_key_at_another_address_is_refused(buyer: Buyer) -> None:
    buyer.stripe.customers.create({}, {"idempotency_key": "order-4"})

    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        buyer.pay(key="order-4")


def test_what_was_refused_before_it_began_is_forgotten(buyer: Buyer) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        buyer.pay(key="order-5", surprise=1)

    assert buyer.pay(key="order-5").status == "succeeded"


def test_a_second_request_gets_409_while_the_first_is_on_its_way(buyer: Buyer) -> None:
    buyer.world.faults(stripe={"fail_next": [HANGS]})
    token = buyer.world.confirmation_token()
    slow = threading.Thread(target=buyer.pay, kwargs={"confirmation_token": token, "key": "order-6"})
    slow.start()
    eventually(buyer.world.hanging)

    with pytest.raises(stripe.APIError) as refusal:
        buyer.pay(confirmation_token=token, key="order-6")
    buyer.world.let_go()
    slow.join()

    assert refusal.value.http_status == 409
    assert error_of(refusal).code == "idempotency_key_in_use"
    assert buyer.pay(confirmation_token=token, key="order-6").status == "succeeded"
    assert len(buyer.world.objects("charge")) == 1


def test_a_slow_call_does_not_hold_up_another(buyer: Buyer) -> None:
    buyer.world.faults(stripe={"fail_next": [HANGS]})
    slow = threading.Thread(target=buyer.pay)
    slow.start()
    eventually(buyer.world.hanging)

    buyer.stripe.customers.list()

    assert buyer.world.hanging()
    buyer.world.let_go()
    slow.join()


def test_a_key_is_forgotten_after_a_day(buyer: Buyer) -> None:
    first = buyer.stripe.customers.create({}, {"idempotency_key": "daily"})
    buyer.world.shift_clock("stripe", 24 * 3600 + 1)

    assert buyer.stripe.customers.create({}, {"idempotency_key": "daily"}).id != first.id
