"""What the world outside does to money at a wish: the controls and their page ask for it by name."""

from collections.abc import Callable
from typing import Any

from sandbox import deliveries
from sandbox.stripe import dispute_life, fraud_warnings, refund_ends, test_clocks
from sandbox.stripe.call import Call
from sandbox.stripe.errors import ApiError
from sandbox.worlds import World

Intervention = Callable[..., None]

INTERVENTIONS: dict[str, Intervention] = {
    "age": test_clocks.age,
    "fail_refund": refund_ends.fail,
    "complete_refund": refund_ends.succeed,
    "dispute": dispute_life.dispute,
    "win_dispute": dispute_life.win,
    "lose_dispute": dispute_life.lose,
    "escalate_dispute": dispute_life.escalate,
    "warn_of_fraud": fraud_warnings.warn,
}


def intervene(world: World, act: str, object_id: str, **options: Any) -> None:
    """Do one of INTERVENTIONS to an object; its events go out. :raises ValueError: it cannot be, and why."""
    if act not in INTERVENTIONS:
        raise ValueError(f"One of these is expected: {', '.join(INTERVENTIONS)}.")
    call = Call(world)
    try:
        with world.lock:
            INTERVENTIONS[act](call, object_id, **options)
    except ApiError as error:
        raise ValueError(str(error)) from None
    finally:
        deliveries.release(world, call.planned)
