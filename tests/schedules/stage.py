"""A shop with one film, for one schedule after another. Only time is moved by hand; all else is real."""

import time
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet

from accounts import tasks as mail
from accounts.models import Mail, Pass
from billing import tasks
from billing.models import Heat, Order, Payment, StripeEvent
from tests import emptying
from tests.conftest import Shop
from tests.schedules.clock import Clock
from tests.schedules.waiting import Waiting
from videos.models import Entitlement, ViewerCode

FILM = "noon"
PATIENCE_SECONDS = 10
_LITTLE_PATIENCE_SECONDS = 0.6
_HANG_SECONDS = 1.0
SWEEP_EVERY_SECONDS = 15
_NO_FAULT = {"drop": 0, "double": False, "reorder": False, "delay_seconds": 0, "signature": "good"}


class Stage:
    """Where a schedule is played. Webhooks wait until they are let in; workers work when they are told to."""

    ROWS: ClassVar[list[type[Model]]] = [
        Session,
        Mail,
        Pass,
        Entitlement,
        ViewerCode,
        StripeEvent,
        Order,
        Heat,
    ]

    def __init__(self, shop: Shop, clock: Clock) -> None:
        self.shop, self.world, self.clock = shop, shop.world, clock

    def clear(self) -> None:
        """Forget the last schedule."""
        self.wait_for_hanging_calls()
        self.world.reset()
        self.clock.skipped_seconds = 0
        emptying.empty(self.ROWS)

    def break_stripe(self, how: str, times: int) -> None:
        """Let the next calls fail, whichever they are; with "" none does."""
        if how.startswith("hang"):
            settings.STRIPE_TIMEOUT_SECONDS = _LITTLE_PATIENCE_SECONDS
        failure = {"call": "*", "times": times, "how": how, "seconds": _HANG_SECONDS}
        self.world.faults(stripe={"fail_next": [failure] if how else []})

    def lead_webhooks_astray(self, fault: dict[str, Any]) -> None:
        """Spoil what Stripe sends from now on in this one way; with {} in none."""
        self.world.faults(webhooks={**_NO_FAULT, "pause": True, **fault})

    def let_webhooks_in(self) -> None:
        """Deliver what is due; what was to be reversed comes in reverse."""
        self.world.faults(webhooks={"pause": False, "reorder": False})
        self._wait_for_webhooks()
        self.world.faults(webhooks={"pause": True})

    def _wait_for_webhooks(self) -> None:
        until = time.monotonic() + 30
        while any(self._is_on_its_way(delivery) for delivery in self.world.deliveries()):
            assert time.monotonic() < until, "webhooks are still on their way"
            time.sleep(0.01)

    def _is_on_its_way(self, delivery: dict[str, Any]) -> bool:
        is_open: bool = delivery["state"] in ("planned", "waiting", "sending")
        return is_open and delivery["due_at"] <= self.clock.now().timestamp()

    def skip(self, seconds: int) -> None:
        """Let time pass, no faster at Stripe's than a call that hangs there."""
        self.wait_for_hanging_calls()
        self.clock.skip(seconds)

    def wait_for_hanging_calls(self) -> None:
        """Let Stripe end what the shop has given up waiting for; from now on the shop waits for it."""
        if settings.STRIPE_TIMEOUT_SECONDS != PATIENCE_SECONDS:
            self.world.let_go()
        settings.STRIPE_TIMEOUT_SECONDS = PATIENCE_SECONDS

    def sweep(self) -> None:
        tasks.sweep()
        mail.send_mail()

    def heal(self) -> None:
        """Let everything work again, and a minute pass."""
        self.world.faults(stripe=None, webhooks=None)
        self.skip(30)  # Stripe sends again what was refused, for the last time after 25 seconds
        self._wait_for_webhooks()
        self._sweep_for(30)

    def come_to_rest(self) -> None:
        """Wait until nothing more comes of what happened before."""
        self._sweep_for(60)
        if self._is_a_question_open():
            self.skip(self.clock.skipped_seconds)  # the bank is asked ever more rarely
            self.sweep()

    def _sweep_for(self, seconds: int) -> None:
        for _ in range(0, seconds + 1, SWEEP_EVERY_SECONDS):
            if not self._waiting.is_any():
                return
            self.sweep()
            self.skip(SWEEP_EVERY_SECONDS)

    @cached_property
    def _waiting(self) -> Waiting:
        return Waiting(*self._rows_that_wait())

    def _rows_that_wait(self) -> tuple[QuerySet[Any], ...]:
        return (
            Payment.objects.filter(state=Payment.State.SENT),
            StripeEvent.objects.filter(processed_at=None),
            Mail.objects.filter(sent_at=None),
        )

    def _is_a_question_open(self) -> bool:
        asked = [Payment.State.CHALLENGED, Payment.State.ABANDONED]
        return Payment.objects.filter(state__in=asked, order__state=Order.State.OPEN).exists()
