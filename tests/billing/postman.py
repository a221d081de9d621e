"""Stripe's events, posted to the shop as Stripe would, signed or not."""

import json
import secrets
import time
from typing import Any

import requests
from django.conf import settings as shop_settings

from sandbox.signatures import signature_header
from tests import factories
from tests.buyer import Buyer, Json
from tests.conftest import Shop


def before_a_film(shop: Shop) -> Buyer:
    """Somebody in front of a film; what Stripe sends is held back, so that a test can deliver it by hand."""
    factories.film_on_sale("noon")
    shop.world.faults(webhooks={"pause": True})
    return Buyer(shop.url, shop.world)


def unheard_sale(buyer: Buyer) -> Json:
    """The event of a payment that the shop knows nothing of: its answer was lost."""
    buyer.world.faults(stripe={"fail_next": [{"call": "POST /v1/payment_intents", "how": "drop_after"}]})
    assert buyer.buy("noon")["state"] == "asking"
    return buyer.world.events("payment_intent.succeeded")[0]


def made_event(**changes: Any) -> Json:
    made = {
        "id": f"evt_{secrets.token_hex(8)}",
        "type": "payment_intent.succeeded",
        "data": {"object": {"id": "pi_of_nobody"}},
        "api_version": "2026-10-28.endive",
        "livemode": False,
        "created": int(time.time()),
    }
    return made | changes


def deliver(shop: Shop, event: Json | bytes, *, age_seconds: int = 0, secret: str = "") -> requests.Response:
    """Post an event as Stripe would, signed with our newest secret or another."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    secret = secret or shop_settings.STRIPE_WEBHOOK_SECRETS[0]
    header = signature_header([secret], body, at=int(time.time()) - age_seconds)
    return post(shop, body, header)


def post(shop: Shop, body: bytes, header: str | None) -> requests.Response:
    headers = {"Stripe-Signature": header} if header is not None else {}
    return requests.post(f"{shop.url}/webhooks/stripe/", body, headers=headers, timeout=20)
