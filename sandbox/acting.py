"""Does by name what the world outside may do: to money at Stripe, to films in Kollus' console."""

from typing import Any

from sandbox.kollus import console
from sandbox.stripe import interventions
from sandbox.worlds import World


def act(world: World, name: str, object_id: str, **options: Any) -> None:
    """Do it to an object. :raises ValueError: there is no such act, or it cannot be, and why."""
    if name in console.ACTS:
        console.act(world, name, object_id, **options)
    else:
        interventions.intervene(world, name, object_id, **options)
