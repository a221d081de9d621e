"""The rules themselves, by version. Numbers are the shop's where its own policy speaks, the law's elsewhere.

A version that buyers have agreed to is never edited: copy it, change it, give it a name and a date. Laws that
are not here (Brazil, Taiwan, Turkey …) leave their buyers the shop's own rules. Have a lawyer read the table.
"""

from datetime import UTC, datetime
from typing import Final

from billing.consenting.laws import BRITAIN, EUROPE, KOREA
from billing.refunding.cases import Kind, Reason
from billing.refunding.rulebook import CountedFrom, Fact, Gives, Rule, Rulebook, Span

_EVERY_KIND: Final = frozenset(Kind)
_FILMS: Final = frozenset({Kind.OWN, Kind.RENT})
_OWN: Final = frozenset({Kind.OWN})
_RENT: Final = frozenset({Kind.RENT})
_MEMBERSHIP: Final = frozenset({Kind.MEMBERSHIP})
_FAULTS: Final = frozenset({Reason.DOES_NOT_PLAY, Reason.NOT_AS_DESCRIBED})
_NEEDS_READING: Final = _FAULTS | {Reason.UNAUTHORISED, Reason.OTHER}

_MOST_SECONDS: Final = 600
_MOST_PERCENT: Final = 20
_WEEK: Final = Span(days=7)
_FORTNIGHT: Final = Span(days=14)
_A_YEAR_MORE: Final = Span(months=12)

_STOPS: Final = (
    Rule(
        name="nothing_paid",
        source="The shop: there is nothing to give back",
        kinds=_EVERY_KIND,
        gives=Gives.NOTHING,
        only_if=Fact.NOTHING_PAID,
        ends_everything=True,
    ),
    Rule(
        name="nothing_left",
        source="The shop: all that was paid was given back",
        kinds=_EVERY_KIND,
        gives=Gives.NOTHING,
        only_if=Fact.NOTHING_LEFT,
        ends_everything=True,
    ),
    Rule(
        name="in_dispute",
        source="The shop: the bank decides, and one payment is not given back twice",
        kinds=_EVERY_KIND,
        gives=Gives.A_PERSON_LOOKS,
        only_if=Fact.DISPUTED,
        ends_everything=True,
    ),
)

# Act on the Consumer Protection in Electronic Commerce, art. 17; days by the Civil Act, art. 157 to 161.
# The law would let the right end with the first second. Ten minutes and a fifth of the film are the shop's.
_KOREAN: Final = (
    Rule(
        name="kr_withdrawal",
        source="Korea: E-Commerce Act art. 17(1), (2); Content Industry Promotion Act art. 27",
        kinds=_OWN,
        gives=Gives.ALL,
        countries=KOREA,
        is_for_consumers=True,
        span=_WEEK,
        counted_from=CountedFrom.CONFIRMATION,
        moves_over_days_off=True,
        most_seconds=_MOST_SECONDS,
        most_percent=_MOST_PERCENT,
    ),
    Rule(
        name="kr_rental_not_started",
        source="Korea: E-Commerce Act art. 17(1), (2)",
        kinds=_RENT,
        gives=Gives.ALL,
        countries=KOREA,
        is_for_consumers=True,
        span=_WEEK,
        counted_from=CountedFrom.CONFIRMATION,
        moves_over_days_off=True,
        must_not_be_started=True,
        most_seconds=_MOST_SECONDS,
        most_percent=_MOST_PERCENT,
    ),
    Rule(
        name="kr_not_warned",
        source="Korea: E-Commerce Act art. 17(2), proviso, and 17(6)",
        kinds=_FILMS,
        gives=Gives.ALL,
        countries=KOREA,
        only_if=Fact.NOT_WARNED,
        is_for_consumers=True,
        span=_WEEK,
        counted_from=CountedFrom.CONFIRMATION,
        moves_over_days_off=True,
    ),
    Rule(
        name="kr_unstarted_films",
        source="Korea: E-Commerce Act art. 17(2)5, proviso (divisible content)",
        kinds=_OWN,
        gives=Gives.UNSTARTED_FILMS,
        countries=KOREA,
        only_if=Fact.SEVERAL_FILMS,
        is_for_consumers=True,
        span=_WEEK,
        counted_from=CountedFrom.CONFIRMATION,
        moves_over_days_off=True,
        is_instant=False,  # somebody has to leave him the films that he began
    ),
    Rule(
        name="kr_membership_unwatched",
        source="Korea: E-Commerce Act art. 17(1), (2)",
        kinds=_MEMBERSHIP,
        gives=Gives.ALL,
        countries=KOREA,
        is_for_consumers=True,
        span=_WEEK,
        moves_over_days_off=True,
        most_seconds=0,
    ),
    Rule(
        name="kr_membership_ended",
        source="Korea: Door-to-Door Sales Act art. 31, 32; consumer dispute standards, Internet content",
        kinds=_MEMBERSHIP,
        gives=Gives.UNUSED_DAYS,
        countries=KOREA,
        is_for_consumers=True,
        keeps_percent=0,  # ten would be allowed
    ),
    Rule(
        name="kr_not_as_described",
        source="Korea: E-Commerce Act art. 17(3)",
        kinds=_EVERY_KIND,
        gives=Gives.A_PERSON_LOOKS,
        countries=KOREA,
        reasons=_FAULTS,
        is_for_consumers=True,
        span=Span(months=3),
        moves_over_days_off=True,
    ),
)

_EUROPEAN: Final = (
    Rule(
        name="eu_withdrawal",
        source="Directive 2011/83/EU art. 9, 10, 16(m), 8(7); withdrawal function: art. 11a",
        kinds=_FILMS,
        gives=Gives.ALL,
        countries=EUROPE,
        is_for_consumers=True,
        span=_FORTNIGHT,
        moves_over_days_off=True,
        more_if_untold=_A_YEAR_MORE,
        lost_by_consent=True,
    ),
    Rule(
        name="eu_membership_withdrawal",
        source="Directive 2011/83/EU art. 9, 10, 14(3), 14(4)(a); C-565/22 Sofatutor",
        kinds=_MEMBERSHIP,
        gives=Gives.UNUSED_DAYS_IF_WANTED,
        countries=EUROPE,
        is_for_consumers=True,
        span=_FORTNIGHT,
        counted_from=CountedFrom.CONTRACT,
        moves_over_days_off=True,
        more_if_untold=_A_YEAR_MORE,
    ),
    Rule(
        name="eu_conformity",
        source="Directive (EU) 2019/770 art. 11, 14",
        kinds=_EVERY_KIND,
        gives=Gives.A_PERSON_LOOKS,
        countries=EUROPE,
        reasons=_FAULTS,
        is_for_consumers=True,
        span=Span(months=24),
        moves_over_days_off=True,
    ),
)

# Reg. 37(2) is content with consent and acknowledgement; the shop wants the confirmation of 16(3) too.
_BRITISH: Final = (
    Rule(
        name="uk_cancellation",
        source="Consumer Contracts Regulations 2013 reg. 29 to 31, 37",
        kinds=_FILMS,
        gives=Gives.ALL,
        countries=BRITAIN,
        is_for_consumers=True,
        span=_FORTNIGHT,
        more_if_untold=_A_YEAR_MORE,
        lost_by_consent=True,
    ),
    Rule(
        name="uk_membership_cancellation",
        source="Consumer Contracts Regulations 2013 reg. 29 to 31, 36",
        kinds=_MEMBERSHIP,
        gives=Gives.UNUSED_DAYS_IF_WANTED,
        countries=BRITAIN,
        is_for_consumers=True,
        span=_FORTNIGHT,
        counted_from=CountedFrom.CONTRACT,
        more_if_untold=_A_YEAR_MORE,
    ),
    Rule(
        name="uk_conformity",
        source="Consumer Rights Act 2015 s. 42 to 45; Limitation Act 1980 s. 5",
        kinds=_EVERY_KIND,
        gives=Gives.A_PERSON_LOOKS,
        countries=BRITAIN,
        reasons=_FAULTS,
        is_for_consumers=True,
        span=Span(months=72),
    ),
)

_OWN_POLICY: Final = (
    Rule(
        name="bought_twice",
        source="The shop: bought a second time by mistake",
        kinds=_FILMS,
        gives=Gives.ALL,
        only_if=Fact.BOUGHT_TWICE,
    ),
    Rule(
        name="does_not_play",
        source="The shop: a film that would not play",
        kinds=_FILMS,
        gives=Gives.ALL,
        reasons=frozenset({Reason.DOES_NOT_PLAY}),
        span=Span(days=30),
        most_seconds=_MOST_SECONDS,
        most_percent=_MOST_PERCENT,
    ),
    Rule(
        name="hardly_watched",
        source="The shop: bought to keep and hardly watched",
        kinds=_OWN,
        gives=Gives.ALL,
        span=_WEEK,
        most_seconds=_MOST_SECONDS,
        most_percent=_MOST_PERCENT,
    ),
    Rule(
        name="rental_not_started",
        source="The shop: a rental that was not started",
        kinds=_RENT,
        gives=Gives.ALL,
        while_startable=True,
        must_not_be_started=True,
        most_seconds=_MOST_SECONDS,
        most_percent=_MOST_PERCENT,
    ),
    Rule(
        name="membership_unwatched",
        source="The shop: a payment after which nothing was watched",
        kinds=_MEMBERSHIP,
        gives=Gives.ALL,
        span=_WEEK,
        most_seconds=0,
    ),
    Rule(
        name="long_membership_ended",
        source="The shop: the unused days of a membership paid for more than a month",
        kinds=_MEMBERSHIP,
        gives=Gives.UNUSED_DAYS,
        only_if=Fact.LONGER_THAN_A_MONTH,
    ),
    Rule(
        name="operator_review",
        source="The shop: a person reads the reason",
        kinds=_EVERY_KIND,
        gives=Gives.A_PERSON_LOOKS,
        reasons=_NEEDS_READING,
        span=Span(days=90),
    ),
)

VERSIONS: Final = (
    Rulebook(
        name="2026-11",
        effective_at=datetime(2026, 11, 22, tzinfo=UTC),
        rules=(*_STOPS, *_KOREAN, *_EUROPEAN, *_BRITISH, *_OWN_POLICY),
    ),
)


def in_force(at: datetime) -> Rulebook:
    """This will give the version that purchases of this instant follow. What is older than the first version
    follows the first.
    """
    begun = [version for version in VERSIONS if version.effective_at <= at]
    return begun[-1] if begun else VERSIONS[0]


def version(name: str, *, fingerprint: str) -> Rulebook:
    """This will find the version that a purchase was made under.

    :raises KeyError: no version of this name says what was agreed to.
    """
    return {(each.name, each.fingerprint): each for each in VERSIONS}[name, fingerprint]
