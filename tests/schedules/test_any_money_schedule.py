"""Whatever becomes of money that was paid, the three sides agree and access follows it: 200 schedules.

The same 200 at each run, since a red test must stay red until it is mended; `make soak` draws 5,000 new ones.
They come in parts, for several processes to share. The schedule that fails is printed, step by step.
"""

import secrets

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.schedules.long_stage import LongStage
from tests.schedules.money_machine import LifeOfMoney
from tests.schedules.test_any_schedule import IS_SOAK, SCHEDULES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

PARTS = 8
MONEY_SCHEDULES = settings(
    SCHEDULES, max_examples=(5_000 if IS_SOAK else 200) // PARTS, stateful_step_count=10
)


@pytest.mark.parametrize("part", range(PARTS))
def test_access_and_books_follow_the_money_in_every_schedule(part: int, long_stage: LongStage) -> None:
    drawn = secrets.randbits(32) if IS_SOAK else part
    print(f"seed {drawn}")  # noqa: T201 (shown where it fails, to play the same again)

    run_state_machine_as_test(seed(drawn)(LifeOfMoney.on(long_stage)), settings=MONEY_SCHEDULES)
