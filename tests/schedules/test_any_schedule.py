"""Paid means playable, whatever is lost, doubled, late or out of order: 300 schedules.

The same 300 at each run, since a red test must stay red until it is mended; `make soak` draws 5,000 new ones.
The schedule that fails is printed, step by step.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.schedules.machine import Schedule
from tests.schedules.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

IS_SOAK = os.environ.get("MATINEE_SOAK") == "1"
SCHEDULES = settings(
    max_examples=5_000 if IS_SOAK else 300,
    stateful_step_count=8,
    derandomize=not IS_SOAK,
    database=None,
    deadline=None,
    # Shrinking would play thousands more; eight steps can be read as they are.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


def test_paid_means_playable_in_every_schedule(stage: Stage) -> None:
    run_state_machine_as_test(Schedule.on(stage), settings=SCHEDULES)
