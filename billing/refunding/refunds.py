"""Giving money back: a row first, then Stripe, asked with that row's one key until it answers."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.sweeping import one_by_one
from billing.models import Order, Refund
from billing.refunding import access, refund_outcomes
from billing.refunding.decisions import Decision
from billing.refunding.rulebook import Rulebook
from billing.stripe import stripe_refunds
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable
from billing.taxing import taxes
from videos import money

logger = logging.getLogger(__name__)

# A row is left alone until its own call has surely ended.
FIRST_LOOK: Final = timedelta(seconds=20)
# A call that got no answer may still be carried out for this long; Stripe ends its calls well before.
_UNDER_WAY: Final = timedelta(seconds=60)


class NotLeft(Exception):
    """More has gone back since this was decided, or it is more than was paid. Nothing was asked."""


class Disputed(NotLeft):
    """A bank holds the money, or has given it back itself: it would go back twice. Nothing was asked."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be given back, and at whose word.

    `after_minor` is what had gone back when it was decided, so that one decision is carried out once.
    """

    amount_minor: int
    after_minor: int
    reason: Refund.Reason
    ends_access: bool
    asker: Refund.Asker
    asked_by_id: int | None = None
    note: str = ""
    decision: Decision | None = None
    rulebook: Rulebook | None = None


def ask(order: Order, wish: Wish, *, at: datetime) -> Refund:
    """This will give a part of what was paid back, and return the refund as it stands.

    Stripe silent or unsure: it stays asked for, and the sweep sees to it.

    :raises NotLeft, Disputed, money.BadAmount: nothing was asked.
    """
    refund = write(order, wish, at=at)
    carry_out(refund, at=at)
    return refund


@transaction.atomic
def write(order: Order, wish: Wish, *, at: datetime) -> Refund:
    """Set the sum aside and write down that it is asked for, before Stripe hears of it.

    :raises NotLeft, Disputed: see each.
    """
    money.check_amount(wish.amount_minor, order.currency)
    if not order.reserve_refund(wish.amount_minor, after_minor=wish.after_minor):
        raise NotLeft
    if order.disputes.barring_refunds().exists():  # read under the lock that the sum was set aside with
        raise Disputed
    number = order.refunds.count() + 1
    refund = Refund.objects.create(
        order=order,
        number=number,
        amount_minor=wish.amount_minor,
        currency=order.currency,
        tax_minor=taxes.share_of(order, refunded_minor=order.refunded_minor),
        reason=wish.reason,
        ends_access=wish.ends_access,
        rule=wish.decision.rule if wish.decision else "",
        rulebook=wish.rulebook.name if wish.rulebook else "",
        rulebook_fingerprint=wish.rulebook.fingerprint if wish.rulebook else "",
        asker=wish.asker,
        asked_by_id=wish.asked_by_id,
        note=wish.note[:500],
        idempotency_key=f"{order.reference}-refund-{number}",
        intent_id=order.intent_id or "",
        asked_at=at,
        under_way_until=at + _UNDER_WAY,
        look_after=at + FIRST_LOOK,
    )
    access.follow(order, at=at)
    return refund


def carry_out(refund: Refund, *, at: datetime) -> None:
    """Ask Stripe, outside any transaction, and note what came of it. Again: the same refund, not another."""
    try:
        told = stripe_refunds.create(refund)
    except OutcomeUnknown as error:
        until = at + (timedelta(seconds=2) if error.is_over else _UNDER_WAY)
        refund_outcomes.note_no_answer(refund, until=until, is_over=error.is_over, at=at)
    except StripeUnavailable:
        refund_outcomes.note_no_answer(refund, until=at, is_over=False, at=at)
    except StripeRefused as error:
        logger.error("Stripe refused a refund", extra={"refund": refund.idempotency_key, "code": error.code})
        refund_outcomes.refuse(refund, because=error.code, at=at)
        with suppress(StripeUnavailable):  # perhaps somebody gave it back at Stripe's
            refund_outcomes.catch_up(refund.intent_id, at=at)
    else:
        refund_outcomes.note(refund, told, at=at)


def look(refund: Refund, *, at: datetime) -> None:
    """This will find out at Stripe what became of a refund, and ask once more for one that never arrived.

    :raises StripeUnavailable: Stripe does not answer; nothing was noted.
    """
    told = refund_outcomes.find(refund)
    if told is not None:
        refund_outcomes.note(refund, told, at=at)
    elif refund.state == Refund.State.SENT and at >= (refund.under_way_until or at):
        if refund_outcomes.is_over(refund, at=at):
            logger.error("a refund was not carried out", extra={"refund": refund.idempotency_key})
            refund_outcomes.refuse(refund, because=refund.failed_because or refund_outcomes.NO_ANSWER, at=at)
        else:
            carry_out(refund, at=at)


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will look at every refund whose time has come, and return how many moved.

    One that succeeded is looked at too, ever more rarely: weeks later the bank may still send it back.
    """
    due = Refund.objects.filter(look_after__lte=at).order_by("look_after", "id")[:limit]
    return one_by_one(due, lambda refund: _look_from_afar(refund, at=at))


def _look_from_afar(refund: Refund, *, at: datetime) -> bool:
    state = refund.state
    if not refund_outcomes.put_off(refund, at=at):
        return False  # another worker looks
    try:
        look(refund, at=at)
    except StripeUnavailable:
        return False
    except StripeRefused as error:
        logger.error("Stripe forgot a refund", extra={"refund": refund.idempotency_key, "code": error.code})
    return refund.state != state
