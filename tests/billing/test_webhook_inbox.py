"""Stripe's events: what is let in, what is kept, and that an event is only a nudge."""

import json
import secrets
import time
from typing import Any

import pytest
import requests
from django.conf import settings as shop_settings
from kombu import pools
from pytest_django import Settings

from accounts.models import Mail
from billing.inbox import webhook_inbox
from billing.models import Order, StripeEvent
from billing.settling import outcomes
from config.celery import app
from sandbox.signatures import signature_header
from tests import factories
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.moments import later
from tests.services import free_port
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

Json = dict[str, Any]
ALWAYS_ASKS = "4000002760003184"
DECLINED = "4000000000000002"


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    """Somebody in front of a film; what Stripe sends is held back, so that a test can deliver it by hand."""
    factories.film_on_sale("noon")
    shop.world.faults(webhooks={"pause": True})
    return Buyer(shop.url, shop.world)


@pytest.fixture
def told(buyer: Buyer) -> Json:
    """The event of a payment that the shop knows nothing of: its answer was lost."""
    buyer.world.faults(stripe={"fail_next": [{"call": "POST /v1/payment_intents", "how": "drop_after"}]})
    assert buyer.buy("noon")["state"] == "asking"
    return buyer.world.events("payment_intent.succeeded")[0]


def _event(**changes: Any) -> Json:
    event = {
        "id": f"evt_{secrets.token_hex(8)}",
        "type": "payment_intent.succeeded",
        "data": {"object": {"id": "pi_of_nobody"}},
        "api_version": "2026-10-28.endive",
        "livemode": False,
        "created": int(time.time()),
    }
    return event | changes


def _deliver(shop: Shop, event: Json | bytes, *, age_seconds: int = 0, secret: str = "") -> requests.Response:
    """Post an event as Stripe would, signed with our newest secret or another."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    secret = secret or shop_settings.STRIPE_WEBHOOK_SECRETS[0]
    header = signature_header([secret], body, at=int(time.time()) - age_seconds)
    return _post(shop, body, header)


def _post(shop: Shop, body: bytes, header: str | None) -> requests.Response:
    headers = {"Stripe-Signature": header} if header is not None else {}
    return requests.post(f"{shop.url}/webhooks/stripe/", body, headers=headers, timeout=20)


def _process_all(seconds: float = 0) -> None:
    for event in StripeEvent.objects.order_by("id"):
        webhook_inbox.process(event, at=later(seconds))


def _is_sold_once() -> bool:
    counts = (Entitlement.objects.count(), Mail.objects.count())
    return Order.objects.get().is_paid and counts == (1, 1)


# What is let in


@pytest.mark.parametrize("header", [None, "", "t=,v1=", "v1=00", "t=1,v0=00", "no signature at all"])
def test_what_is_not_signed_is_refused_and_leaves_nothing(shop: Shop, told: Json, header: str | None) -> None:
    answer = _post(shop, json.dumps(told).encode(), header)

    assert answer.status_code == 400
    assert not StripeEvent.objects.exists()


def test_another_secret_is_refused(shop: Shop, told: Json) -> None:
    assert _deliver(shop, told, secret="whsec_sandbox_not_ours").status_code == 400
    assert not StripeEvent.objects.exists()


def test_a_signature_of_other_words_is_refused(shop: Shop, told: Json) -> None:
    header = signature_header(shop_settings.STRIPE_WEBHOOK_SECRETS, b"{}", at=int(time.time()))

    assert _post(shop, json.dumps(told).encode(), header).status_code == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    "age_seconds, status",
    [(290, 200), (310, 400), (-3600, 200)],
    ids=["fresh", "older than five minutes", "from a clock that runs ahead"],
)
def test_a_signature_lives_for_five_minutes(
    shop: Shop, told: Json, settings: Settings, age_seconds: int, status: int
) -> None:
    settings.STRIPE_RECORD = ""  # Stripe's clock is right

    assert _deliver(shop, told, age_seconds=age_seconds).status_code == status
    assert StripeEvent.objects.count() == (status == 200)


def test_both_secrets_are_good_while_they_rotate(shop: Shop, settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_sandbox_new", "whsec_sandbox_old"]

    statuses = [
        _deliver(shop, _event(), secret=secret).status_code
        for secret in ("whsec_sandbox_new", "whsec_sandbox_old")
    ]
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_sandbox_new"]
    afterwards = _deliver(shop, _event(), secret="whsec_sandbox_old").status_code

    assert (statuses, afterwards) == ([200, 200], 400)
    assert StripeEvent.objects.count() == 2


def test_two_signatures_in_one_header_are_one_delivery(shop: Shop, told: Json) -> None:
    body = json.dumps(told).encode()
    both = ["whsec_sandbox_next", shop_settings.STRIPE_WEBHOOK_SECRETS[0]]

    assert _post(shop, body, signature_header(both, body, at=int(time.time()))).status_code == 200
    assert StripeEvent.objects.count() == 1


def test_an_event_of_real_money_is_refused(shop: Shop, told: Json) -> None:
    assert _deliver(shop, told | {"livemode": True}).status_code == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"[]",
        b"null",
        b'"evt_1"',
        b"{}",
        b"\xff\xfe",
        json.dumps(_event(data=None)).encode(),
        json.dumps(_event(data={"object": "pi_1"})).encode(),
        json.dumps(_event(created="yesterday")).encode(),
        json.dumps(_event(padding="x" * 300_000)).encode(),
    ],
    ids=lambda body: body[:12].decode(errors="replace") if len(body) < 20 else f"{len(body)} bytes",
)
def test_what_is_no_event_is_refused_even_when_signed(shop: Shop, body: bytes) -> None:
    answer = _deliver(shop, body)

    assert 400 <= answer.status_code < 500
    assert not StripeEvent.objects.exists()


def test_only_a_post_delivers(shop: Shop) -> None:
    assert requests.get(f"{shop.url}/webhooks/stripe/", timeout=20).status_code == 405


# What comes of it


def test_an_event_alone_sells(shop: Shop, told: Json) -> None:
    assert _deliver(shop, told).status_code == 200
    assert not Order.objects.get().is_paid  # it is kept first, and worked through later

    _process_all()

    assert _is_sold_once()
    assert StripeEvent.objects.get().outcome == "paid"


def test_the_same_event_again_is_kept_once(shop: Shop, told: Json) -> None:
    statuses = [_deliver(shop, told).status_code for _ in range(3)]

    _process_all()
    _process_all()

    assert statuses == [200, 200, 200]
    assert StripeEvent.objects.count() == 1
    assert _is_sold_once()


def test_two_events_of_one_fact_sell_once(shop: Shop, told: Json) -> None:
    _deliver(shop, told)
    _deliver(shop, told | {"id": "evt_of_the_same"})

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
        _deliver(shop, event)
        _process_all()

    assert _is_sold_once()


def test_an_event_is_only_a_nudge(shop: Shop, buyer: Buyer) -> None:
    """It claims success; Stripe itself, asked anew, knows of none."""
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    intent = buyer.world.objects("payment_intent")[0]

    _deliver(shop, _event(data={"object": intent | {"status": "succeeded"}}))
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
    assert _deliver(shop, _event(**changes)).status_code == 200

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

    _deliver(shop, _event(data={"object": {"id": intent["id"]}}))
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

    _deliver(shop, told | {"api_version": "2020-08-27"})

    _process_all()

    assert _is_sold_once()
    assert "event of another API version" in caplog.messages


# What goes wrong on the way


def test_a_dead_broker_is_a_late_job(shop: Shop, told: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = app.connection_for_write(f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setattr(app.amqp, "_producer_pool", pools.producers[nobody])

    begun = time.monotonic()
    answer = _deliver(shop, told)
    seconds = time.monotonic() - begun
    webhook_inbox.sweep(at=later(0))

    assert answer.status_code == 200
    assert seconds < 2
    assert _is_sold_once()


def test_a_silent_stripe_is_asked_again_with_growing_gaps(shop: Shop, told: Json, buyer: Buyer) -> None:
    _deliver(shop, told)
    buyer.world.faults(stripe={"fail_next": [{"call": "*", "times": 50, "how": "503"}]})

    event, gaps, seconds = StripeEvent.objects.get(), [], 0.0
    for _ in range(6):
        at = later(seconds)
        assert not webhook_inbox.process(event, at=at)
        event.refresh_from_db()
        assert event.try_after is not None
        gaps.append((event.try_after - at).total_seconds())
        assert not webhook_inbox.sweep(at=later(seconds + gaps[-1] - 1))
        seconds += gaps[-1] + 1

    assert gaps == [10, 20, 40, 40, 40, 40]  # with the sweep's period it is found within a minute
    assert (event.attempts, event.outcome) == (6, "Stripe unavailable")
    buyer.world.faults(stripe=None)  # what Stripe sends stays held back
    assert webhook_inbox.sweep(at=later(seconds)) == 1
    assert _is_sold_once()


def test_an_event_whose_worker_died_is_taken_up_after_a_minute(shop: Shop, told: Json) -> None:
    _deliver(shop, told)
    event = StripeEvent.objects.get()
    assert event.claim(until=later(60), at=later(0))  # and its worker is gone

    early = webhook_inbox.sweep(at=later(50))
    late = webhook_inbox.sweep(at=later(61))

    assert (early, late) == (0, 1)
    assert _is_sold_once()


def test_a_replay_asks_stripe_once_more_and_changes_nothing_twice(
    shop: Shop, told: Json, buyer: Buyer
) -> None:
    _deliver(shop, told)
    _process_all()
    before = len(buyer.world.report()["requests"])

    assert webhook_inbox.replay(StripeEvent.objects.get(), at=later(1))

    assert len(buyer.world.report()["requests"]) == before + 1
    assert _is_sold_once()


def test_the_sweeps_find_the_same_sale_once(shop: Shop, told: Json) -> None:
    _deliver(shop, told)

    assert outcomes.sweep(at=later(20)) == 1
    assert webhook_inbox.sweep(at=later(20)) == 1

    assert _is_sold_once()
