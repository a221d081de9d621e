"""Schedules that are drawn to their end before their first step is played.

Hypothesis stops some midway: what it varies from another may lead to a step that cannot be. Such a one counts
for nothing and another is drawn instead, so that it shall cost nothing either. Where a step fails, all that
were drawn are printed, and the traceback tells which one it was.
"""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

P = ParamSpec("P")
M = TypeVar("M", bound="PlayedLater")


class PlayedLater(RuleBasedStateMachine):
    """A machine whose steps wait until it is played."""

    def __init__(self) -> None:
        super().__init__()
        self.is_playing = False
        self.drawn: list[Callable[[], None]] = []

    def play(self) -> None:
        """This will play what was drawn, in its order."""
        self.is_playing = True
        for each in self.drawn:
            each()


def step(act: Callable[Concatenate[M, P], None]) -> Callable[Concatenate[M, P], None]:
    """This will put a step off while its schedule is drawn, and do it at once while that is played."""

    @functools.wraps(act)
    def note_or_act(machine: M, /, *args: P.args, **given: P.kwargs) -> None:
        if machine.is_playing:
            act(machine, *args, **given)
        else:
            machine.drawn.append(lambda: act(machine, *args, **given))

    return note_or_act
