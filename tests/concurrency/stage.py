"""One film on sale and two strangers in front of it, each with a browser session of his own."""

import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests
from django.conf import settings

from billing.models import Order
from tests import factories
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.sandbox_client import World
from videos.models import Offer, Video

ALWAYS_ASKS = "4000002760003184"
DECLINED = "4000000000000002"
LATER = timedelta(seconds=21)  # when the sweep first looks at an attempt


@dataclass(frozen=True)
class Stage:
    """What a race or an attack works with."""

    shop: Shop
    film: Video

    @property
    def world(self) -> World:
        return self.shop.world

    @property
    def offer(self) -> Offer:
        """The film's offer to own it."""
        return self.film.offers.get(kind="own")

    def stranger(self) -> Buyer:
        """Somebody who has never been here."""
        return Buyer(self.shop.url, self.world)

    def tabs(self, buyer: Buyer, count: int) -> list[Buyer]:
        """Tabs of one browser: the same cookies, connections of their own."""
        tabs = [self.stranger() for _ in range(count)]
        for tab in tabs:
            tab.http.cookies.update(buyer.http.cookies)
        return tabs

    def cards(self, count: int) -> list[str]:
        """Confirmation tokens of a card that pays."""
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda _: self.world.confirmation_token(), range(count)))

    def open_order(self) -> Order:
        """An order of a stranger's that the bank asks about; its webhooks are held back."""
        self.world.faults(webhooks={"pause": True})
        asked = self.stranger().buy(self.film.slug, card=ALWAYS_ASKS)
        return Order.objects.get(reference=asked["order"])

    def pass_challenge(self, order: Order) -> None:
        """The buyer answers the bank; nobody tells the shop."""
        self.world.challenge(order.payments.get(state="challenged").challenge_url, passed=True)

    def event(self, type: str = "payment_intent.succeeded") -> bytes:
        """The newest event of a type, as Stripe would send it."""
        return json.dumps(self.world.events(type)[-1]).encode()

    def deliver(self, body: bytes, *, secret: str = "", age_seconds: int = 0) -> requests.Response:
        """Post an event to the webhook, signed with our secret or another."""
        key, at = secret or settings.STRIPE_WEBHOOK_SECRETS[0], int(time.time()) - age_seconds
        digest = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={at},v1={digest}", "Content-Type": "application/json"}
        return requests.post(f"{self.shop.url}/webhooks/stripe/", body, headers=headers, timeout=40)


@pytest.fixture
def stage(shop: Shop) -> Stage:
    film = factories.film_on_sale("noon")
    factories.offer(film, "rent")
    return Stage(shop, film)
