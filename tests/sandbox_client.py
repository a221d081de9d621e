"""Starts the sandbox and drives its controls, for tests of every kind."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import urllib3

from tests.sandbox.outside import Outside

ROOT = Path(__file__).resolve().parent.parent
Json = dict[str, Any]


def start_sandbox(
    state: Path | str | None = None, *, port: int = 0, smtp_port: int = 0, token: str | None = None
) -> Sandbox:
    """Start a sandbox in its own process. `state` is a directory; ports not given are picked."""
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--smtp-port", str(smtp_port)]
    command += ["--token", token or secrets.token_urlsafe(16)]
    command += ["--state", str(state)] if state is not None else []
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"The sandbox did not start: exit status {process.wait()}.")
    return Sandbox(process, json.loads(line))


class Sandbox:
    """A running sandbox: `port`, `smtp_port`, `token`, and the worlds in it."""

    def __init__(self, process: subprocess.Popen[str], ready: Json) -> None:
        self._process = process
        self.port: int = ready["port"]
        self.smtp_port: int = ready["smtp_port"]
        self.token: str = ready["token"]
        # What requests adds to it costs more than the sandbox's answer, and each test asks a dozen times.
        self._http = urllib3.HTTPConnectionPool("127.0.0.1", self.port, maxsize=32, timeout=40, retries=False)

    @property
    def base(self) -> str:
        """Return the address for servers; browsers use `http://stripe.localhost:<port>` and the like."""
        return f"http://127.0.0.1:{self.port}"

    def world(self, secret_key: str | None = None, **config: Any) -> World:
        """Make a world, or take the one of that key. `config` is sent as it is: `webhook={...}`."""
        name = secrets.token_hex(8)
        secret_key = secret_key or f"sk_test_sandbox_{name}"
        publishable_key = secret_key.replace("sk_test_", "pk_test_", 1)
        world = World(self, secret_key, config.pop("publishable_key", publishable_key))
        world.configure(publishable_key=world.publishable_key, **config)
        return world

    def call(self, method: str, path: str, body: Json | None = None) -> Any:
        """Call a control and return its JSON. :raises AssertionError: it was refused."""
        headers = {"X-Sandbox-Token": self.token}
        answer = self.send(method, f"/_sandbox/{path}", json=body, headers=headers)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.data[:300]!r}"
        return answer.json()

    def send(self, method: str, path: str, **options: Any) -> urllib3.BaseHTTPResponse:
        """Send any request and return its answer. `options`: `json`, `body`, `headers`."""
        return self._http.request(method, path, **options)

    def mail(self, to: str = "") -> list[Json]:
        """Return the mails sent to addresses that contain `to`, oldest first."""
        return list(self.call("GET", f"mail?to={quote(to)}"))

    def reset(self) -> None:
        """Reset every world and empty the mailbox."""
        self.call("POST", "reset")

    def stop(self) -> None:
        """End the process and wait for it."""
        self._http.close()
        self._process.terminate()
        self._process.wait(30)
        if self._process.stdout:
            self._process.stdout.close()


class World(Outside):
    """One secret key's world in a running sandbox."""

    def __init__(self, sandbox: Sandbox, secret_key: str, publishable_key: str) -> None:
        self.sandbox = sandbox
        self.secret_key = secret_key
        self.publishable_key = publishable_key
        self._path = f"worlds/{secret_key}"

    def configure(self, **config: Any) -> None:
        """Set `publishable_key`, `webhook`, `kollus`, `settlement_currency`…; what is not named stays."""
        self.sandbox.call("PUT", self._path, config)

    def report(self, *, only: str = "") -> Json:
        """Return objects, events, deliveries, requests and Kollus' side, or only one of them."""
        report: Json = self.sandbox.call("GET", f"{self._path}?only={only}")
        return report

    def objects(self, kind: str) -> list[Json]:
        """Return the Stripe objects of one kind, oldest first."""
        return list(self.report(only="objects")["objects"].get(kind, []))

    def events(self, type: str | None = None) -> list[Json]:
        """Return the events, oldest first."""
        return [event for event in self.report(only="events")["events"] if type in (None, event["type"])]

    def deliveries(self) -> list[Json]:
        """Return the webhook deliveries, oldest first."""
        return list(self.report(only="deliveries")["deliveries"])

    def faults(self, **groups: Json | None) -> Json:
        """Set faults, group by group (None clears), and return all: `faults(webhooks={"drop": 1})`."""
        faults: Json = self.sandbox.call("POST", f"{self._path}/faults", groups)
        return faults

    def clear_faults(self) -> None:
        """Let everything work again."""
        self.faults(stripe=None, webhooks=None, js=None, three_ds=None, kollus=None, sign_in=None)

    def resend(self, event_id: str, *, times: int = 1, signature: str = "good") -> None:
        """Deliver an event again."""
        body = {"event_id": event_id, "times": times, "signature": signature}
        self.sandbox.call("POST", f"{self._path}/deliveries/resend", body)

    def shift_clock(self, whose: str, offset_seconds: float) -> None:
        """Set how far the clock of "stripe" or "kollus" runs ahead."""
        self.sandbox.call("POST", f"{self._path}/clock", {"whose": whose, "offset_seconds": offset_seconds})

    def hanging(self) -> int:
        """How many calls of the shop's hang at Stripe now."""
        return int(self.sandbox.call("GET", f"{self._path}/hanging")["hanging"])

    def let_go(self) -> None:
        """Let what hangs at Stripe go on, and wait until all that was on its way is done and recorded."""
        self.sandbox.call("POST", f"{self._path}/hanging")

    def reset(self) -> None:
        """Forget what happened; the configuration stays."""
        self.sandbox.call("POST", f"{self._path}/reset")

    def settle(self, seconds: float = 30) -> None:
        """Wait until no webhook is on its way. Paused and reordered ones count as on their way."""
        until = time.monotonic() + seconds
        while any(delivery["state"] in ("planned", "waiting", "sending") for delivery in self.deliveries()):
            assert time.monotonic() < until, "webhooks are still on their way"
            time.sleep(0.03)

    # -- what the browser does --------------------------------------------------

    def confirmation_token(
        self,
        number: str = "4242424242424242",
        *,
        month: int = 12,
        year: int = 2034,
        cvc: str = "123",
        **given: Any,
    ) -> str:
        """Make a confirmation token as the card frame does, and return its id.

        `given`: `mode`, `amount`, `currency`, `setup_future_usage` as Elements was told; `return_url`,
        `billing_details`.
        :raises AssertionError: the card number, date or code cannot be.
        """
        token = self._tokenize("confirmation_tokens", number, month, year, cvc, given)
        return str(token["id"])

    def payment_method(
        self,
        number: str = "4242424242424242",
        *,
        month: int = 12,
        year: int = 2034,
        cvc: str = "123",
        **given: Any,
    ) -> str:
        """Make a payment method as `stripe.createPaymentMethod` does, and return its id."""
        return str(self._tokenize("payment_methods", number, month, year, cvc, given)["id"])

    def challenge(self, url: str, *, passed: bool) -> str:
        """Press a button of the bank's page; returns the address it leads to (the shop's `return_url`)."""
        path = url.split("/", 3)[3]
        answer = self.sandbox.send(
            "POST",
            f"/{path}",
            body=f"outcome={'pass' if passed else 'fail'}",
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Host": f"hooks.stripe.localhost:{self.sandbox.port}",
            },
        )
        assert answer.status == 303, answer.data[:300]
        return answer.headers["Location"]

    def _tokenize(self, what: str, number: str, month: int, year: int, cvc: str, given: Json) -> Json:
        card = {"number": number, "exp_month": month, "exp_year": year, "cvc": cvc}
        answer = self.sandbox.send(
            "POST",
            f"/elements/{what}",
            json={"card": card, **given},
            headers={
                "Authorization": f"Bearer {self.publishable_key}",
                "Host": f"stripe.localhost:{self.sandbox.port}",
            },
        )
        body: Json = answer.json()
        assert answer.status == 200, body
        return body
