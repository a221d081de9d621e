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


def plan(call: Call, what: str, id: str, *, after_seconds: int) -> None:
    """Have the act named `what` done to the object `id`, later."""
    entry = {"id": new_id("later"), "what": what, "object": id}
    entry["due_at"] = str(call.world.clocks["stripe"].now() + after_seconds)
    call.world.put(_KIND, entry["id"], entry)


def start(acts: dict[str, Act], tick: Callable[[Call], None]) -> None:
    """Begin to look for what is due, planned or not."""
    threading.Thread(target=_run, args=(acts, tick), name="later", daemon=True).start()


def _run(acts: dict[str, Act], tick: Callable[[Call], None]) -> None:
    while True:
        time.sleep(_LOOK_EVERY_SECONDS)
        for world in worlds().all():
            if world.has_any(_KIND, "subscription"):
                try:
                    _look(world, acts, tick)
                except Exception:
                    logger.exception("what was due could not be done")


def _look(world: World, acts: dict[str, Act], tick: Callable[[Call], None]) -> None:
    call = Call(world)
    with world.lock:
        for entry in world.all(_KIND):
            if float(entry["due_at"]) <= world.clocks["stripe"].now():
                world.remove(_KIND, entry["id"])
                with contextlib.suppress(ApiError):  # the object has met another end meanwhile
                    acts[entry["what"]](call, entry["object"])
        tick(call)
    if call.planned:
        deliveries.release(world, call.planned)
