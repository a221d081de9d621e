"""Webhooks: signed, retried, and spoiled on demand. https://docs.stripe.com/webhooks"""

import functools
import select
import socket
import time

import pytest
import stripe

from tests.sandbox.conftest import SECRET
from tests.sandbox.stripe_stage import Buyer, Listener, Received, eventually

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def test_a_purchase_is_told_in_full_and_signed(buyer: Buyer, listener: Listener) -> None:
    intent = buyer.pay(key="order-1")

    eventually(lambda: len(listener.received) == 3)

    assert sorted(listener.types()) == sorted(PAID)
    told = next(r for r in listener.received if r.event["type"] == "payment_intent.succeeded")
    event = stripe.Webhook.construct_event(told.body, told.signature, SECRET)
    assert (event.api_version, event.pending_webhooks, event.livemode) == ("2026-10-28.endive", 1, False)
    assert event.request.idempotency_key == "order-1"
    assert event.data.object["id"] == intent.id
    assert event.data.object["latest_charge"] == intent.latest_charge.id
    buyer.world.settle()
    assert buyer.stripe.events.retrieve(event.id).pending_webhooks == 0
    assert {delivery["status"] for delivery in buyer.world.deliveries()} == {200}


def test_what_a_call_causes_is_told_after_its_answer(buyer: Buyer, listener: Listener) -> None:
    key = f"Authorization: Bearer {buyer.world.secret_key}\r\n"
    call = f"POST /v1/customers HTTP/1.1\r\nHost: 127.0.0.1\r\n{key}Content-Length: 0\r\n\r\n"
    had_answer: list[bool] = []
    with socket.create_connection(("127.0.0.1", buyer.world.sandbox.port)) as line:
        listener.notice = lambda: had_answer.append(bool(select.select([line], [], [], 0)[0]))
        line.sendall(call.encode())
        eventually(lambda: listener.received)

    assert had_answer == [True]


def test_a_refusal_is_tried_again(buyer: Buyer, listener: Listener) -> None:
    listener.statuses = [500]

    buyer.stripe.customers.create({})

    eventually(lambda: len(listener.received) == 2)
    buyer.world.settle()
    tries = [(delivery["attempt"], delivery["status"]) for delivery in buyer.world.deliveries()]
    assert tries == [(1, 500), (2, 200)]
    assert listener.received[0].event == listener.received[1].event
    assert listener.received[1].at - listener.received[0].at > 0.9


def test_retries_follow_the_clock_and_end_after_three(buyer: Buyer, listener: Listener) -> None:
    listener.statuses = [500] * 9
    buyer.stripe.customers.create({})

    for tries, offset in ((1, 10), (2, 30), (3, 100)):
        eventually(functools.partial(_is_planned, buyer, tries + 1))
        buyer.world.shift_clock("stripe", offset)
    eventually(functools.partial(_has, listener, 4))
    buyer.world.shift_clock("stripe", 1000)

    buyer.world.settle()
    assert [delivery["attempt"] for delivery in buyer.world.deliveries()] == [1, 2, 3, 4]


def test_a_redirect_is_a_failure(buyer: Buyer, listener: Listener) -> None:
    listener.statuses = [302]
    buyer.stripe.customers.create({})

    eventually(lambda: listener.received)

    eventually(lambda: [d["state"] for d in buyer.world.deliveries()][:1] == ["failed"])


def test_an_endpoint_is_sent_the_events_that_it_names(buyer: Buyer, listener: Listener) -> None:
    buyer.world.configure(webhook={"enabled_events": ["customer.deleted", "customer.updated"]})
    customer = buyer.stripe.customers.create({})

    buyer.stripe.customers.delete(customer.id)

    (told,) = eventually(lambda: listener.received)
    assert told.event["type"] == "customer.deleted"
    assert [each["type"] for each in buyer.world.deliveries()] == ["customer.deleted"]
    assert {"customer.created", "customer.deleted"} <= {each["type"] for each in buyer.world.events()}


def test_two_secrets_give_two_signatures(buyer: Buyer, listener: Listener) -> None:
    buyer.world.configure(webhook={"secrets": [SECRET, "whsec_sandbox_next"]})

    buyer.stripe.customers.create({})

    (told,) = eventually(lambda: listener.received)
    assert told.signature.count("v1=") == 2
    assert _verifies(told, SECRET)
    assert _verifies(told, "whsec_sandbox_next")


@pytest.mark.parametrize("how", ["wrong", "old", "missing"])
def test_a_signature_can_be_spoiled(buyer: Buyer, listener: Listener, how: str) -> None:
    buyer.world.faults(webhooks={"signature": how})

    buyer.stripe.customers.create({})

    (told,) = eventually(lambda: listener.received)
    assert not _verifies(told, SECRET)


def test_what_is_dropped_never_comes_until_it_is_sent_again(buyer: Buyer, listener: Listener) -> None:
    buyer.world.faults(webhooks={"drop": 1})
    buyer.stripe.customers.create({})
    customer = buyer.stripe.customers.create({})
    (told,) = eventually(lambda: listener.received)
    lost = buyer.world.events("customer.created")[0]

    buyer.world.resend(lost["id"], times=2)

    eventually(lambda: len(listener.received) == 3)
    assert told.event["data"]["object"]["id"] == customer.id
    assert [received.event["id"] for received in listener.received[1:]] == [lost["id"]] * 2


def test_chosen_types_can_be_dropped(buyer: Buyer, listener: Listener) -> None:
    buyer.world.faults(webhooks={"drop_types": ["payment_intent.succeeded"]})

    buyer.pay()

    eventually(lambda: len(listener.received) == 2)
    assert "payment_intent.succeeded" not in listener.types()


def test_an_event_can_come_twice(buyer: Buyer, listener: Listener) -> None:
    buyer.world.faults(webhooks={"double": True})

    buyer.stripe.customers.create({})

    eventually(lambda: len(listener.received) == 2)
    assert listener.received[0].event["id"] == listener.received[1].event["id"]


def test_events_can_come_newest_first(buyer: Buyer, listener: Listener) -> None:
    buyer.world.faults(webhooks={"reorder": True})

    buyer.pay()

    eventually(lambda: len(listener.received) == 3)
    assert listener.types() == PAID[::-1]


def test_events_can_be_held_and_let_go(buyer: Buyer, listener: Listener) -> None:
    buyer.world.faults(webhooks={"pause": True})
    buyer.stripe.customers.create({})
    time.sleep(0.3)
    held = len(listener.received)

    buyer.world.faults(webhooks=None)

    eventually(lambda: listener.received)
    assert held == 0


def test_events_can_be_late_by_the_clock(buyer: Buyer, listener: Listener) -> None:
    buyer.world.faults(webhooks={"delay_seconds": 600})
    buyer.stripe.customers.create({})
    time.sleep(0.3)
    early = len(listener.received)

    buyer.world.shift_clock("stripe", 601)

    eventually(lambda: listener.received)
    assert early == 0


def test_an_event_can_claim_to_be_live(buyer: Buyer, listener: Listener) -> None:
    buyer.world.faults(webhooks={"livemode": True})

    buyer.stripe.customers.create({})

    (told,) = eventually(lambda: listener.received)
    assert told.event["livemode"] is True
    assert _verifies(told, SECRET)


def _is_planned(buyer: Buyer, tries: int) -> bool:
    """Whether the next try has its time, by the clock as it stands: an answer is read after it is given. On a
    slow machine it may have been made by then.
    """
    return len(buyer.world.deliveries()) >= tries


def _has(listener: Listener, count: int) -> bool:
    return len(listener.received) == count


def _verifies(received: Received, secret: str) -> bool:
    try:
        stripe.Webhook.construct_event(received.body, received.signature, secret)
    except stripe.SignatureVerificationError:
        return False
    return True
