"""The corners of the rules for refunds that are no decision of a row."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.utils import translation

from billing.refunding import refund_sentences, rule_table, rules
from billing.refunding.cases import Consents, Kind, Membership, RefundCase, Watched
from billing.refunding.decisions import Access, Answer
from billing.refunding.holidays import next_working_day
from billing.refunding.rulebook import Gives, Rulebook
from tests.billing.refund_cases import SECOND
from tests.billing.rule_asking import RULEBOOK, but, decided

NOON: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)


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
