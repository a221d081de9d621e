"""What a provider does by itself after a while, by the world's Stripe clock."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable

from sandbox import deliveries
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.errors import ApiError
from sandbox.worlds import World, worlds

logger = logging.getLogger(__name__)
_KIND = "_later"
_LOOK_EVERY_SECONDS = 0.2

Act = Callable[[Call, str], None]
_acts: dict[str, Act] = {}
_ticks: list[Callable[[Call], None]] = []


def plan(call: Call, what: str, id: str, *, after_seconds: int) -> None:
    """Have the act named `what` done to the object `id`, later."""
    entry = {"id": new_id("later"), "what": what, "object": id}
    entry["due_at"] = str(call.world.clocks["stripe"].now() + after_seconds)
    call.world.put(_KIND, entry["id"], entry)


def start(acts: dict[str, Act], tick: Callable[[Call], None]) -> None:
    """Begin to look for what is due, planned or not."""
    _acts.update(acts)
    _ticks.append(tick)
    threading.Thread(target=_run, name="later", daemon=True).start()


def catch_up(world: World) -> None:
    """Do now what is due in one world; for a clock that was set."""
    if not world.has_any(_KIND, "subscription"):
        return
    call = Call(world)
    with world.lock:
        for entry in world.all(_KIND):
            if float(entry["due_at"]) <= world.clocks["stripe"].now():
                world.remove(_KIND, entry["id"])
                with contextlib.suppress(ApiError):  # the object has met another end meanwhile
                    _acts[entry["what"]](call, entry["object"])
        for tick in _ticks:
            tick(call)
    if call.planned:
        deliveries.release(world, call.planned)


def _run() -> None:
    while True:
        time.sleep(_LOOK_EVERY_SECONDS)
        for world in worlds().all():
            try:
                catch_up(world)
            except Exception:
                logger.exception("what was due could not be done")
