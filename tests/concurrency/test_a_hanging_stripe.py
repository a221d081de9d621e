"""Stripe hangs while a crowd pays: half of the threads may wait for it, and the rest of the shop goes on."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from threading import Semaphore

import pytest
import requests
from pytest_django import Settings

from billing.stripe import stripe_gateway
from tests import promises
from tests.concurrency.few_threads import served_by
from tests.concurrency.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
TIMEOUT_SECONDS = 4
AT_ONCE_SECONDS = 2.5  # generous: a crowd and a test share the processors


@pytest.fixture
def stage_of_few_threads(stage: Stage, settings: Settings) -> Iterator[Stage]:
    settings.STRIPE_TIMEOUT_SECONDS = TIMEOUT_SECONDS
    with served_by(THREADS) as url:
        settings.SITE_URL, settings.CSRF_TRUSTED_ORIGINS = url, [url]
        yield replace(stage, shop=replace(stage.shop, url=url))


def test_without_a_bound_the_crowd_takes_every_thread(
    stage_of_few_threads: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_gateway, "_waiting", Semaphore(1000))

    slowest, _ = _crowd(stage_of_few_threads)

    assert slowest > AT_ONCE_SECONDS


def test_while_stripe_hangs_pages_webhooks_and_playback_answer(
    stage_of_few_threads: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_gateway, "_waiting", Semaphore(THREADS // 2))

    slowest, said = _crowd(stage_of_few_threads)

    assert slowest < AT_ONCE_SECONDS
    assert set(said) == {"asking", "unavailable"}
    assert said.count("asking") >= THREADS // 2
    promises.sold(stage_of_few_threads.world)


def _crowd(stage: Stage) -> tuple[float, list[str]]:
    """Let a crowd pay while Stripe hangs. Returns how long the slowest other request took, and what the
    crowd was told.
    """
    ada, crowd = stage.stranger(), [stage.stranger() for _ in range(THREADS)]
    ada.buy("noon")
    quotes = [payer.quote("noon") for payer in crowd]
    cards = stage.cards(THREADS)
    event = stage.event()
    hang = {"call": "POST /v1/payment_intents", "how": "hang", "seconds": 30, "times": THREADS}
    stage.world.faults(stripe={"fail_next": [hang]})

    with ThreadPoolExecutor(THREADS) as pool:
        paying = [
            pool.submit(payer.pay, quote, token=card)
            for payer, quote, card in zip(crowd, quotes, cards, strict=True)
        ]
        wait(paying, timeout=0.5)  # the whole crowd stands at the counter
        others = [
            partial(requests.get, f"{stage.shop.url}/videos/noon/", timeout=40),
            partial(stage.deliver, event),
            partial(ada.watch, "noon"),
        ]
        slowest = max(_seconds(ask) for ask in others * 3)
    return slowest, promises.named(press.result() for press in paying)


def _seconds(ask: Callable[[], requests.Response]) -> float:
    began = time.monotonic()
    assert ask().status_code == 200
    return time.monotonic() - began
