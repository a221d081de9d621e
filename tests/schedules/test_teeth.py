"""The state machine bites: where the shop lacks one part, it finds a schedule that breaks the promise."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from accounts import mailing
from billing import fulfilment, outcomes, webhook_inbox
from tests.schedules.machine import Schedule
from tests.schedules.stage import Stage
from tests.schedules.test_any_schedule import SCHEDULES
from videos import entitlements

pytestmark = pytest.mark.django_db(transaction=True)

_WITHOUT: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "the right to the film": (entitlements, "grant", lambda *args, **given: None),
    "the pass of the browser": (fulfilment, "give_pass", lambda **given: None),
    "the receipt": (mailing, "put", lambda **given: False),
    "the sweep of attempts": (outcomes, "sweep", lambda *, at: 0),
    "the sweep of events": (webhook_inbox, "sweep", lambda *, at: 0),
    "doubt when no answer came": (
        outcomes,
        "note_no_answer",
        lambda payment, *, is_over, at: outcomes.note_nothing_sent(payment, at=at),
    ),
    "the questions that were left open": (outcomes, "_was_passed_after_all", lambda payment, *, at: False),
}

_FEW = settings(SCHEDULES, max_examples=300, derandomize=True)


@pytest.mark.parametrize("part", _WITHOUT)
def test_the_machine_notices_that_the_shop_lacks(
    part: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*_WITHOUT[part])

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Schedule.on(stage), settings=_FEW)
