"""Holds a path of the shop against the same path of the floor: five rounds in which each has its turn."""

import os
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import load
from tests.bench.figures import Figure, at_least, told
from tests.bench.load import Requests, Run
from tests.bench.servers import Server
from tests.bench.stage import Stage

ROUNDS = 5
_WARM_UP_SECONDS = 0.5


def turn_seconds() -> float:
    """How long each turn lasts."""
    return float(os.environ.get("MATINEE_BENCH_SECONDS", "1.5"))


@dataclass(frozen=True)
class Turn:
    """One server's turn: what the load met, and the processor time of each good answer."""

    run: Run
    cpu_milliseconds: float


def against_floor(
    name: str, stage: Stage, *, shop: Requests, floor: Requests, promise: float | None
) -> Iterator[Figure]:
    """This will give the ratio of the shop's rate to the floor's, then what that ratio is made of.

    Processor time is the steadiest of the figures where the machine does other things too.
    """
    ours, least = take_turns(name, stage, shop=shop, floor=floor)
    yield ratio(name, ours, least, promise)
    yield from _each(name, "", ours)
    yield from _each(name, " of the floor", least)


def take_turns(name: str, stage: Stage, *, shop: Requests, floor: Requests) -> tuple[list[Turn], list[Turn]]:
    """This will give the shop and the floor a turn in each round, and return the turns of each."""
    sides = [(stage.shop, shop), (stage.floor, floor)]
    for server, requests in sides:
        load.closed_loop(server.port, requests, seconds=_WARM_UP_SECONDS).swear(f"{name}, first look")
    turns: dict[Server, list[Turn]] = {server: [] for server, _ in sides}
    for number in range(ROUNDS):
        for server, requests in sides if number % 2 else reversed(sides):
            turns[server].append(_turn(name, server, requests))
    return turns[stage.shop], turns[stage.floor]


def ratio(name: str, shop: list[Turn], floor: list[Turn], promise: float | None) -> Figure:
    """This will hold the shop's rate against the floor's, round by round."""
    ratios = [ours.run.rate / least.run.rate for ours, least in zip(shop, floor, strict=True)]
    middle, span = statistics.median(ratios), (min(ratios), max(ratios))
    if promise is None:
        return told(f"{name}: ratio to the floor", middle, "×", span)
    return at_least(f"{name}: ratio to the floor", middle, promise, "×", span)


def _turn(name: str, server: Server, requests: Requests) -> Turn:
    before = server.cpu_seconds
    run = load.closed_loop(server.port, requests, seconds=turn_seconds()).swear(name)
    return Turn(run, 1000 * (server.cpu_seconds - before) / len(run.milliseconds))


def _each(name: str, whose: str, turns: list[Turn]) -> Iterator[Figure]:
    facts = {
        ("rate", "/s"): [turn.run.rate for turn in turns],
        ("p99", "ms"): [turn.run.percentile(99) for turn in turns],
        ("processor time", "ms"): [turn.cpu_milliseconds for turn in turns],
    }
    for (what, unit), values in facts.items():
        yield told(f"{name}: {what}{whose}", statistics.median(values), unit, (min(values), max(values)))
