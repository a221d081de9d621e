"""Stripe's events: what is kept, and that an event is only a nudge."""

import time
from datetime import datetime, timedelta

import pytest
import requests
from kombu import pools
from pytest_django import Settings

from accounts.models import Mail
from billing.inbox import webhook_inbox
from billing.models import Order, StripeEvent
from billing.settling import outcomes
from config.celery import app
from tests.billing.postman import before_a_film, deliver, made_event, unheard_sale
from tests.buyer import Buyer, Json
from tests.conftest import Shop
from tests.moments import later
from tests.services import free_port
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

ALWAYS_ASKS = "4000002760003184"
DECLINED = "4000000000000002"


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    return before_a_film(shop)


@pytest.fixture
def told(buyer: Buyer) -> Json:
    return unheard_sale(buyer)


def _process_all(seconds: float = 0) -> None:
    for event in StripeEvent.objects.order_by("id"):
        webhook_inbox.process(event, at=later(seconds))


def _is_sold_once() -> bool:
    counts = (Entitlement.objects.count(), Mail.objects.count())
    return Order.objects.get().is_paid and counts == (1, 1)


def test_an_event_alone_sells(shop: Shop, told: Json) -> None:
    assert deliver(shop, told).status_code == 200
    assert not Order.objects.get().is_paid  # it is kept first, and worked through later

    _process_all()

    assert _is_sold_once()
    assert StripeEvent.objects.get().outcome == "paid"


def test_the_same_event_again_is_kept_once(shop: Shop, told: Json) -> None:
    statuses = [deliver(shop, told).status_code for _ in range(3)]

    _process_all()
    _process_all()

    assert statuses == [200, 200, 200]
    assert StripeEvent.objects.count() == 1
    assert _is_sold_once()


def test_two_events_of_one_fact_sell_once(shop: Shop, told: Json) -> None:
    deliver(shop, told)
    deliver(shop, told | {"id": "evt_of_the_same"})

    _process_all()

    assert _is_sold_once()


def test_events_in_the_wrong_order_end_the_same(shop: Shop, buyer: Buyer) -> None:
    quote = buyer.quote("noon")
    buyer.pay(quote, card=DECLINED)
    buyer.world.faults(
        stripe={"fail_next": [{"call": "POST /v1/payment_intents/{intent}/confirm", "how": "drop_after"}]}
    )
    buyer.pay(quote)

    for event in reversed(buyer.world.events()):
        deliver(shop, event)
        _process_all()

    assert _is_sold_once()


def test_an_event_is_only_a_nudge(shop: Shop, buyer: Buyer) -> None:
    """It claims success; Stripe itself, asked anew, knows of none."""
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    intent = buyer.world.objects("payment_intent")[0]

    deliver(shop, made_event(data={"object": intent | {"status": "succeeded"}}))
    _process_all()

    assert buyer.status(asked["order"])["state"] == "challenge"
    assert StripeEvent.objects.get().outcome == "challenged"


@pytest.mark.parametrize(
    "changes, outcome",
    [
        ({"type": "charge.succeeded"}, "kept"),
        ({"type": "tax.something_new"}, "kept"),
        ({"data": {"object": {}}, "type": "balance.available"}, "kept"),
        ({}, "no such intent"),
    ],
    ids=["not needed", "unknown type", "an object without an id", "unknown object"],
)
def test_what_is_not_ours_to_act_on_is_kept(shop: Shop, changes: Json, outcome: str) -> None:
    assert deliver(shop, made_event(**changes)).status_code == 200

    _process_all()

    assert (StripeEvent.objects.get().outcome, StripeEvent.objects.get().processed_at is None) == (
        outcome,
        False,
    )


@pytest.mark.parametrize(
    "amount, names_the_order, outcome",
    [(790, False, "not an order of ours"), (1, True, "refused: amount"), (790, True, "paid")],
    ids=["another shop's", "of another amount", "ours"],
)
def test_only_what_was_ordered_settles(
    shop: Shop, buyer: Buyer, amount: int, names_the_order: bool, outcome: str
) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": "POST /v1/payment_intents", "how": "drop_before"}]})
    reference = buyer.buy("noon")["order"]
    intent = _intent_made_elsewhere(buyer, max(amount, 50), reference if names_the_order else "another")

    deliver(shop, made_event(data={"object": {"id": intent["id"]}}))
    _process_all()

    assert StripeEvent.objects.get().outcome == outcome
    assert Order.objects.get().is_paid == (outcome == "paid")


def _intent_made_elsewhere(buyer: Buyer, amount: int, order: str) -> Json:
    intent: Json = requests.post(
        f"{buyer.world.sandbox.base}/v1/payment_intents",
        data={
            "amount": amount,
            "currency": "usd",
            "confirm": "true",
            "payment_method": "pm_card_visa",
            "return_url": "http://localhost/",
            "metadata[order]": order,
        },
        headers={"Authorization": f"Bearer {buyer.world.secret_key}"},
        timeout=20,
    ).json()
    return intent


def test_another_api_version_is_worked_through_and_reported(
    shop: Shop, told: Json, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.STRIPE_RECORD = ""  # the record is of this version's traffic

    deliver(shop, told | {"api_version": "2020-08-27"})

    _process_all()

    assert _is_sold_once()
    assert "event of another API version" in caplog.messages


# What goes wrong on the way


def test_a_dead_broker_is_a_late_job(shop: Shop, told: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = app.connection_for_write(f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setattr(app.amqp, "_producer_pool", pools.producers[nobody])

    begun = time.monotonic()
    answer = deliver(shop, told)
    seconds = time.monotonic() - begun
    webhook_inbox.sweep(at=later(0))

    assert answer.status_code == 200
    assert seconds < 10
    assert _is_sold_once()


def test_a_silent_stripe_is_asked_again_with_growing_gaps(shop: Shop, told: Json, buyer: Buyer) -> None:
    deliver(shop, told)
    buyer.world.faults(stripe={"fail_next": [{"call": "*", "times": 50, "how": "503"}]})

    event, gaps, at = StripeEvent.objects.get(), [], later(0)
    for _ in range(6):
        assert not webhook_inbox.process(event, at=at)
        event.refresh_from_db()
        assert event.try_after is not None
        gaps.append((event.try_after - at).total_seconds())
        assert not webhook_inbox.sweep(at=event.try_after - timedelta(seconds=1))
        at = event.try_after + timedelta(seconds=1)

    assert gaps == [10, 20, 40, 40, 40, 40]  # with the sweep's period it is found within a minute
    assert (event.attempts, event.outcome) == (6, "Stripe unavailable")
    buyer.world.faults(stripe=None)  # what Stripe sends stays held back
    assert webhook_inbox.sweep(at=at) == 1
    assert _is_sold_once()


def test_an_event_whose_worker_died_is_taken_up_after_a_minute(shop: Shop, told: Json) -> None:
    deliver(shop, told)
    event = StripeEvent.objects.get()
    assert event.claim(until=later(60), at=later(0))  # and its worker is gone

    early = webhook_inbox.sweep(at=later(50))
    late = webhook_inbox.sweep(at=later(61))

    assert (early, late) == (0, 1)
    assert _is_sold_once()


def test_a_replay_asks_stripe_once_more_and_changes_nothing_twice(
    shop: Shop, told: Json, buyer: Buyer
) -> None:
    deliver(shop, told)
    _process_all()
    before = len(buyer.world.report()["requests"])

    assert webhook_inbox.replay(StripeEvent.objects.get(), at=later(1))

    assert len(buyer.world.report()["requests"]) == before + 1
    assert _is_sold_once()


def test_of_several_events_about_one_thing_stripe_is_asked_once(shop: Shop, told: Json, buyer: Buyer) -> None:
    intent = told["data"]
    deliver(shop, told)
    deliver(shop, told | {"id": "evt_before_it", "type": "payment_intent.processing"})
    deliver(shop, made_event(id="evt_of_another", data={"object": {"id": "pi_of_another"}}))
    deliver(shop, made_event(id="evt_of_a_charge", type="charge.refunded", data=intent))
    before = len(buyer.world.report()["requests"])

    assert webhook_inbox.sweep(at=later(0)) == 4

    assert len(buyer.world.report()["requests"]) == before + 3
    outcomes_by_id = dict(StripeEvent.objects.values_list("event_id", "outcome"))
    assert outcomes_by_id.pop(told["id"]) == outcomes_by_id.pop("evt_before_it") == "paid"
    assert outcomes_by_id == {"evt_of_another": "no such intent", "evt_of_a_charge": "no refund"}
    assert not StripeEvent.objects.filter(processed_at=None).exists()
    assert _is_sold_once()


def test_events_about_one_thing_wait_together_for_a_silent_stripe(
    shop: Shop, told: Json, buyer: Buyer
) -> None:
    deliver(shop, told)
    deliver(shop, told | {"id": "evt_of_the_same"})
    buyer.world.faults(stripe={"fail_next": [{"call": "*", "times": 50, "how": "503"}]})

    assert webhook_inbox.sweep(at=later(0)) == 0
    assert StripeEvent.objects.filter(processed_at=None).count() == 2

    buyer.world.faults(stripe=None)
    assert webhook_inbox.sweep(at=later(61)) == 2
    assert _is_sold_once()


def test_what_another_worker_has_in_hand_keeps_no_other_news_of_the_thing_waiting(
    shop: Shop, told: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(shop, told)
    deliver(shop, told | {"id": "evt_of_the_same"})
    claim, taken = StripeEvent.claim, list[bool]()

    def claim_too_late(event: StripeEvent, *, until: datetime, at: datetime) -> bool:
        """Another worker, who dies of it, takes the first between our list and our claim."""
        if not taken:
            taken.append(claim(event, until=until, at=at))
        return claim(event, until=until, at=at)

    monkeypatch.setattr(StripeEvent, "claim", claim_too_late)

    assert webhook_inbox.sweep(at=later(0)) == 2
    assert taken == [True]
    assert not StripeEvent.objects.filter(processed_at=None).exists()
    assert _is_sold_once()


def test_the_sweeps_find_the_same_sale_once(shop: Shop, told: Json) -> None:
    deliver(shop, told)

    assert outcomes.sweep(at=later(20)) == 1
    assert webhook_inbox.sweep(at=later(20)) == 1

    assert _is_sold_once()
