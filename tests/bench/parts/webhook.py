"""A webhook accepted: verified, kept, answered. The floor verifies by hand and inserts."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.bench.figures import Figure, at_most
from tests.bench.load import request
from tests.bench.rounds import against_floor
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage

_SAMPLES = Path(__file__).resolve().parents[3] / "sandbox" / "data" / "samples.json"
_TYPES = ("payment_intent.created", "payment_intent.succeeded", "charge.succeeded")


def measure(stage: Stage) -> Iterator[Figure]:
    delivery = Deliveries()
    statements = max(sql_of(stage.shop.port, delivery("/webhooks/stripe/", number)) for number in range(9))
    yield at_most("webhook: SQL", statements, 3, "statements")
    shop, floor = partial(delivery, "/webhooks/stripe/"), partial(delivery, "/webhook/")
    yield from against_floor("webhook", stage, shop=shop, floor=floor, promise=0.5)


class Deliveries:
    """Signed deliveries of events that nobody has seen, about payments of no order of ours."""

    def __init__(self) -> None:
        self._event = json.dumps(_event())
        self._run = secrets.token_hex(4)
        self._secret = settings.STRIPE_WEBHOOK_SECRETS[0].encode()

    def __call__(self, path: str, number: int) -> bytes:
        text = self._event.replace("EVENT", f"{self._run}{path.count('/')}{time.monotonic_ns()}x{number}")
        body, at = text.replace("TYPE", _TYPES[number % 3]).encode(), int(time.time())
        digest = hmac.new(self._secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "Stripe-Signature": f"t={at},v1={digest}"}
        return request("POST", path, headers, body)


def _event() -> dict[str, Any]:
    samples = json.loads(_SAMPLES.read_text("utf-8"))
    paid = samples["payment_intent"] | {"id": "pi_EVENT", "latest_charge": samples["charge"]}
    event: dict[str, Any] = samples["event"] | {
        "id": "evt_EVENT",
        "type": "TYPE",
        "created": int(time.time()),
        "livemode": False,
        "data": {"object": paid},
    }
    return event
