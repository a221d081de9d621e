"""What falls due when: the acts of `cycle`, done one after the other, each at its own instant."""

from collections.abc import Callable, Iterator

from sandbox.stripe.billing import cycle, subscription_life
from sandbox.stripe.call import Call
from sandbox.worlds import Json, World

DAY = 86400
FIRST_PAYMENT_SECONDS = 23 * 3600
TRIAL_WARNING_SECONDS = 3 * DAY
UPCOMING_SECONDS = 7 * DAY  # the Dashboard's choice: 3, 7, 15, 30 or 45 days

Act = Callable[[Call, Json], None]
Due = tuple[int, str, str, Act]


def run(world: World, planned: list[Json], until: int, clock: Json | None = None) -> None:
    """Do all that falls due up to `until` to what is bound to a test clock, or to none.

    The clock shows the instant of each act while it is done.
    """
    while True:
        due = min(_dues(world, clock["id"] if clock else None), key=lambda each: each[:3], default=None)
        if due is None or due[0] > until:
            return
        instant, kind, id, act = due
        if clock is not None:
            clock["frozen_time"] = max(clock["frozen_time"], instant)
            instant = clock["frozen_time"]
        call = Call(world, planned=planned, instant=instant)
        act(call, call.find(kind, id))


def tick(call: Call) -> None:
    """Do what is due by the world's own clock."""
    if call.world.all("subscription"):
        run(call.world, call.planned, call.now)


def _dues(world: World, clock: str | None) -> Iterator[Due]:
    for subscription in world.all("subscription"):
        if subscription["test_clock"] == clock:
            told = (world.get(subscription_life.NOTES, subscription["id"]) or {}).get("told", [])
            for instant, act in _of_subscription(subscription, told):
                yield instant, "subscription", subscription["id"], act
    for invoice in world.all("invoice"):
        if invoice["test_clock"] == clock:
            if invoice["status"] == "draft" and invoice["automatically_finalizes_at"]:
                yield invoice["automatically_finalizes_at"], "invoice", invoice["id"], cycle.finalize
            if invoice["status"] == "open" and invoice["next_payment_attempt"]:
                yield invoice["next_payment_attempt"], "invoice", invoice["id"], cycle.retry


def _of_subscription(subscription: Json, told: list[str]) -> Iterator[tuple[int, Act]]:
    status = subscription["status"]
    if status == "incomplete":
        yield subscription["created"] + FIRST_PAYMENT_SECONDS, cycle.expire
    if status not in ("active", "past_due", "trialing", "unpaid"):
        return
    end, cancels = subscription["items"]["data"][0]["current_period_end"], subscription["cancel_at"]
    if subscription["pending_update"]:
        yield subscription["pending_update"]["expires_at"], cycle.drop_update
    if cancels:
        yield cancels, cycle.cancel
    if status == "trialing":
        if "trial_will_end" not in told:
            yield max(subscription["created"], end - TRIAL_WARNING_SECONDS), cycle.tell_trial_end
        if not cancels or cancels > end:
            yield end, cycle.end_trial
    elif not cancels or cancels > end:
        yield end, cycle.renew
    start = subscription["items"]["data"][0]["current_period_start"]
    if end - start > UPCOMING_SECONDS and f"upcoming {end}" not in told and not cancels:
        yield end - UPCOMING_SECONDS, cycle.tell_upcoming
