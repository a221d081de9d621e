"""What a refund rule is: a row of facts that the deciding function reads. The rows are in `rule_table`."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.refunding.cases import Kind, Reason


class Gives(StrEnum):
    """What a rule gives whose conditions hold."""

    ALL = "all"
    UNUSED_DAYS = "unused_days"
    # The European way with services: all of it, unless the buyer was told his right and wanted it to begin.
    UNUSED_DAYS_IF_WANTED = "unused_days_if_wanted"
    UNSTARTED_FILMS = "unstarted_films"
    A_PERSON_LOOKS = "a_person_looks"
    NOTHING = "nothing"


class Fact(StrEnum):
    """What must be so for a rule to have a say at all."""

    NOTHING_PAID = "nothing_paid"
    NOTHING_LEFT = "nothing_left"
    DISPUTED = "disputed"
    BOUGHT_TWICE = "bought_twice"
    NOT_WARNED = "not_warned"
    SEVERAL_FILMS = "several_films"
    LONGER_THAN_A_MONTH = "longer_than_a_month"


class CountedFrom(StrEnum):
    """The instant whose day is the one that is not counted."""

    PAYMENT = "payment"
    CONTRACT = "contract"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True)
class Span:
    """So many days of the calendar, or so many months, where a missing day is the month's last."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule; the name is what orders, refunds and logs keep, so it never changes its meaning.

    `countries`: empty means everywhere. `reasons`: empty means any, or none.
    `is_for_consumers`: a law that does not bind towards companies.
    `ends_everything`: where it has a say no other rule is asked.
    `span`: how long it holds, days of the buyer's own calendar, the first not counted, until his midnight;
    None has no end. `moves_over_days_off`: a last day on a weekend or holiday becomes the next working day.
    `more_if_untold`: added where the buyer was never told of the right.
    `while_startable`: it holds while the rental can be started, whatever the span.
    `most_seconds`, `most_percent`: what may have been watched, each inclusive, both together.
    `lost_by_consent`: supply begun, with the wish, the acknowledgement and, within `confirmed_within_hours`,
    the mail that confirms both, ends the right.
    `keeps_percent`: of the unused days' money.

    :raises ValueError: days are to be shared out of something that has none.
    """

    name: str
    source: str
    kinds: frozenset[Kind]
    gives: Gives
    countries: frozenset[str] = frozenset()
    reasons: frozenset[Reason] = frozenset()
    only_if: Fact | None = None
    is_for_consumers: bool = False
    ends_everything: bool = False
    span: Span | None = None
    counted_from: CountedFrom = CountedFrom.PAYMENT
    moves_over_days_off: bool = False
    more_if_untold: Span | None = None
    while_startable: bool = False
    must_not_be_started: bool = False
    most_seconds: int | None = None
    most_percent: int | None = None
    lost_by_consent: bool = False
    confirmed_within_hours: int = 24
    keeps_percent: int = 0
    is_instant: bool = True

    def __post_init__(self) -> None:
        shares_days = self.gives in {Gives.UNUSED_DAYS, Gives.UNUSED_DAYS_IF_WANTED}
        if shares_days and self.kinds != {Kind.MEMBERSHIP}:
            raise ValueError("only a membership has days")


@dataclass(frozen=True)
class Rulebook:
    """A version of the rules. Among rules that give the same the first is named; likewise among refusals.

    What a buyer agreed to is kept as `name` and `fingerprint`: published, a version is never edited.
    """

    name: str
    effective_at: datetime
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        if len({rule.name for rule in self.rules}) != len(self.rules):
            raise ValueError("two rules have one name")

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of everything the version says.

        What a rule leaves unsaid is left out: a word that rules learn later changes no older agreement.
        """
        said = [self.name, self.effective_at.isoformat(), *(_said(rule) for rule in self.rules)]
        return hashlib.sha256(json.dumps(said, default=_plain, sort_keys=True).encode()).hexdigest()

    def rule(self, name: str) -> Rule:
        """This will find a rule by its name.

        :raises KeyError: there is none.
        """
        return {rule.name: rule for rule in self.rules}[name]


def _said(rule: Rule) -> dict[str, object]:
    values = {field.name: (getattr(rule, field.name), field.default) for field in dataclasses.fields(rule)}
    return {name: value for name, (value, unsaid) in values.items() if value != unsaid}


def _plain(value: frozenset[str] | Span) -> list[str] | list[int]:
    return sorted(value) if isinstance(value, frozenset) else [value.days, value.months]
