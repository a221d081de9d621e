"""The state machine bites: where the shop lacks one part, it finds a schedule that breaks the promise."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from accounts import mailing
from billing.inbox import webhook_inbox
from billing.settling import fulfilment, outcomes
from tests.schedules.machine import Schedule
from tests.schedules.stage import Stage
from tests.schedules.test_any_schedule import SCHEDULES
from videos import entitlements

pytestmark = pytest.mark.django_db(transaction=True)

_Part = tuple[object, str, Callable[..., Any]]

_WITHOUT: dict[str, _Part] = {
    "the right to the film": (entitlements, "grant", lambda *args, **given: None),
    "the pass of the browser": (fulfilment, "give_pass", lambda **given: None),
    "the receipt": (mailing, "put", lambda **given: None),
    "the sweep of attempts": (outcomes, "sweep", lambda *, at: 0),
    "the sweep of events": (webhook_inbox, "sweep", lambda *, at: 0),
}
_NO_DOUBT: _Part = (
    outcomes,
    "note_no_answer",
    lambda payment, *, is_over, at: outcomes.note_nothing_sent(payment, at=at),
)
_NO_LATE_LOOK: _Part = (outcomes, "_was_passed_after_all", lambda payment, *, at: False)

_FEW = settings(SCHEDULES, max_examples=300)
_BITES_SOON = 1  # of the first seeds the one by which chance comes to each of these within a few schedules


@pytest.mark.parametrize("part", _WITHOUT)
def test_the_machine_notices_that_the_shop_lacks(
    part: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*_WITHOUT[part])

    with pytest.raises(AssertionError):
        run_state_machine_as_test(seed(_BITES_SOON)(Schedule.on(stage)), settings=_FEW)


def _an_answer_is_lost(schedule: Schedule) -> None:
    schedule.comes_and_pays("usd", "fine", "drop_after", {"drop": 100}, insists=False)


def _a_question_is_answered_late(schedule: Schedule) -> None:
    schedule.comes_and_pays("usd", "asks", "", {"drop": 100}, insists=False)
    schedule.passes_the_check_after_turning_away(0)


@pytest.mark.parametrize(
    ("part", "play"),
    [(_NO_DOUBT, _an_answer_is_lost), (_NO_LATE_LOOK, _a_question_is_answered_late)],
    ids=["doubt when no answer came", "a late look at questions left open"],
)
def test_the_machine_would_notice_the_rare(
    part: _Part, play: Callable[[Schedule], None], stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chance takes minutes to come to these schedules, so they are given."""
    _play(stage, play)
    monkeypatch.setattr(*part)

    with pytest.raises(AssertionError):
        _play(stage, play)


def _play(stage: Stage, play: Callable[[Schedule], None]) -> None:
    schedule = Schedule.on(stage)()
    play(schedule)
    schedule.teardown()
