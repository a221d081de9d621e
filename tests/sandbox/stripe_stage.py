"""What the tests of the sandbox's Stripe share: Stripe's own client, a usual purchase, a listener."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from tests.sandbox_client import World

RETURN_URL = "http://localhost:9/checkout/return/?kept=1"
CHALLENGED = "4000000000003220"
Json = dict[str, Any]


class Recorder(stripe.RequestsClient):
    """Stripe's HTTP client, writing down every exchange."""

    def __init__(self) -> None:
        super().__init__(timeout=40)
        self.exchanges: list[Json] = []

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, *, _usage: Any = None
    ) -> Any:
        """Send and keep one exchange."""
        answer = super().request(method, url, headers, post_data)
        self.exchanges.append(
            {
                "method": method.upper(),
                "path": "/" + url.split("/", 3)[3],
                "form_body": post_data or "",
                "status": answer[1],
                "response_json": json.loads(answer[0]),
                "headers": dict(answer[2]),
            }
        )
        return answer


class Buyer:
    """A shop's server that speaks to one world through Stripe's own package.

    What comes back is `Any`: the package's types know neither what was expanded nor what a status implies.
    """

    def __init__(self, world: World) -> None:
        stripe.enable_telemetry = False
        self.world = world
        self.recorder = Recorder()
        self.stripe: Any = stripe.StripeClient(
            world.secret_key, base_addresses={"api": world.sandbox.base}, http_client=self.recorder
        ).v1

    def pay(self, number: str = "4242424242424242", *, key: str | None = None, **changes: Any) -> Any:
        """Create and confirm an intent with a card typed into the frame."""
        token = changes.pop("confirmation_token", None) or self.world.confirmation_token(number)
        params = {
            "amount": 1999,
            "currency": "usd",
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "confirmation_token": token,
            "return_url": RETURN_URL,
            "use_stripe_sdk": False,
            "metadata": {"order": "A1"},
            "expand": ["latest_charge"],
            **changes,
        }
        params = {name: value for name, value in params.items() if value is not None}
        options: Any = {"idempotency_key": key} if key else {}
        return self.stripe.payment_intents.create(params, options)

    def confirm(self, intent_id: str, number: str = "4242424242424242") -> Any:
        """Confirm the same intent with another card."""
        token = self.world.confirmation_token(number)
        return self.stripe.payment_intents.confirm(
            intent_id,
            {"confirmation_token": token, "return_url": RETURN_URL, "use_stripe_sdk": False},
        )

    def intent(self, intent_id: str) -> Any:
        """Ask for an intent as it is now."""
        return self.stripe.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})


def error_of(refusal: pytest.ExceptionInfo[stripe.StripeError]) -> Any:
    """Return the error object of a refusal."""
    return refusal.value.error


def challenge_url(intent: Any) -> str:
    """Return the address of the bank's page that an intent waits for."""
    return str(intent.next_action.redirect_to_url.url)


@dataclass
class Received:
    """One webhook as it arrived."""

    body: bytes
    signature: str
    at: float

    @property
    def event(self) -> Any:
        return json.loads(self.body)


@dataclass
class Listener:
    """A webhook endpoint. `statuses` are given to the next deliveries, then 200; `notice` is called first."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    notice: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/stripe/"

    def types(self) -> list[str]:
        """Return the types of what arrived, in order."""
        return [received.event["type"] for received in self.received]


def listen(listener: Listener) -> ThreadingHTTPServer:
    """Start to listen on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signature = self.headers.get("Stripe-Signature", "")
            status = listener.statuses.pop(0) if listener.statuses else 200
            listener.notice()
            listener.received.append(Received(body, signature, time.time()))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def eventually(check: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait until `check` gives something true, and return it."""
    until = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
    return found
