"""Faults of the API: waiting, failing, and cutting the line before or after the work is done."""

import time
from dataclasses import dataclass

from sandbox.stripe import hanging
from sandbox.stripe.errors import ApiError
from sandbox.worlds import World

_ERRORS = {
    "500": (500, "api_error", "An unknown error occurred.", None, True),
    "503": (503, "api_error", "Stripe is temporarily unavailable.", None, False),
    "429": (429, "invalid_request_error", "Too many requests hit the API too quickly.", "rate_limit", False),
    "hang": (500, "api_error", "Request timed out.", None, False),
}


class Cut(Exception):
    """The connection ends here without an answer."""


@dataclass(frozen=True)
class Failure:
    """What happens to one call: it answers `error` and does nothing, or does all and says nothing."""

    error: ApiError | None = None
    loses_answer: bool = False


def planned_failure(world: World, call: str) -> Failure | None:
    """Wait as long as the faults say, then return what shall go wrong. :raises Cut: now, nothing done."""
    time.sleep(world.faults.latency_seconds("stripe", call))
    fault = world.faults.take_failure("stripe", call)
    if fault is None:
        return None
    how = fault["how"]
    if how.startswith("hang"):
        hanging.hang(world, float(fault.get("seconds", 30)))
    if how == "drop_before":
        raise Cut
    if how in ("drop_after", "hang_then_process"):
        return Failure(loses_answer=how == "drop_after")
    status, kind, message, code, is_stored = _ERRORS[how]
    return Failure(ApiError(status, kind, message, code=code, is_stored=is_stored))
