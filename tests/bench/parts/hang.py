"""Stripe hangs for thirty seconds while twenty buyers pay: everybody else must not notice."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import requests

from tests.bench import load
from tests.bench.figures import Figure, at_most, told
from tests.bench.load import Requests, Run
from tests.bench.parts.page import visits
from tests.bench.parts.playback import opening
from tests.bench.parts.webhook import Deliveries
from tests.bench.stage import Stage
from tests.buyer import Buyer

HANG_SECONDS, QUIET_SECONDS, BUYERS, WARM_UPS = 30, 10, 20, 6
_RATE = 10  # of each path: enough for a p99, too little to load the machine
_FILM = "noon-everywhere"
_ASK_AGAIN_SECONDS = 1.5  # as the page does
_PRESS_AGAIN_SECONDS = 5  # as a person does who has read a sentence
_COME_WITHIN_SECONDS = 3
# A p99 of a few hundred samples moves by itself, and buyers use the processors too; waiting for Stripe costs
# seconds.
_FACTOR, _SLACK_MS = 1.5, 50


def measure(stage: Stage) -> Iterator[Figure]:
    paths: dict[str, Requests] = {
        "webhook": partial(Deliveries(), "/webhooks/stripe/"),
        "playback token": opening(),
        "video page": visits(),
    }
    buyers = [_Buyer(stage) for _ in range(BUYERS)]
    for _ in range(WARM_UPS):  # what a process does once only, it does now
        _Buyer(stage).pay()
    _offer(stage, paths, 2)
    quiet = _offer(stage, paths, QUIET_SECONDS)
    with _hanging(stage, buyers):
        hung = _offer(stage, paths, HANG_SECONDS)
    for name in paths:
        before, during = quiet[name].percentile(99), hung[name].percentile(99)
        lost = sum(count for status, count in hung[name].statuses.items() if not 200 <= status < 400)
        bound = round(max(_FACTOR * before, before + _SLACK_MS), 1)
        yield told(f"while Stripe is well, {name}: p99", before, "ms")
        yield at_most(f"while Stripe hangs, {name}: p99", during, bound, "ms")
        yield at_most(f"while Stripe hangs, {name}: not answered", lost, 0, "requests")
    yield from _what_buyers_saw(buyers)


def _offer(stage: Stage, paths: dict[str, Requests], seconds: float) -> dict[str, Run]:
    """All paths at once, each at its own rate."""
    with ThreadPoolExecutor(len(paths)) as pool:
        runs = {
            name: pool.submit(
                load.offered, stage.shop.port, requests, rate=_RATE, seconds=seconds, connections=8
            )
            for name, requests in paths.items()
        }
        return {name: run.result() for name, run in runs.items()}


@contextmanager
def _hanging(stage: Stage, buyers: "list[_Buyer]") -> Iterator[None]:
    stop = threading.Event()
    hang = {"call": "*", "times": 10_000, "how": "hang", "seconds": HANG_SECONDS}
    stage.world.faults(stripe={"fail_next": [hang]})
    threads = [threading.Thread(target=buyer.buy, args=(stop,), daemon=True) for buyer in buyers]
    try:
        for thread in threads:
            thread.start()
        yield
    finally:
        stop.set()
        stage.world.clear_faults()
        for thread in threads:
            thread.join(60)


class _Buyer:
    """Presses Pay, and does what the page does: asks again where it stands, or shows a refusal and is pressed
    again.
    """

    def __init__(self, stage: Stage) -> None:
        self._buyer = Buyer(stage.url, stage.world)
        self._quote = self._buyer.quote(_FILM)
        self.waits: list[float] = []
        self.statuses: set[int] = set()

    def pay(self) -> requests.Response:
        return self._buyer.pay(self._quote)

    def buy(self, stop: threading.Event) -> None:
        stop.wait(random.uniform(0, _COME_WITHIN_SECONDS))  # noqa: S311 (nothing hangs on it)
        order = ""
        while not stop.is_set():
            begun = time.monotonic()
            answer = self._ask(order)
            self.waits.append(time.monotonic() - begun)
            self.statuses.add(answer.status_code)
            told = answer.json()
            order = told["order"] if told.get("state") == "asking" else ""
            stop.wait(_ASK_AGAIN_SECONDS if order else _PRESS_AGAIN_SECONDS)

    def _ask(self, order: str) -> requests.Response:
        if order:
            return self._buyer.http.get(f"{self._buyer.url}/api/v1/orders/{order}/", timeout=60)
        return self.pay()


def _what_buyers_saw(buyers: list[_Buyer]) -> Iterator[Figure]:
    waits = [wait for buyer in buyers for wait in buyer.waits]
    odd = {status for buyer in buyers for status in buyer.statuses} - {200, 202, 503}
    yield told(
        "while Stripe hangs, a buyer's longest wait for an answer", max(waits), "s", (min(waits), max(waits))
    )
    yield at_most(
        "while Stripe hangs, answers that are neither a state nor an honest 503", len(odd), 0, "kinds"
    )
