"""Which of Stripe's events are let in: signed by a secret of ours, fresh, and of this world."""

import json
import time

import pytest
import requests
from django.conf import settings as shop_settings
from pytest_django import Settings

from billing.models import StripeEvent
from sandbox.signatures import signature_header
from tests.billing.postman import before_a_film, deliver, made_event, post, unheard_sale
from tests.buyer import Buyer, Json
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    return before_a_film(shop)


@pytest.fixture
def told(buyer: Buyer) -> Json:
    return unheard_sale(buyer)


@pytest.mark.parametrize("header", [None, "", "t=,v1=", "v1=00", "t=1,v0=00", "no signature at all"])
def test_what_is_not_signed_is_refused_and_leaves_nothing(shop: Shop, told: Json, header: str | None) -> None:
    answer = post(shop, json.dumps(told).encode(), header)

    assert answer.status_code == 400
    assert not StripeEvent.objects.exists()


def test_another_secret_is_refused(shop: Shop, told: Json) -> None:
    assert deliver(shop, told, secret="whsec_sandbox_not_ours").status_code == 400
    assert not StripeEvent.objects.exists()


def test_a_signature_of_other_words_is_refused(shop: Shop, told: Json) -> None:
    header = signature_header(shop_settings.STRIPE_WEBHOOK_SECRETS, b"{}", at=int(time.time()))

    assert post(shop, json.dumps(told).encode(), header).status_code == 400
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

    assert deliver(shop, told, age_seconds=age_seconds).status_code == status
    assert StripeEvent.objects.count() == (status == 200)


def test_both_secrets_are_good_while_they_rotate(shop: Shop, settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_sandbox_new", "whsec_sandbox_old"]

    statuses = [
        deliver(shop, made_event(), secret=secret).status_code
        for secret in ("whsec_sandbox_new", "whsec_sandbox_old")
    ]
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_sandbox_new"]
    afterwards = deliver(shop, made_event(), secret="whsec_sandbox_old").status_code

    assert (statuses, afterwards) == ([200, 200], 400)
    assert StripeEvent.objects.count() == 2


def test_two_signatures_in_one_header_are_one_delivery(shop: Shop, told: Json) -> None:
    body = json.dumps(told).encode()
    both = ["whsec_sandbox_next", shop_settings.STRIPE_WEBHOOK_SECRETS[0]]

    assert post(shop, body, signature_header(both, body, at=int(time.time()))).status_code == 200
    assert StripeEvent.objects.count() == 1


def test_an_event_of_real_money_is_refused(shop: Shop, told: Json) -> None:
    assert deliver(shop, told | {"livemode": True}).status_code == 400
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
        json.dumps(made_event(data=None)).encode(),
        json.dumps(made_event(data={"object": "pi_1"})).encode(),
        json.dumps(made_event(created="yesterday")).encode(),
        json.dumps(made_event(padding="x" * 300_000)).encode(),
    ],
    ids=lambda body: body[:12].decode(errors="replace") if len(body) < 20 else f"{len(body)} bytes",
)
def test_what_is_no_event_is_refused_even_when_signed(shop: Shop, body: bytes) -> None:
    answer = deliver(shop, body)

    assert 400 <= answer.status_code < 500
    assert not StripeEvent.objects.exists()


def test_only_a_post_delivers(shop: Shop) -> None:
    assert requests.get(f"{shop.url}/webhooks/stripe/", timeout=20).status_code == 405
