"""What the world outside does to a sandbox's world, for tests: banks, issuers, and the time that passes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.sandbox_client import Sandbox

_STEP_SECONDS = 25 * 86400  # under two months: what a clock with a monthly subscription may do at once
Json = dict[str, Any]


class Outside:
    """Acts on money and time; a part of `tests.sandbox_client.World`."""

    sandbox: Sandbox
    secret_key: str
    _path: str

    def objects(self, kind: str) -> list[Json]:
        raise NotImplementedError

    def configure(self, **config: Any) -> None:
        raise NotImplementedError

    def act(self, act: str, object_id: str, **options: Any) -> None:
        """Have the world outside do something to an object. :raises AssertionError: it cannot be."""
        self.sandbox.call("POST", f"{self._path}/acts", {"act": act, "object": object_id, **options})

    def fail_refund(self, refund_id: str, *, reason: str = "expired_or_canceled_card") -> None:
        """Let a refund that looked successful, or is pending, come back."""
        self.act("fail_refund", refund_id, reason=reason)

    def complete_refund(self, refund_id: str) -> None:
        """Let a pending refund succeed."""
        self.act("complete_refund", refund_id)

    def test_clock(self, at: int) -> str:
        """Make a test clock that stands at an instant, for customers made with it; returns its id."""
        return str(self.api("POST", "test_helpers/test_clocks", frozen_time=at)["id"])

    def freeze(self, at: int) -> str:
        """Put every customer that the shop makes from now on on a test clock; returns the clock's id.

        The shop itself need not know: only the world's configuration says so.
        """
        clock_id = self.test_clock(at)
        self.configure(default_test_clock=clock_id)
        return clock_id

    def advance_clock(self, clock_id: str, to: int, *, seconds: float = 30) -> Json:
        """Advance a test clock and wait until all that falls due on the way is done; returns it.

        :raises AssertionError: the time lies behind, or more than two intervals ahead.
        """
        self.api("POST", f"test_helpers/test_clocks/{clock_id}/advance", frozen_time=to)
        until = time.monotonic() + seconds
        while (clock := self.api("GET", f"test_helpers/test_clocks/{clock_id}"))["status"] != "ready":
            assert time.monotonic() < until, "the test clock is still advancing"
            time.sleep(0.05)
        return clock

    def age(self, clock_id: str, seconds: int) -> Json:
        """Advance a test clock by so much, step by step if it is far, and wait until it stands there.

        The steps suit subscriptions by the month or the year.
        """
        target = self.api("GET", f"test_helpers/test_clocks/{clock_id}")["frozen_time"] + seconds
        while True:
            now = self.api("GET", f"test_helpers/test_clocks/{clock_id}")["frozen_time"]
            clock = self.advance_clock(clock_id, min(target, now + _STEP_SECONDS))
            if clock["frozen_time"] >= target:
                return clock

    def api(self, method: str, path: str, **params: Any) -> Json:
        """Make a plain call of the API, for what no shop does. :raises AssertionError: it was refused."""
        form = {"Content-Type": "application/x-www-form-urlencoded"} if params else {}
        answer = self.sandbox.send(
            method,
            f"/v1/{path}",
            body=urlencode(params, doseq=True),
            headers={"Authorization": f"Bearer {self.secret_key}", **form},
        )
        body: Json = answer.json()
        assert answer.status == 200, body
        return body

    def dispute(self, charge_id: str, *, reason: str = "fraudulent", inquiry: bool = False) -> Json:
        """Let the bank dispute a charge, or only ask about it; returns the dispute."""
        self.act("dispute", charge_id, reason=reason, inquiry=inquiry)
        return next(each for each in self.objects("dispute") if each["charge"] == charge_id)

    def win_dispute(self, dispute_id: str) -> None:
        """Let the bank decide for the shop."""
        self.act("win_dispute", dispute_id)

    def lose_dispute(self, dispute_id: str) -> None:
        """Let the bank decide for its customer."""
        self.act("lose_dispute", dispute_id)

    def escalate_dispute(self, dispute_id: str) -> None:
        """Turn an inquiry into a dispute that takes the money."""
        self.act("escalate_dispute", dispute_id)

    def warn_of_fraud(self, charge_id: str, *, fraud_type: str = "unauthorized_use_of_card") -> Json:
        """Let the issuer warn of a charge; returns the warning."""
        self.act("warn_of_fraud", charge_id, fraud_type=fraud_type)
        warnings = self.objects("radar.early_fraud_warning")
        return next(each for each in warnings if each["charge"] == charge_id)
