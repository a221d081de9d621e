"""Paid means playable, whatever is lost, doubled, late or out of order: 300 schedules.

The same 300 at each run, since a red test must stay red until it is mended; `make soak` draws 5,000 new ones.
They come in parts, for several processes to share. The schedule that fails is printed, step by step.
"""

import os
import secrets

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.schedules.machine import Schedule
from tests.schedules.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

IS_SOAK = os.environ.get("MATINEE_SOAK") == "1"
PARTS = 10
SCHEDULES = settings(
    max_examples=(5_000 if IS_SOAK else 300) // PARTS,
    stateful_step_count=10,
    database=None,
    deadline=None,
    # Shrinking would play thousands more; ten steps can be read as they are.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


@pytest.mark.parametrize("part", range(PARTS))
def test_paid_means_playable_in_every_schedule(part: int, stage: Stage) -> None:
    drawn = secrets.randbits(32) if IS_SOAK else part
    print(f"seed {drawn}")  # noqa: T201 (shown where it fails, to play the same again)

    run_state_machine_as_test(seed(drawn)(Schedule.on(stage)), settings=SCHEDULES)
