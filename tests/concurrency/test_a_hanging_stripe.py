"""Stripe hangs while a crowd pays: half of the threads may wait for it, and the rest of the shop goes on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from threading import Semaphore

import pytest
import requests
from pytest_django import Settings

from billing.stripe import stripe_gateway
from tests import promises
from tests.concurrency import racing
from tests.concurrency.few_threads import served_by
from tests.concurrency.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
OTHERS = 3
PATIENCE_SECONDS = 60


@pytest.fixture
def stage_of_few_threads(stage: Stage, settings: Settings) -> Iterator[Stage]:
    settings.STRIPE_TIMEOUT_SECONDS = PATIENCE_SECONDS
    with served_by(THREADS) as url:
        settings.SITE_URL, settings.CSRF_TRUSTED_ORIGINS = url, [url]
        yield replace(stage, shop=replace(stage.shop, url=url))


def test_without_a_bound_the_crowd_takes_every_thread(
    stage_of_few_threads: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_gateway, "_waiting", Semaphore(1000))

    answered, _ = _crowd(stage_of_few_threads, waiting=THREADS, patience_seconds=1)

    assert answered == 0


def test_while_stripe_hangs_pages_webhooks_and_playback_answer(
    stage_of_few_threads: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_gateway, "_waiting", Semaphore(THREADS // 2))

    answered, said = _crowd(stage_of_few_threads, waiting=THREADS // 2, patience_seconds=PATIENCE_SECONDS / 2)

    assert answered == OTHERS
    assert set(said) == {"asking", "unavailable"}
    assert said.count("asking") >= THREADS // 2
    promises.sold(stage_of_few_threads.world)


def _crowd(stage: Stage, *, waiting: int, patience_seconds: float) -> tuple[int, list[str]]:
    """Let a crowd pay while Stripe hangs. Returns how many other requests were answered before it let go of
    those who wait, and what the crowd was told.
    """
    ada, crowd = stage.stranger(), [stage.stranger() for _ in range(THREADS)]
    ada.buy("noon")
    quotes = [payer.quote("noon") for payer in crowd]
    cards = stage.cards(THREADS)
    event = stage.event()
    hang = {"call": "POST /v1/payment_intents", "how": "hang", "seconds": PATIENCE_SECONDS, "times": THREADS}
    stage.world.faults(stripe={"fail_next": [hang]})

    with ThreadPoolExecutor(THREADS + OTHERS) as pool:
        paying = [
            pool.submit(payer.pay, quote, token=card)
            for payer, quote, card in zip(crowd, quotes, cards, strict=True)
        ]
        racing.until(lambda: len([press for press in paying if press.done()]) == THREADS - waiting)
        racing.until(lambda: stage.world.hanging() == waiting)
        asked = [
            pool.submit(partial(requests.get, f"{stage.shop.url}/videos/noon/", timeout=PATIENCE_SECONDS)),
            pool.submit(stage.deliver, event),
            pool.submit(ada.watch, "noon"),
        ]
        answered = len(wait(asked, timeout=patience_seconds).done)
        stage.world.let_go()
        assert [each.result().status_code for each in asked] == [200] * OTHERS
    return answered, promises.named(press.result() for press in paying)
