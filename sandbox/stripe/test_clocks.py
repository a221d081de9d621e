"""Test clocks: time that stands still for some customers until it is advanced.

https://docs.stripe.com/billing/testing/test-clocks, https://docs.stripe.com/api/test_clocks
"""

from sandbox.stripe import later
from sandbox.stripe.billing import due, subscription_life
from sandbox.stripe.billing.periods import shift
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import invalid, unserved
from sandbox.stripe.lists import list_objects
from sandbox.worlds import Json

KIND = "test_helpers.test_clock"
_KEPT_SECONDS = 30 * 86400
_TWO_YEARS = 2 * 366 * 86400


def create(call: Call) -> Json:
    """Answer POST /v1/test_helpers/test_clocks."""
    if "customer" in call.params:
        raise unserved("a test clock for a customer that exists already")
    clock = blank(
        KIND,
        id=new_id("clock"),
        created=call.now,
        deletes_after=call.now + _KEPT_SECONDS,
        frozen_time=call.params["frozen_time"],
        name=call.params.get("name"),
        status="ready",
        status_details={},
    )
    call.save(clock)
    call.emit(f"{KIND}.created", clock)
    return clock


def retrieve(call: Call) -> Json:
    """Answer GET /v1/test_helpers/test_clocks/{test_clock}."""
    return call.find(KIND, call.ids["test_clock"])


def list_clocks(call: Call) -> Json:
    """Answer GET /v1/test_helpers/test_clocks."""
    return list_objects(call, KIND, "/v1/test_helpers/test_clocks")


def advance(call: Call) -> Json:
    """Answer POST …/advance: it is under way until the clock is `ready` again.

    :raises ApiError: it is already, the time lies behind, or more than two intervals ahead.
    """
    clock = retrieve(call)
    begin(call, clock, call.params["frozen_time"])
    return clock


def begin(call: Call, clock: Json, to: int) -> None:
    """Set a clock going."""
    if clock["status"] != "ready":
        raise invalid("Test clock advancement underway - cannot perform modifications.")
    if to <= clock["frozen_time"]:
        raise invalid("You cannot advance a test clock into its past.", param="frozen_time")
    if to > _farthest(call, clock):
        message = "A test clock cannot be advanced by more than two intervals of its shortest subscription."
        raise invalid(message, param="frozen_time")
    clock |= {"status": "advancing", "status_details": {"advancing": {"target_frozen_time": to}}}
    call.save(clock)
    call.emit(f"{KIND}.advancing", clock)
    later.plan(call, "clock", clock["id"], after_seconds=0)


def arrive(call: Call, clock_id: str) -> None:
    """Do what falls due on the way, in order, then let the clock stand again."""
    clock = call.find(KIND, clock_id)
    target = clock["status_details"]["advancing"]["target_frozen_time"]
    due.run(call.world, call.planned, target, clock)
    clock |= {"frozen_time": target, "status": "ready", "status_details": {}}
    call.save(clock)
    call.emit(f"{KIND}.ready", clock)


def age(call: Call, clock_id: str, *, seconds: int = 31 * 86400) -> None:
    """Advance a clock by so much; for the controls."""
    clock = call.find(KIND, clock_id)
    begin(call, clock, clock["frozen_time"] + seconds)


def delete(call: Call) -> Json:
    """Answer DELETE /v1/test_helpers/test_clocks/{test_clock}: its customers and subscriptions go with it."""
    clock = retrieve(call)
    for kind in ("subscription", "invoice", "customer"):
        for body in call.world.all(kind):
            if body["test_clock"] == clock["id"]:
                call.world.remove(kind, body["id"])
    call.world.remove(KIND, clock["id"])
    call.emit(f"{KIND}.deleted", clock)
    return {"id": clock["id"], "object": KIND, "deleted": True}


def _farthest(call: Call, clock: Json) -> int:
    now: int = clock["frozen_time"]
    ends = [
        shift(now, subscription["items"]["data"][0]["price"]["recurring"], 2)
        for subscription in call.world.all("subscription")
        if subscription["test_clock"] == clock["id"] and subscription["status"] not in subscription_life.ENDED
    ]
    return min(ends, default=now + _TWO_YEARS)
