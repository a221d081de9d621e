"""The refund rules agree with the decisions made by hand, and need every word of themselves for that."""

import dataclasses
from collections.abc import Iterator
from typing import Any, Final

import pytest

from billing.refunding import refund_sentences, rule_table, rules
from billing.refunding.cases import Kind
from billing.refunding.rulebook import Rule, Rulebook, Span
from tests.billing import refund_rows
from tests.billing.refund_rows import Row

RULEBOOK: Final = rule_table.VERSIONS[-1]
ROWS: Final = refund_rows.every_row()
# What a rule cannot be without, what only names it, and what `test_refund_rules` looks at.
NOT_TAKEN_AWAY: Final = {"name", "source", "kinds", "gives", "is_instant"}


@pytest.mark.parametrize("kind", Kind)
def test_each_row_is_decided_as_by_hand(kind: Kind) -> None:
    complaints = [complaint for row in refund_rows.rows(kind) if (complaint := _complaint(RULEBOOK, row))]

    assert complaints == []


def test_the_table_is_whole() -> None:
    cited = {source for row in ROWS for source in row.sources}

    assert len(ROWS) >= 200
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert all(row.why for row in ROWS)
    assert cited == refund_rows.sources()


def test_the_table_knows_each_rule_each_refusal_and_each_sentence() -> None:
    decisions = [rules.decide(row.case, RULEBOOK, at=row.at) for row in ROWS]

    assert {decision.rule for decision in decisions} == {rule.name for rule in RULEBOOK.rules}
    assert {refund_sentences.key(decision) for decision in decisions} == refund_sentences.KEYS - {"too_late"}


@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=lambda rule: rule.name)
def test_the_table_misses_a_rule_that_is_gone(rule: Rule) -> None:
    without = tuple(other for other in RULEBOOK.rules if other is not rule)

    assert _is_noticed(dataclasses.replace(RULEBOOK, rules=without))


@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=lambda rule: rule.name)
def test_the_table_notices_each_word_of_a_rule_that_changes(rule: Rule) -> None:
    unnoticed = [what for what, other in _changed(rule) if not _is_noticed(_with(rule, other))]

    assert unnoticed == []


def _changed(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The rule with one word of it left out, or one number a little larger or smaller."""
    for field in dataclasses.fields(rule):
        value = getattr(rule, field.name)
        if field.name not in NOT_TAKEN_AWAY and value != field.default:
            yield f"no {field.name}", _but(rule, field.name, field.default)
        for other in _near(field.name, value, rule):
            yield f"{field.name} {other}", _but(rule, field.name, other)


def _but(rule: Rule, name: str, value: Any) -> Rule:
    changes: dict[str, Any] = {name: value}
    return dataclasses.replace(rule, **changes)


def _near(name: str, value: Any, rule: Rule) -> list[Any]:
    if isinstance(value, Span):
        days = [Span(days=value.days + step) for step in (1, -1) if value.days]
        return days + [Span(months=value.months + step) for step in (1, -1) if value.months]
    if name == "kinds":
        return [value - {kind} for kind in value if len(value) > 1]
    if name in {"most_seconds", "most_percent"} and value is not None:
        return [value + 1, value - 1]
    if name == "confirmed_within_hours" and rule.lost_by_consent:
        return [value + 1, value - 1]
    if name == "keeps_percent" and "days" in rule.gives:
        return [value + 1]
    return [True] if name == "moves_over_days_off" and rule.span and not value else []


def _with(rule: Rule, other: Rule) -> Rulebook:
    changed = tuple(other if each is rule else each for each in RULEBOOK.rules)
    return dataclasses.replace(RULEBOOK, rules=changed)


def _is_noticed(rulebook: Rulebook) -> bool:
    return any(_complaint(rulebook, row) for row in ROWS)


def _complaint(rulebook: Rulebook, row: Row) -> str:
    try:
        return row.complaint(rules.decide(row.case, rulebook, at=row.at))
    except rules.NoRule as error:
        return f"{row.id}: {error}"
