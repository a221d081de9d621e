"""Paid means playable when a process dies: 20 schedules, each kills one within its work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.db import models, transaction
from django.db.models import F
from pytest_django import Settings

from accounts import tasks as mail
from accounts.models import Mail
from billing import tasks
from billing.models import Order, Payment, StripeEvent
from tests import factories
from tests.buyer import Buyer
from tests.concurrency.racing import somebody_waits
from tests.sandbox_client import Sandbox
from tests.schedules import promise
from tests.schedules.machine import CARDS
from tests.schedules.premises import Premises, wait_until
from tests.schedules.stage import FILM

pytestmark = pytest.mark.django_db(transaction=True)

CREATE = "POST /v1/payment_intents"
READ = "GET /v1/payment_intents/{intent}"
READ_TOKEN = "GET /v1/confirmation_tokens/{confirmation_token}"
SLOW_MS = 600


@dataclass
class Scene:
    """A shop in processes of its own, and a buyer in front of its film."""

    premises: Premises
    buyer: Buyer
    passed_seconds: int = 0

    def begin(self, call: Callable[[], Any]) -> threading.Thread:
        """Do what a browser does, whatever becomes of it."""

        def run() -> None:
            with suppress(requests.ConnectionError):
                call()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def slow_down(self, call: str) -> None:
        self.buyer.world.faults(stripe={"latency_ms": {call: SLOW_MS}})

    def fail(self, how: str, call: str = CREATE) -> None:
        failure = {"call": call, "how": how}
        self.buyer.world.faults(stripe={"fail_next": [failure]})

    def pay_unheard(self, card: str) -> None:
        """Pay, the answer and the webhooks being held back."""
        self.hold_webhooks()
        self.fail("drop_after")
        self.buyer.buy(FILM, card=card)

    def hold_webhooks(self) -> None:
        self.buyer.world.faults(webhooks={"pause": True})

    def let_webhooks_in(self) -> None:
        self.buyer.world.faults(webhooks={"pause": False})

    def heal(self) -> None:
        """Let everything work, and a few minutes pass."""
        self.premises.wait_until_open()
        self.buyer.world.clear_faults()
        for seconds in (30, 15, 15, 15, 15, 120):
            self.let_pass(seconds)
            self.buyer.world.settle()
            tasks.sweep()
            mail.send_mail()

    def let_pass(self, seconds: int) -> None:
        """Let time pass at the shop and at Stripe's: the rows grow older, so that all clocks agree."""
        self.passed_seconds += seconds
        self.buyer.world.shift_clock("stripe", self.passed_seconds)
        for model in (Payment, StripeEvent, Mail):
            times = [each.name for each in model._meta.fields if isinstance(each, models.DateTimeField)]
            older = {name: F(name) - timedelta(seconds=seconds) for name in times}
            model._default_manager.update(**older)


@pytest.fixture(scope="module")
def premises(
    sandbox: Sandbox, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Premises]:
    with django_db_blocker.unblock():
        opened = Premises(sandbox, tmp_path_factory.mktemp("premises"))
    yield opened
    opened.close()


@pytest.fixture
def scene(premises: Premises, settings: Settings) -> Iterator[Scene]:
    for name, value in premises.facts.items():
        setattr(settings, name, value)
    factories.film_on_sale(FILM)
    premises.wait_until_open()
    yield Scene(premises, Buyer(premises.url, premises.world))
    premises.world.reset()


@contextmanager
def _held(rows: models.QuerySet[Any]) -> Iterator[None]:
    """Hold a row, so that who wants to change it stands still in the midst of his transaction."""
    with transaction.atomic():
        assert list(rows.select_for_update())
        yield


def _wait_until_it_is_sent(scene: Scene) -> None:
    """And hangs at Stripe, until it is let go."""
    wait_until(scene.buyer.world.hanging, "the call")


# The process that serves


def while_stripe_works(scene: Scene, card: str) -> None:
    """The charge comes about, and nobody is there to hear of it."""
    scene.fail("hang_then_process")
    pressing = scene.begin(lambda: scene.buyer.buy(FILM, card=card))
    _wait_until_it_is_sent(scene)
    scene.premises.kill_serving_process()
    pressing.join()
    scene.buyer.world.let_go()


def while_stripe_hangs(scene: Scene, card: str) -> None:
    scene.fail("hang")
    pressing = scene.begin(lambda: scene.buyer.buy(FILM, card=card))
    _wait_until_it_is_sent(scene)
    scene.premises.kill_serving_process()
    pressing.join()
    scene.buyer.world.let_go()


def while_it_settles(scene: Scene, card: str) -> None:
    scene.fail("hang_then_process")
    pressing = scene.begin(lambda: scene.buyer.buy(FILM, card=card))
    _wait_until_it_is_sent(scene)
    with _held(Order.objects.all()):
        scene.buyer.world.let_go()
        wait_until(somebody_waits, "the settlement")
        scene.premises.kill_serving_process()
    pressing.join()


def before_it_asks_stripe(scene: Scene, card: str) -> None:
    scene.fail("drop_before")
    quote = scene.buyer.quote(FILM)
    scene.buyer.pay(quote, card=CARDS["declined"])
    with _held(Order.objects.all()):
        pressing = scene.begin(lambda: scene.buyer.pay(quote, card=card))
        wait_until(somebody_waits, "the second attempt")
        scene.premises.kill_serving_process()
    pressing.join()


def right_after_its_answer(scene: Scene, card: str) -> None:
    scene.buyer.buy(FILM, card=card)
    scene.premises.kill_serving_process()


def while_the_bank_asks(scene: Scene, card: str) -> None:
    asked = scene.buyer.buy(FILM, card=card)
    scene.premises.kill_serving_process()
    scene.buyer.world.challenge(asked["challenge_url"], passed=True)


def while_the_page_asks(scene: Scene, card: str) -> None:
    scene.pay_unheard(card)
    scene.slow_down(READ_TOKEN)
    reference = Order.objects.get().reference
    asking = scene.begin(lambda: scene.buyer.status(reference))
    wait_until(lambda: Payment.objects.get().looked_at, "the look")
    scene.premises.kill_serving_process()
    asking.join()


def while_webhooks_come(scene: Scene, card: str) -> None:
    scene.pay_unheard(card)
    scene.let_webhooks_in()
    scene.premises.kill_serving_process()


def twice(scene: Scene, card: str) -> None:
    while_stripe_hangs(scene, card)
    scene.premises.wait_until_open()
    assert scene.buyer.buy(FILM, card=card)["state"] == "asking"
    scene.let_pass(61)
    tasks.sweep()
    while_stripe_works(scene, card)


# The process that works


def while_the_worker_asks_stripe(scene: Scene, card: str) -> None:
    scene.pay_unheard(card)
    scene.slow_down(READ)
    scene.let_webhooks_in()
    wait_until(lambda: StripeEvent.objects.filter(attempts__gt=0).exists(), "an event is taken up")
    scene.premises.kill_working_process()


def while_the_worker_settles(scene: Scene, card: str) -> None:
    scene.pay_unheard(card)
    with _held(Order.objects.all()):
        scene.let_webhooks_in()
        wait_until(somebody_waits, "the settlement")
        scene.premises.kill_working_process()


def before_the_worker_begins(scene: Scene, card: str) -> None:
    scene.pay_unheard(card)
    scene.premises.kill_worker()
    scene.let_webhooks_in()


def both_at_once(scene: Scene, card: str) -> None:
    while_stripe_works(scene, card)
    scene.premises.wait_until_open()
    scene.slow_down(READ)
    wait_until(lambda: StripeEvent.objects.filter(attempts__gt=0).exists(), "an event is taken up")
    scene.premises.kill_worker()
    scene.premises.kill_serving_process()


SCHEDULES = [
    *((while_stripe_works, card) for card in CARDS),
    (while_stripe_hangs, "fine"),
    (while_it_settles, "fine"),
    (before_it_asks_stripe, "fine"),
    (right_after_its_answer, "fine"),
    (while_the_bank_asks, "asks"),
    (while_the_page_asks, "fine"),
    (while_the_page_asks, "declined"),
    (while_webhooks_come, "fine"),
    (twice, "fine"),
    (while_the_worker_asks_stripe, "fine"),
    (while_the_worker_asks_stripe, "asks"),
    (while_the_worker_settles, "fine"),
    (before_the_worker_begins, "fine"),
    (before_the_worker_begins, "declined"),
    (both_at_once, "fine"),
]
assert len(SCHEDULES) == 20


@pytest.mark.parametrize("play, card", SCHEDULES, ids=lambda each: getattr(each, "__name__", each))
def test_a_killed_process_costs_nobody_his_film(
    play: Callable[[Scene, str], None], card: str, scene: Scene
) -> None:
    play(scene, CARDS[card])

    scene.heal()

    promise.check(scene.buyer, FILM)
