"""What holds for any refund whatever, and the corners of the rules that are no decision of a row."""

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.refunding import refund_sentences, rule_table, rules
from billing.refunding.cases import Consents, Kind, Membership, RefundCase, Watched
from billing.refunding.decisions import Access, Answer, Decision
from billing.refunding.holidays import next_working_day
from billing.refunding.rulebook import Gives, Rule, Rulebook
from tests.billing.refund_cases import DELAYS, SECOND, UNITS, WATCHED, cases

RULEBOOK: Final = rule_table.VERSIONS[-1]
NOON: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)

IS_SOAK = os.environ.get("MATINEE_SOAK") == "1"

# The same cases at each run, since a red test must stay red until it is mended; `make soak` draws new ones.
many = settings(max_examples=5_000 if IS_SOAK else 150, derandomize=not IS_SOAK, deadline=None, database=None)


def decided(case: RefundCase, delay: timedelta, rulebook: Rulebook = RULEBOOK) -> Decision:
    return rules.decide(case, rulebook, at=case.paid_at + delay)


def but(case: RefundCase, **changes: Any) -> RefundCase:
    return dataclasses.replace(case, **changes)


# Any refund.


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


# Corners.


def film(**changes: Any) -> RefundCase:
    told = Consents(wanted_at_once=True, knew_of_loss=True, told_at=NOON, confirmed_at=NOON)
    facts = RefundCase(
        kind=Kind.OWN,
        country="US",
        time_zone="UTC",
        paid_at=NOON,
        amount_minor=790,
        currency="usd",
        consents=told,
        runtime_seconds=5400,
    )
    return but(facts, **changes)


def month(**changes: Any) -> RefundCase:
    period = Membership(contract_at=NOON, starts_at=NOON, ends_at=NOON + 30 * DAY)
    return film(**{"kind": Kind.MEMBERSHIP, "membership": period, **changes})


COURSE: Final = {"country": "KR", "films": 10, "films_started": 2, "watched": Watched(3600)}


@pytest.mark.parametrize(
    "case, access, is_instant",
    [
        pytest.param(film(), Access.ENDS, True, id="all of it"),
        pytest.param(film(refunded_minor=300), Access.ENDS, True, id="the rest of it"),
        pytest.param(film(**COURSE), Access.ENDS_FOR_UNSTARTED, False, id="a part of a course"),
        pytest.param(month(country="KR", watched=Watched(60)), Access.ENDS, True, id="days of a month"),
        pytest.param(film(watched=Watched(601)), Access.STAYS, False, id="nothing"),
        pytest.param(film(is_disputed=True), Access.STAYS, False, id="a person's look"),
    ],
)
def test_a_decision_says_what_becomes_of_the_film(case: RefundCase, access: Access, is_instant: bool) -> None:
    decision = decided(case, DAY)

    assert (decision.access, decision.is_instant) == (access, is_instant)
    assert decision.ends_access == (access is Access.ENDS)


def test_the_whole_of_a_course_is_no_part_of_it() -> None:
    """Nothing was begun in any film, yet too much of it was: all ten tenths are the whole."""
    decision = decided(film(**{**COURSE, "films_started": 0}), DAY)

    assert (decision.answer, decision.rule) == (Answer.FULL, "kr_unstarted_films")
    assert decision.access is Access.ENDS


@pytest.mark.parametrize(
    "case, words",
    [
        (film(), "You get $7.90 back, all that you paid."),
        (
            film(refunded_minor=300),
            "You get $4.90 back: with the $3.00 given back before, that is all you paid.",
        ),
        (film(**COURSE), "You get $6.32 back. Films not begun: 8 of 10."),
        (
            month(country="KR", watched=Watched(60), currency="krw", amount_minor=14_900),
            "You get ₩13,907 back. Days left unused: 28 of 30; a day that has begun counts as used.",
        ),
        (
            film(watched=Watched(601)),
            "More than 10 minutes or 20% of this have been watched, so it can no longer be given back.",
        ),
        (
            month(watched=Watched(1)),
            "Something has been watched since this payment, so it can no longer be given back.",
        ),
        (
            film(paid_at=NOON - 8 * DAY, time_zone="Asia/Seoul"),
            "The time to ask for this money back ended on May 31, 2026.",
        ),
    ],
)
def test_the_buyer_reads_why(case: RefundCase, words: str) -> None:
    decision = decided(case, NOON + DAY - case.paid_at)

    assert refund_sentences.answer(decision, time_zone=case.time_zone) == words


def test_the_buyer_reads_it_in_korean() -> None:
    with translation.override("ko"):
        words = refund_sentences.answer(decided(film(watched=Watched(601)), DAY), time_zone="UTC")

    assert words == "10분 또는 20%를 넘게 보셔서 환불할 수 없어요."


def test_a_percentage_may_be_kept_of_unused_days() -> None:
    rule = dataclasses.replace(RULEBOOK.rule("kr_membership_ended"), keeps_percent=10)
    strict = dataclasses.replace(RULEBOOK, rules=(rule,))

    assert decided(month(country="KR", amount_minor=3000), timedelta(), strict).answer is Answer.PART
    assert decided(month(country="KR", amount_minor=3000), timedelta(), strict).amount_minor == 2610


def test_a_rulebook_may_have_nothing_to_say() -> None:
    korean = dataclasses.replace(RULEBOOK, rules=(RULEBOOK.rule("kr_withdrawal"),))

    with pytest.raises(rules.NoRule, match="own in US"):
        decided(film(), DAY, korean)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: film(refunded_minor=791),
        lambda: film(refunded_minor=-1),
        lambda: film(films=0),
        lambda: film(films=2, films_started=3),
        lambda: film(kind=Kind.MEMBERSHIP),
        lambda: month(kind=Kind.OWN),
        lambda: film(paid_at=NOON.replace(tzinfo=None)),
        lambda: film(start_by=NOON.replace(tzinfo=None)),
        lambda: rules.decide(film(), RULEBOOK, at=NOON.replace(tzinfo=None)),
        lambda: dataclasses.replace(RULEBOOK, rules=(*RULEBOOK.rules, RULEBOOK.rules[0])),
        lambda: dataclasses.replace(RULEBOOK.rule("eu_withdrawal"), gives=Gives.UNUSED_DAYS),
    ],
)
def test_contradictions_are_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"is not|are not|has a period|has no zone|one name|has days"):
        wrong()


def test_a_time_zone_that_there_is_not_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        film(time_zone="Europe/Atlantis")


def test_days_end_with_the_buyer_s_midnight() -> None:
    assert decided(film(), timedelta()).until == datetime(2026, 6, 9, tzinfo=UTC)
    assert decided(film(time_zone="Asia/Seoul"), timedelta()).until == datetime(2026, 6, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "country, day, next_day",
    [
        ("FR", "2026-07-14", "2026-07-15"),
        ("RE", "2026-07-14", "2026-07-15"),
        ("DE", "2026-07-14", "2026-07-14"),
        ("SE", "2026-06-19", "2026-06-22"),
        ("FI", "2026-12-24", "2026-12-28"),
        ("AX", "2026-12-24", "2026-12-28"),
        ("IE", "2026-08-03", "2026-08-04"),
        ("RO", "2027-04-30", "2027-05-04"),
        ("NO", "2027-05-17", "2027-05-18"),
        ("KR", "2026-09-24", "2026-09-28"),
        ("KR", "2027-02-06", "2027-02-10"),
        ("US", "2026-07-04", "2026-07-06"),
        ("XX", "2026-12-25", "2026-12-25"),
        ("DK", "2026-12-31", "2027-01-04"),
    ],
)
def test_the_next_working_day(country: str, day: str, next_day: str) -> None:
    assert str(next_working_day(datetime.fromisoformat(day).date(), country)) == next_day


# Versions.

# What buyers have agreed to. A new line is a new version; a changed line is a broken promise.
PUBLISHED: Final = {"2026-11": "53476d3cb325fff78f35de6638f3afa264386c14d74cf4cdb57d97260496e14a"}


def test_a_published_version_is_never_edited() -> None:
    assert {each.name: each.fingerprint for each in rule_table.VERSIONS} == PUBLISHED


def test_versions_follow_each_other() -> None:
    beginnings = [each.effective_at for each in rule_table.VERSIONS]

    assert beginnings == sorted(beginnings)


def test_what_was_agreed_to_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = dataclasses.replace(RULEBOOK.rule("hardly_watched"), most_seconds=60)
    later = Rulebook(name="later", effective_at=NOON + 365 * DAY, rules=(rule,))
    monkeypatch.setattr(rule_table, "VERSIONS", (RULEBOOK, later))

    assert rule_table.in_force(NOON - 3650 * DAY) == RULEBOOK
    assert rule_table.in_force(later.effective_at - SECOND) == RULEBOOK
    assert rule_table.in_force(later.effective_at) == later
    assert rule_table.version("2026-11", fingerprint=RULEBOOK.fingerprint) == RULEBOOK
    with pytest.raises(KeyError):
        rule_table.version("2026-11", fingerprint=later.fingerprint)


def test_any_word_of_a_version_changes_its_fingerprint() -> None:
    for at, rule in enumerate(RULEBOOK.rules):
        other = dataclasses.replace(rule, confirmed_within_hours=rule.confirmed_within_hours + 1)
        changed = (*RULEBOOK.rules[:at], other, *RULEBOOK.rules[at + 1 :])
        assert dataclasses.replace(RULEBOOK, rules=changed).fingerprint != RULEBOOK.fingerprint
