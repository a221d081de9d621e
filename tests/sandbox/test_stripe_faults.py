"""Calls that fail, hang or lose their answer."""

import time
from typing import Any

import pytest
import stripe

from tests.sandbox.stripe_stage import Buyer

CREATE = "POST /v1/payment_intents"


def _fail(buyer: Buyer, how: str, **fields: Any) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": CREATE, "times": 1, "how": how, **fields}]})


@pytest.mark.parametrize(
    ("how", "error", "status"),
    [
        ("500", stripe.APIError, 500),
        ("503", stripe.APIError, 503),
        ("429", stripe.RateLimitError, 429),
        ("hang", stripe.APIError, 500),
    ],
)
def test_a_planned_failure_does_nothing_and_strikes_once(
    buyer: Buyer, how: str, error: type[stripe.StripeError], status: int
) -> None:
    _fail(buyer, how, seconds=0.1)
    buyer.stripe.customers.list()

    with pytest.raises(error) as failure:
        buyer.pay()

    assert failure.value.http_status == status
    assert buyer.world.objects("payment_intent") == []
    assert buyer.pay().status == "succeeded"


def test_a_500_is_replayed_to_the_same_key(buyer: Buyer) -> None:
    _fail(buyer, "500")
    token = buyer.world.confirmation_token()
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            buyer.pay(confirmation_token=token, key="order-1")

    assert buyer.pay(confirmation_token=token, key="order-2").status == "succeeded"


def test_a_cut_before_the_work_charges_nothing(buyer: Buyer) -> None:
    _fail(buyer, "drop_before")

    with pytest.raises(stripe.APIConnectionError):
        buyer.pay()

    assert buyer.world.objects("charge") == []


def test_a_lost_answer_was_a_charge_and_the_same_key_finds_it(buyer: Buyer) -> None:
    _fail(buyer, "drop_after")
    token = buyer.world.confirmation_token()
    with pytest.raises(stripe.APIConnectionError):
        buyer.pay(confirmation_token=token, key="order-1")
    (charge,) = buyer.world.objects("charge")

    found = buyer.pay(confirmation_token=token, key="order-1")

    assert found.latest_charge.id == charge["id"]
    assert buyer.stripe.confirmation_tokens.retrieve(token).payment_intent == found.id
    assert len(buyer.world.objects("charge")) == 1


def test_a_call_can_hang_and_then_charge(buyer: Buyer) -> None:
    _fail(buyer, "hang_then_process", seconds=0.3)
    started = time.monotonic()

    assert buyer.pay().status == "succeeded"

    assert time.monotonic() - started > 0.3


def test_a_fault_that_does_not_exist_is_refused(buyer: Buyer) -> None:
    with pytest.raises(AssertionError, match="No such fault"):
        buyer.world.faults(webhooks={"dorp": 1})


def test_every_call_is_listed(buyer: Buyer) -> None:
    buyer.pay(key="order-1")

    (entry,) = buyer.world.report()["requests"]

    assert (entry["method"], entry["path"]) == ("POST", "/v1/payment_intents")
    assert (entry["status"], entry["idempotency_key"]) == (200, "order-1")


def test_a_reset_forgets_what_happened_and_keeps_the_keys(buyer: Buyer) -> None:
    buyer.pay()
    buyer.world.faults(webhooks={"drop": 3})

    buyer.world.reset()

    report = buyer.world.report()
    assert (report["objects"], report["events"], report["requests"]) == ({}, [], [])
    assert buyer.world.faults()["webhooks"]["drop"] == 0
    assert buyer.pay().status == "succeeded"


def test_worlds_do_not_see_each_other(buyer: Buyer) -> None:
    stranger = Buyer(buyer.world.sandbox.world())
    intent = buyer.pay()

    with pytest.raises(stripe.InvalidRequestError, match="No such paymentintent"):
        stranger.intent(intent.id)
