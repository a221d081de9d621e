"""The buyer asks for his money: what the rules give him is shown first, and carried out when he presses."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from billing.models import Order, Refund
from billing.refunding import facts, refund_letters, refunds, rules, second_purchases
from billing.refunding.cases import Reason, RefundCase
from billing.refunding.decisions import Answer, Decision
from billing.refunding.rule_table import in_force
from billing.refunding.rulebook import Rulebook


class Changed(Exception):
    """What the buyer was shown is not what the rules give him now. Nothing was asked."""


class NothingToGive(Exception):
    """The rules give nothing, and leave nothing to a person."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.rule)
        self.decision = decision


@dataclass(frozen=True)
class Prospect:
    """What would come of asking for this reason: `amount_minor` at once, 0 where a person decides."""

    reason: Reason
    decision: Decision

    @property
    def amount_minor(self) -> int:
        return self.decision.amount_minor if self.decision.is_instant else 0

    @property
    def is_for_a_person(self) -> bool:
        return self.decision.answer is not Answer.NONE and not self.decision.is_instant

    @property
    def is_possible(self) -> bool:
        return self.decision.answer is not Answer.NONE


def prospects(order: Order, *, at: datetime) -> Iterator[Prospect]:
    """This will tell for each reason what the buyer would get, without asking for anything."""
    is_second = second_purchases.is_second(order, at=at)
    rulebook = _rulebook(order)
    cases = facts.readings(order, reason=Reason.CHANGED_MIND, is_bought_twice=is_second, at=at)
    for reason in Reason:
        yield Prospect(reason, _decide([replace(case, reason=reason) for case in cases], rulebook, at=at))


def ask(
    order: Order, *, reason: Reason, words: str, shown_minor: int, asked_by: int | None, at: datetime
) -> Refund | None:
    """This will carry out what the rules give for this reason; None where a person has been asked to decide.

    Arguments and errors are those of `begin`. Asked again, once all went back by it: that refund as it
    stands, and nothing is carried out.
    """
    try:
        refund = begin(order, reason=reason, words=words, shown_minor=shown_minor, asked_by=asked_by, at=at)
    except (Changed, NothingToGive):
        known = _asked_before(order, reason=reason, shown_minor=shown_minor)
        if known is None:
            raise
        return known
    if refund is not None:
        refunds.carry_out(refund, at=at)
    return refund


def begin(
    order: Order, *, reason: Reason, words: str, shown_minor: int, asked_by: int | None, at: datetime
) -> Refund | None:
    """This will write down what goes back for this reason, for somebody to carry out; the sweep does it too.

    None where a person has been asked to decide. `shown_minor` is what the buyer was shown to get back at
    once. Pressed twice it is one refund.

    :raises Changed, NothingToGive: see each; nothing was asked.
    """
    cases = facts.readings(
        order, reason=reason, is_bought_twice=second_purchases.is_second(order, at=at), at=at
    )
    rulebook = _rulebook(order)
    prospect = Prospect(reason, _decide(cases, rulebook, at=at))
    decision = prospect.decision
    if not prospect.is_possible:
        raise NothingToGive(decision)
    if not _is_as_shown(prospect, shown_minor):
        raise Changed
    if prospect.is_for_a_person:
        with transaction.atomic():
            refund_letters.ask_support(order, reason=Refund.Reason(reason), words=words, rule=decision.rule)
        return None
    wish = refunds.Wish(
        amount_minor=decision.amount_minor,
        after_minor=cases[0].refunded_minor,
        reason=Refund.Reason(reason),
        ends_access=decision.ends_access,
        asker=Refund.Asker.BUYER,
        asked_by_id=asked_by,
        note=words,
        decision=decision,
        rulebook=rulebook,
    )
    try:
        return refunds.write(order, wish, at=at)
    except refunds.NotLeft as error:
        raise Changed from error


def _asked_before(order: Order, *, reason: Reason, shown_minor: int) -> Refund | None:
    """The refund that the buyer got by this very wish, and after which nothing of the order is left."""
    all_of_it = order.refunds.filter(state__in=Refund.LIVE, order__refunded_minor=F("order__total_minor"))
    last = all_of_it.order_by("-number").first()
    if last is None or last.asker != Refund.Asker.BUYER:
        return None
    return last if (last.reason, last.amount_minor) == (reason, shown_minor) else None


def _decide(cases: list[RefundCase], rulebook: Rulebook, *, at: datetime) -> Decision:
    """What gives most, by whichever law; where none gives anything, a person's look before a refusal."""
    decisions = [rules.decide(case, rulebook, at=at) for case in cases]
    return max(decisions, key=lambda decision: (decision.amount_minor, decision.answer is Answer.ASK))


def _is_as_shown(prospect: Prospect, shown_minor: int) -> bool:
    return prospect.amount_minor == shown_minor


def _rulebook(order: Order) -> Rulebook:
    return in_force(order.paid_at or order.created_at)
