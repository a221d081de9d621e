"""Forty tries at one instant: no more come through without work than the limit says."""

from datetime import datetime
from functools import partial

import pytest
from django.utils import timezone

from billing.guarding import gate, heat
from billing.guarding.work import NO_WORK
from billing.models import Heat
from tests.concurrency.racing import all_at_once, meeting
from tests.saboteurs.guarding.guards import heat_is_counted_in_two_steps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_window")]

LIMITS = {"shop": 20, "offer:1": 8, "sum:usd:790": 12}


def test_without_one_statement_that_counts_and_tells_more_come_through() -> None:
    heat.add(LIMITS, 0, at=timezone.now())

    with heat_is_counted_in_two_steps(), meeting(Heat, "save", parties=12):
        came_through = _forty_tries(12)

    assert came_through > 8


def test_as_many_come_through_as_the_limit_says() -> None:
    assert _forty_tries() == 8
    assert dict(Heat.objects.values_list("key", "count")) == dict.fromkeys(LIMITS, 40)


def _forty_tries(count: int = 40) -> int:
    return sum(all_at_once(*[partial(_comes_through, timezone.now())] * count))


def _comes_through(at: datetime) -> bool:
    try:
        gate.admit(LIMITS, NO_WORK, nonce="n", attempt=1, at=at)
    except gate.WorkWanted:
        return False
    return True
