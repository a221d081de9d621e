"""What became of a dispute, whoever brings the news and however often. Nothing here answers a bank."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from accounts.sweeping import one_by_one
from billing.disputing import dispute_letters, dispute_taxes, disputed_orders
from billing.models import Dispute, Order
from billing.refunding import access
from billing.stripe import stripe_disputes
from billing.stripe.intents import StripeRefused, StripeUnavailable
from billing.stripe.stripe_disputes import Disputed

logger = logging.getLogger(__name__)

# A dispute is open for weeks, and Stripe tells when something happens; this is for events that got lost.
_PAUSE: Final = timedelta(hours=1)

_State = Dispute.State
_DECIDED: Final = {_State.WON, _State.LOST}
_APPEALED: Final = {_State.APPEAL_NEEDS_RESPONSE, _State.APPEAL_UNDER_REVIEW}
_BEGUN: Final = {_State.UNDER_REVIEW, _State.PREVENTED, *_DECIDED, *_APPEALED}
# Where news can lead from each state. What is decided stays decided unless somebody appeals.
_NEXT: Final[dict[str, set[_State]]] = {
    _State.WARNING_NEEDS_RESPONSE: {
        *(_State.WARNING_UNDER_REVIEW, _State.WARNING_CLOSED, _State.NEEDS_RESPONSE),
        *_BEGUN,
    },
    _State.WARNING_UNDER_REVIEW: {_State.WARNING_CLOSED, _State.NEEDS_RESPONSE, *_BEGUN},
    _State.WARNING_CLOSED: {_State.NEEDS_RESPONSE, *_BEGUN},
    _State.NEEDS_RESPONSE: _BEGUN,
    _State.UNDER_REVIEW: _BEGUN - {_State.UNDER_REVIEW},
    _State.APPEAL_NEEDS_RESPONSE: {_State.APPEAL_UNDER_REVIEW, *_DECIDED},
    _State.APPEAL_UNDER_REVIEW: {*_DECIDED},
    _State.WON: {_State.LOST, *_APPEALED},
    _State.LOST: {_State.WON, *_APPEALED},
    _State.PREVENTED: set(),
}


def hear(told: Disputed, *, at: datetime) -> str:
    """This will act on a dispute that Stripe told of, and return what became of it, in a word or two.

    A dispute may be heard of before its sale: then that is settled first.

    :raises StripeUnavailable: Stripe does not answer.
    """
    order = disputed_orders.find(told.intent_id, at=at)
    if order is None:
        return "not an order of ours"
    dispute = _row(order, told, at=at)
    note(dispute, told, at=at)
    return str(dispute.state)


def note(dispute: Dispute, told: Disputed, *, at: datetime) -> bool:
    """This will write down what Stripe says of a dispute, with all that follows, and return whether it moved
    on. Old news change nothing: what is won or lost is never open again unless somebody appeals.
    """
    dispute.refresh_from_db()
    if told.state == dispute.state:
        _refresh(dispute, told)
        return False
    if told.state not in _NEXT[dispute.state]:
        return False
    return _move(dispute, told, at=at)


@transaction.atomic
def _move(dispute: Dispute, told: Disputed, *, at: datetime) -> bool:
    was = dispute.state
    look_after = None if told.state in Dispute.CLOSED else at + _PAUSE
    if not dispute.become(told.state, at=at, look_after=look_after, **_facts(told)):
        return False
    _follow(dispute, was=was, at=at)
    return True


def _follow(dispute: Dispute, *, was: str, at: datetime) -> None:
    order = Order.objects.get(pk=dispute.order_id)
    access.follow(order, at=at)
    dispute_taxes.follow(dispute, Order.objects.get(pk=order.pk), at=at)
    dispute_letters.tell(order, dispute, was=was)
    logger.info("dispute moved", extra={"dispute": dispute.dispute_id, "state": dispute.state})


@transaction.atomic
def _row(order: Order, told: Disputed, *, at: datetime) -> Dispute:
    """The row of a dispute, made with all that follows if this is the first that is heard of it."""
    is_closed = told.state in Dispute.CLOSED
    # Two disputes of one order would else wait for each other, each holding the order a little.
    Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    dispute, is_new = Dispute.objects.get_or_create(
        dispute_id=told.id,
        defaults={
            **_facts(told),
            "order": order,
            "state": told.state,
            "opened_at": told.opened_at,
            "closed_at": at if is_closed else None,
            "look_after": None if is_closed else at + _PAUSE,
        },
    )
    if is_new:
        _follow(dispute, was="", at=at)
    return dispute


def _refresh(dispute: Dispute, told: Disputed) -> None:
    """Facts may change within a state, as the date by which to answer does."""
    facts = _facts(told)
    if any(getattr(dispute, name) != value for name, value in facts.items()):
        Dispute.objects.filter(pk=dispute.pk, state=told.state).update(**facts)
        dispute.refresh_from_db()


def _facts(told: Disputed) -> dict[str, Any]:
    return {
        "charge_id": told.charge_id,
        "amount_minor": told.amount_minor,
        "currency": told.currency,
        "reason": told.reason[:60],
        "network_reason": told.network_reason[:20],
        "due_by": told.due_by,
        "is_charge_refundable": told.is_charge_refundable,
        "submissions": told.submissions,
    }


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will look at every open dispute whose time has come, and return how many moved."""
    due = Dispute.objects.filter(look_after__lte=at).order_by("look_after", "id")[:limit]
    return one_by_one(due, lambda dispute: _look_from_afar(dispute, at=at))


def _look_from_afar(dispute: Dispute, *, at: datetime) -> bool:
    if not _claim(dispute, at=at):
        return False  # another worker looks
    try:
        return note(dispute, stripe_disputes.retrieve(dispute.dispute_id), at=at)
    except StripeUnavailable:
        return False
    except StripeRefused as error:
        logger.error("Stripe forgot a dispute", extra={"dispute": dispute.dispute_id, "code": error.code})
        return False


def _claim(dispute: Dispute, *, at: datetime) -> bool:
    due = Dispute.objects.filter(pk=dispute.pk, look_after=dispute.look_after)
    return bool(due.update(look_after=at + _PAUSE))
