"""Every guard carries weight: with it the promise holds under attack, and with it removed the promise breaks.

A guard whose loss no test would notice could be lost tomorrow. Each subject has a folder: its guards, the
attacks that they withstand, and the table of both. Only `promises.Broken` counts as breaking.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.concurrency.stage import Stage
from tests.promises import Broken
from tests.saboteurs.taking_away import Guard

Attack = Callable[[Stage], None]
Proof = Callable[..., None]


@dataclass(frozen=True)
class Sabotage:
    """A guard, an attack that it withstands, and the words of the promise that breaks without it."""

    guard: Guard
    attack: Attack
    breaks: str


def proofs(sabotages: dict[str, Sabotage]) -> tuple[Proof, Proof]:
    """Two tests of a table: each attack fails while all guards stand, and succeeds once its own is gone."""
    attacks = {sabotage.attack: name for name, sabotage in sabotages.items()}

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("attack", attacks, ids=attacks.values())
    def holds(attack: Attack, stage: Stage) -> None:
        attack(stage)

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("sabotage", sabotages.values(), ids=sabotages)
    def breaks(sabotage: Sabotage, stage: Stage) -> None:
        with sabotage.guard(), pytest.raises(Broken, match=sabotage.breaks):
            sabotage.attack(stage)

    return holds, breaks
