"""What holds for any refund whatever."""

import dataclasses
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.refunding import refund_sentences, rules
from billing.refunding.cases import RefundCase, Watched
from billing.refunding.decisions import Answer, Decision
from billing.refunding.rulebook import Rule
from tests.billing.refund_cases import DELAYS, SECOND, UNITS, WATCHED, cases
from tests.billing.rule_asking import RULEBOOK, but, decided

IS_SOAK = os.environ.get("MATINEE_SOAK") == "1"
# The same cases at each run, since a red test must stay red until it is mended; `make soak` draws new ones.
many = settings(
    max_examples=5_000 if IS_SOAK else 150,
    derandomize=not IS_SOAK,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),  # a slow machine is no unhealthy test
)


@many
@given(cases(), DELAYS)
def test_never_more_than_is_left_and_always_payable(case: RefundCase, delay: timedelta) -> None:
    decision = decided(case, delay)

    assert 0 <= decision.amount_minor <= case.left_minor
    assert decision.amount_minor % UNITS[case.currency] == 0
    assert (decision.amount_minor > 0) == (decision.answer in {Answer.FULL, Answer.PART})
    assert (decision.answer is Answer.FULL) == (0 < decision.amount_minor == case.left_minor)


@many
@given(cases(), DELAYS, DELAYS)
def test_never_more_for_asking_later(case: RefundCase, one: timedelta, other: timedelta) -> None:
    earlier, later = decided(case, min(one, other)), decided(case, max(one, other))

    assert earlier.amount_minor >= later.amount_minor


@many
@given(cases(), DELAYS, WATCHED, st.integers(0, 12))
def test_never_more_for_watching_more(case: RefundCase, delay: timedelta, more: Watched, films: int) -> None:
    watched = Watched(
        case.watched.reported_seconds + more.reported_seconds,
        case.watched.leased_seconds + more.leased_seconds,
        case.watched.granted_seconds + more.granted_seconds,
    )
    watching_on = but(case, watched=watched, films_started=min(case.films_started + films, case.films))

    assert decided(case, delay).amount_minor >= decided(watching_on, delay).amount_minor


@many
@given(cases(), DELAYS, DELAYS)
def test_never_more_for_starting_a_rental(case: RefundCase, delay: timedelta, start: timedelta) -> None:
    unstarted, started = but(case, started_at=None), but(case, started_at=case.paid_at + start)

    assert decided(unstarted, delay).amount_minor >= decided(started, delay).amount_minor


@many
@given(cases(), DELAYS)
def test_never_less_for_a_consent_that_was_not_taken(case: RefundCase, delay: timedelta) -> None:
    asked = decided(case, delay).amount_minor

    for missing in ({"wanted_at_once": False}, {"knew_of_loss": False}, {"confirmed_at": None}):
        consents = dataclasses.replace(case.consents, **missing)
        assert decided(but(case, consents=consents), delay).amount_minor >= asked


@many
@given(cases(), st.lists(st.tuples(DELAYS, st.integers(1, 100)), min_size=1, max_size=6))
def test_partial_refunds_add_up(case: RefundCase, parts: list[tuple[timedelta, int]]) -> None:
    """However a buyer asks in parts, and however little of each is carried out, he gets what the best single
    decision would have given, and no more.
    """
    case = but(case, refunded_minor=0)
    most, given_back = 0, 0
    for delay, percent in sorted(parts):
        most = max(most, decided(case, delay).amount_minor)
        part = decided(but(case, refunded_minor=given_back), delay).amount_minor
        given_back += part * percent // 100 // UNITS[case.currency] * UNITS[case.currency]

    last = max(delay for delay, _ in parts)
    rest = decided(but(case, refunded_minor=given_back), last).amount_minor

    assert given_back + rest <= most <= case.amount_minor
    assert given_back + rest == max(given_back, decided(case, last).amount_minor)


@many
@given(cases(), DELAYS)
def test_each_decision_names_a_rule_and_says_it_in_words(case: RefundCase, delay: timedelta) -> None:
    decision = decided(case, delay)

    assert decision.source == RULEBOOK.rule(decision.rule).source
    assert decision.version == RULEBOOK.name
    assert str(refund_sentences.rule(decision.rule))
    assert str(refund_sentences.consequence(decision))
    for language in ("en", "ko"):
        with translation.override(language):
            words = refund_sentences.answer(decision, time_zone=case.time_zone)
        assert "%" not in words.replace("20%", "")


@many
@given(cases(), DELAYS, st.sampled_from(RULEBOOK.rules))
def test_no_rule_takes_anything_away(case: RefundCase, delay: timedelta, rule: Rule) -> None:
    """But for the three that end everything: law and policy only ever add."""
    if rule.ends_everything:
        return
    without = dataclasses.replace(
        RULEBOOK, rules=tuple(other for other in RULEBOOK.rules if other is not rule)
    )
    try:
        fewer = decided(case, delay, without).amount_minor
    except rules.NoRule:
        fewer = 0

    assert decided(case, delay).amount_minor >= fewer


@many
@given(cases(), DELAYS)
def test_the_deadline_told_is_the_one_kept(case: RefundCase, delay: timedelta) -> None:
    decision = decided(case, delay)

    if decision.until is None or decision.answer is Answer.NONE:
        return
    last = rules.decide(case, RULEBOOK, at=decision.until - SECOND)
    after = rules.decide(case, RULEBOOK, at=decision.until)
    assert case.paid_at + delay < decision.until
    assert decision.rule != after.rule or after.sentence in {"too_late", "rental_started"}
    assert last.amount_minor >= after.amount_minor


@pytest.mark.parametrize("name", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Seoul"])
def test_the_server_s_own_zone_decides_nothing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    drawn: list[tuple[RefundCase, timedelta, Decision]] = []

    @many
    @given(cases(), DELAYS)
    def draw(case: RefundCase, delay: timedelta) -> None:
        drawn.append((case, delay, decided(case, delay)))

    draw()
    with _server_in(name, monkeypatch):
        for case, delay, decision in drawn:
            elsewhere = _told_in(ZoneInfo(name), case)
            at = (case.paid_at + delay).astimezone(ZoneInfo(name))
            assert rules.decide(elsewhere, RULEBOOK, at=at) == decision


@contextmanager
def _server_in(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", name)
    time.tzset()
    try:
        with timezone.override(name):
            yield
    finally:
        monkeypatch.undo()
        time.tzset()


def _told_in(zone: ZoneInfo, told: Any) -> Any:
    """The same facts, each instant written in another zone."""
    if isinstance(told, datetime):
        return told.astimezone(zone)
    if not dataclasses.is_dataclass(told) or isinstance(told, type):
        return told
    facts = {field.name: getattr(told, field.name) for field in dataclasses.fields(told)}
    return type(told)(**{name: _told_in(zone, fact) for name, fact in facts.items()})
