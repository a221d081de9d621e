"""Decides how much of a payment is given back, by which rule and with which words. Pure: no row, no clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from billing.refunding import shares
from billing.refunding.cases import RefundCase
from billing.refunding.deadlines import deadline
from billing.refunding.decisions import Access, Answer, Decision
from billing.refunding.rulebook import Fact, Gives, Rule, Rulebook

_A_MONTH_IN_DAYS = 31


class NoRule(LookupError):
    """The rulebook says nothing of such a case, not even a refusal."""


@dataclass(frozen=True)
class _Opinion:
    """What one rule says. `due_minor` is in all: what was given back before counts towards it."""

    rule: Rule
    sentence: str
    due_minor: int = 0
    wants_a_look: bool = False
    parameters: Mapping[str, int] = field(default_factory=dict)


def decide(case: RefundCase, rules: Rulebook, *, at: datetime) -> Decision:
    """This will decide what is given back if the buyer asks at this instant.

    The rule that gives most is followed, law or policy. If none gives anything, a person looks where a rule
    says so; else the first rule that could have given something tells why it does not.

    :raises NoRule: no rule has a say.
    :raises ValueError: `at` has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("the instant has no zone")
    opinions = _opinions(case, rules, at)
    best = max(opinions, key=lambda opinion: opinion.due_minor)
    if best.due_minor > case.refunded_minor:
        return _giving(best, case, rules)
    looking = next((opinion for opinion in opinions if opinion.wants_a_look), None)
    if looking:
        return _decision(looking, case, rules, answer=Answer.ASK)
    if best.due_minor:
        given = _Opinion(best.rule, "already_given", parameters={"earlier_minor": case.refunded_minor})
        return _decision(given, case, rules, answer=Answer.NONE)
    return _decision(opinions[0], case, rules, answer=Answer.NONE)


def _opinions(case: RefundCase, rules: Rulebook, at: datetime) -> list[_Opinion]:
    heard = [rule for rule in rules.rules if _has_a_say(rule, case)]
    if not heard:
        raise NoRule(f"{rules.name} says nothing of a {case.kind} in {case.country or 'no known country'}")
    final = next((rule for rule in heard if rule.ends_everything), None)
    return [_opinion(rule, case, at) for rule in ([final] if final else heard)]


def _has_a_say(rule: Rule, case: RefundCase) -> bool:
    return (
        case.kind in rule.kinds
        and (not rule.countries or case.country in rule.countries)
        and (not rule.reasons or case.reason in rule.reasons)
        and not (rule.is_for_consumers and case.is_business)
        and (rule.only_if is None or _FACTS[rule.only_if](case))
    )


_FACTS: dict[Fact, Callable[[RefundCase], bool]] = {
    Fact.NOTHING_PAID: lambda case: case.amount_minor == 0,
    Fact.NOTHING_LEFT: lambda case: case.left_minor == 0,
    Fact.DISPUTED: lambda case: case.is_disputed,
    Fact.BOUGHT_TWICE: lambda case: case.is_bought_twice,
    Fact.NOT_WARNED: lambda case: not case.consents.knew_of_loss,
    Fact.SEVERAL_FILMS: lambda case: case.films > 1,
    Fact.LONGER_THAN_A_MONTH: lambda case: shares.days(case) > _A_MONTH_IN_DAYS,
}


def _opinion(rule: Rule, case: RefundCase, at: datetime) -> _Opinion:
    if refusal := _refusal(rule, case, at):
        return refusal
    if rule.gives is Gives.NOTHING:
        return _Opinion(rule, rule.name)
    if rule.gives is Gives.A_PERSON_LOOKS:
        return _Opinion(rule, "ask_disputed" if rule.ends_everything else "ask", wants_a_look=True)
    if rule.gives is Gives.UNSTARTED_FILMS:
        return _films(rule, case)
    if rule.gives is Gives.UNUSED_DAYS or (rule.gives is Gives.UNUSED_DAYS_IF_WANTED and _was_wanted(case)):
        return _days(rule, case, at)
    return _Opinion(rule, "full", case.amount_minor)


def _films(rule: Rule, case: RefundCase) -> _Opinion:
    left = case.films - case.films_started
    due = shares.share(case, left, case.films)
    parameters = {"left": left, "of": case.films}
    return _Opinion(rule, "films" if left else "watched_too_much", due, parameters=parameters)


def _days(rule: Rule, case: RefundCase, at: datetime) -> _Opinion:
    left, days = shares.days_left(case, at), shares.days(case)
    due = shares.share(case, left * (100 - rule.keeps_percent), days * 100)
    return _Opinion(rule, "days" if left else "too_late", due, parameters={"left": left, "of": days})


def _refusal(rule: Rule, case: RefundCase, at: datetime) -> _Opinion | None:
    """Why the rule gives nothing, the weightiest reason first."""
    if rule.must_not_be_started and case.is_started(at):
        return _Opinion(rule, "rental_started")
    over_at = deadline(rule, case)
    if over_at is not None and at >= over_at:
        return _Opinion(rule, "too_late")
    if _is_watched_too_much(rule, case):
        limits = {"minutes": (rule.most_seconds or 0) // 60, "percent": rule.most_percent or 0}
        return _Opinion(rule, "watched_too_much", parameters=limits)
    if rule.lost_by_consent and case.is_begun(at) and _has_consented(rule, case, at):
        return _Opinion(rule, "consented")
    return None


def _is_watched_too_much(rule: Rule, case: RefundCase) -> bool:
    seconds = case.watched.seconds
    return (rule.most_seconds is not None and seconds > rule.most_seconds) or (
        rule.most_percent is not None and seconds * 100 > rule.most_percent * case.runtime_seconds
    )


def _has_consented(rule: Rule, case: RefundCase, at: datetime) -> bool:
    """All three: wish, acknowledgement, and the mail that confirms them, in time and before he withdraws."""
    given = case.consents
    if not (given.wanted_at_once and given.knew_of_loss and given.confirmed_at):
        return False
    return given.confirmed_at <= min(at, case.paid_at + timedelta(hours=rule.confirmed_within_hours))


def _was_wanted(case: RefundCase) -> bool:
    """The wish that it begin binds only whoever was told of his right before."""
    contract_at = case.membership.contract_at if case.membership else case.paid_at
    told_at = case.consents.told_at
    return case.consents.wanted_at_once and told_at is not None and told_at <= contract_at


def _giving(opinion: _Opinion, case: RefundCase, rules: Rulebook) -> Decision:
    amount = opinion.due_minor - case.refunded_minor
    if amount < case.left_minor:
        return _decision(opinion, case, rules, answer=Answer.PART, amount_minor=amount)
    earlier = {"earlier_minor": case.refunded_minor}
    words = _Opinion(opinion.rule, "rest" if case.refunded_minor else "full", parameters=earlier)
    return _decision(words, case, rules, answer=Answer.FULL, amount_minor=amount)


def _decision(
    opinion: _Opinion, case: RefundCase, rules: Rulebook, *, answer: Answer, amount_minor: int = 0
) -> Decision:
    return Decision(
        answer=answer,
        amount_minor=amount_minor,
        currency=case.currency,
        rule=opinion.rule.name,
        source=opinion.rule.source,
        version=rules.name,
        sentence=opinion.sentence,
        parameters=opinion.parameters,
        access=_access(opinion.rule, answer),
        is_instant=opinion.rule.is_instant and amount_minor > 0,
        until=deadline(opinion.rule, case),
    )


def _access(rule: Rule, answer: Answer) -> Access:
    if answer in {Answer.NONE, Answer.ASK}:
        return Access.STAYS
    if answer is Answer.PART and rule.gives is Gives.UNSTARTED_FILMS:
        return Access.ENDS_FOR_UNSTARTED
    return Access.ENDS
