"""Answering a bank: a row first, then Stripe, asked with that row's one key until it is known what came."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.sweeping import if_any, one_by_one
from billing.disputing import dispute_outcomes
from billing.models import Dispute, DisputeAnswer
from billing.stripe import stripe_disputes
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable
from billing.stripe.stripe_disputes import Disputed

logger = logging.getLogger(__name__)

NO_ANSWER: Final = "no_answer"
_STRIPE_ERROR: Final = "stripe_error"
# A row is left alone until its own call has surely ended.
_PAUSE: Final = timedelta(seconds=20)
# A call that got no answer may still be carried out for this long; Stripe ends its calls well before.
_UNDER_WAY: Final = timedelta(seconds=60)

_Kind, _State = DisputeAnswer.Kind, DisputeAnswer.State


class NotAnswerable(Exception):
    """The bank waits for no answer: it has one, it has decided, or the time is over. Nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the bank is to be told, and at whose word. `evidence` is empty where the shop gives up."""

    kind: DisputeAnswer.Kind
    evidence: dict[str, str] = field(default_factory=dict)
    note: str
    asked_by_id: int


def is_possible(dispute: Dispute, kind: DisputeAnswer.Kind, *, at: datetime) -> bool:
    """This will tell whether such an answer can be given now. An inquiry is refunded, not given up."""
    if kind == _Kind.ACCEPTANCE and dispute.state != Dispute.State.NEEDS_RESPONSE:
        return False
    return dispute.is_answerable(at=at) and not _live(dispute)


def send(dispute: Dispute, reply: Reply, *, at: datetime) -> DisputeAnswer:
    """This will tell the bank, once, and return the answer as it stands.

    Stripe silent or unsure: it stays asked, and the sweep finds out.

    :raises NotAnswerable: nothing was sent.
    """
    answer = _write(dispute, reply, at=at)
    _carry_out(answer, at=at)
    return answer


@transaction.atomic
def _write(dispute: Dispute, reply: Reply, *, at: datetime) -> DisputeAnswer:
    """Write the answer down before Stripe hears of it."""
    dispute = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
    if not is_possible(dispute, reply.kind, at=at):
        raise NotAnswerable
    number = dispute.answers.count() + 1
    return DisputeAnswer.objects.create(
        dispute=dispute,
        number=number,
        kind=reply.kind,
        evidence=reply.evidence,
        note=reply.note[:500],
        asked_by_id=reply.asked_by_id,
        asked_at=at,
        idempotency_key=f"{dispute.dispute_id}-answer-{number}",
        under_way_until=at + _UNDER_WAY,
        look_after=at + _PAUSE,
    )


def _live(dispute: Dispute) -> bool:
    return dispute.answers.exclude(state=_State.REFUSED).exists()


def _carry_out(answer: DisputeAnswer, *, at: datetime) -> None:
    """Ask Stripe, outside any transaction, and note what came of it. Again: the same answer, not another."""
    try:
        told = stripe_disputes.answer(answer)
    except OutcomeUnknown as error:
        until = at + (timedelta(seconds=2) if error.is_over else _UNDER_WAY)
        _wait(answer, until=until, because=_STRIPE_ERROR if error.is_over else "", at=at)
    except StripeUnavailable:
        _wait(answer, until=at, because="", at=at)
    except StripeRefused as error:
        logger.error("Stripe refused an answer", extra={"answer": answer.idempotency_key, "code": error.code})
        _refuse(answer, because=error.code, at=at)
        with suppress(StripeUnavailable, StripeRefused):  # what the dispute has come to meanwhile
            told = stripe_disputes.retrieve(answer.dispute.dispute_id)
            dispute_outcomes.note(answer.dispute, told, at=at)
    else:
        _note(answer, told, at=at)


def _note(answer: DisputeAnswer, told: Disputed, *, at: datetime) -> bool:
    """Write down what the dispute has come to, and return whether the bank has this answer."""
    dispute_outcomes.note(answer.dispute, told, at=at)
    if not _has_arrived(answer, told):
        return False
    if answer.become(_State.DELIVERED, at=at, refused_because=""):
        logger.info("dispute answered", extra={"answer": answer.idempotency_key, "kind": answer.kind})
    return True


def _has_arrived(answer: DisputeAnswer, told: Disputed) -> bool:
    if answer.kind == _Kind.ACCEPTANCE:
        return told.state == Dispute.State.LOST
    return told.answer_key == answer.idempotency_key and told.submissions > 0


def _refuse(answer: DisputeAnswer, *, because: str, at: datetime) -> None:
    answer.become(_State.REFUSED, at=at, refused_because=because[:60])


def _wait(answer: DisputeAnswer, *, until: datetime, because: str, at: datetime) -> None:
    waiting = DisputeAnswer.objects.filter(pk=answer.pk, state=_State.SENT)
    waiting.update(under_way_until=until, refused_because=because, look_after=at + _PAUSE)
    answer.refresh_from_db()


def look(answer: DisputeAnswer, *, at: datetime) -> None:
    """This will find out at Stripe whether the bank has an answer, and send one that never arrived once more.

    :raises StripeUnavailable, StripeRefused: Stripe does not answer, or does not know the dispute.
    """
    if _note(answer, stripe_disputes.retrieve(answer.dispute.dispute_id), at=at):
        return
    if answer.state != _State.SENT or at < (answer.under_way_until or at):
        return
    # Stripe repeats its own errors for a key: staff may write another answer instead.
    if answer.refused_because or not answer.dispute.is_answerable(at=at):
        logger.error("an answer did not arrive", extra={"answer": answer.idempotency_key})
        _refuse(answer, because=answer.refused_because or NO_ANSWER, at=at)
    else:
        _carry_out(answer, at=at)


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will look at every answer without a word from Stripe, and return how many moved."""
    waiting = DisputeAnswer.objects.filter(state=_State.SENT, look_after__lte=at)
    due = waiting.select_related("dispute").order_by("look_after", "id")[:limit]
    return one_by_one(if_any(due), lambda answer: _look_from_afar(answer, at=at))


def _look_from_afar(answer: DisputeAnswer, *, at: datetime) -> bool:
    if not _claim(answer, at=at):
        return False  # another worker looks
    try:
        look(answer, at=at)
    except StripeUnavailable:
        return False
    except StripeRefused as error:
        logger.error("Stripe forgot a dispute", extra={"answer": answer.pk, "code": error.code})
    return answer.state != _State.SENT


def _claim(answer: DisputeAnswer, *, at: datetime) -> bool:
    due = DisputeAnswer.objects.filter(pk=answer.pk, look_after=answer.look_after)
    return bool(due.update(look_after=at + _PAUSE))
