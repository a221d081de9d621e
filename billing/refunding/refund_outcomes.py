"""What became of a refund, whoever brings the news and however often. Nothing here asks for money to move."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from billing.books import entries
from billing.disputing import dispute_taxes
from billing.models import Order, Refund
from billing.refunding import access, refund_letters
from billing.stripe import stripe_refunds
from billing.stripe.stripe_refunds import GivenBack
from billing.taxing import taxes

logger = logging.getLogger(__name__)

NO_ANSWER: Final = "no_answer"
_STRIPE_ERROR: Final = "stripe_error"
_PAUSE: Final = timedelta(seconds=15)
_LONGEST_PAUSE: Final = timedelta(hours=12)
# Stripe keeps an idempotency key for a day: later the same call would be a second refund.
_KEY_LIFE: Final = timedelta(hours=20)
# Banks send refunds back within a month; after this nobody asks any more, and only a webhook tells.
_WATCHED: Final = timedelta(days=45)

_State = Refund.State
# Where news can lead from each state. A refused one may turn out to have been carried out after all.
_NEXT: Final[dict[str, set[str]]] = {
    _State.SENT: {_State.PENDING, _State.SUCCEEDED, _State.FAILED},
    _State.PENDING: {_State.SUCCEEDED, _State.FAILED},
    _State.SUCCEEDED: {_State.FAILED},
    _State.FAILED: set(),
    _State.REFUSED: {_State.PENDING, _State.SUCCEEDED, _State.FAILED},
}


class _NoRoom(Exception):
    """A refund that was given up went through after all, and what it gave has been given otherwise."""


def note(refund: Refund, told: GivenBack, *, at: datetime) -> bool:
    """This will write down what Stripe says of a refund, with all that follows, and return whether it was
    news.

    Old news change nothing: what failed stays failed, what succeeded is never on its way again.
    """
    refund.refresh_from_db()
    if not _fits(refund, told) or told.state not in _NEXT[refund.state]:
        return False
    try:
        return _move(refund, told, at=at)
    except _NoRoom:
        logger.error("more went back than was paid", extra={"refund": refund.idempotency_key})
        refund.refresh_from_db()
        return False


@transaction.atomic
def _move(refund: Refund, told: GivenBack, *, at: datetime) -> bool:
    was, order = refund.state, Order.objects.get(pk=refund.order_id)
    facts = {"refund_id": told.id, "charge_id": told.charge_id, "failed_because": told.failed_because}
    if not refund.become(told.state, at=at, look_after=_next_look(refund, told.state, at=at), **facts):
        return False
    if was == _State.REFUSED:  # nothing is set aside for it, nor needs to be for what came back
        if refund.is_live and not order.reserve_refund(refund.amount_minor, after_minor=order.refunded_minor):
            raise _NoRoom
    elif refund.state == _State.FAILED:
        _release(order, refund, at=at)
    entries.post(entries.of_refund(refund))
    access.follow(order, at=at)
    refund_letters.tell(order, refund, was_sent=was in (_State.SENT, _State.REFUSED))
    if refund.state in (_State.PENDING, _State.SUCCEEDED):
        refund.number_credit_note(at=at)
    logger.info("refund moved", extra={"refund": refund.idempotency_key, "state": refund.state})
    return True


def _fits(refund: Refund, told: GivenBack) -> bool:
    facts = {
        "refund": refund.refund_id in (None, told.id),
        "amount": refund.amount_minor == told.amount_minor,
        "currency": refund.currency == told.currency,
        "intent": refund.intent_id == told.intent_id,
    }
    wrong = [name for name, is_right in facts.items() if not is_right]
    if wrong:
        logger.error("refund does not fit", extra={"refund": refund.idempotency_key, "wrong": wrong})
    return not wrong


@transaction.atomic
def refuse(refund: Refund, *, because: str, at: datetime) -> bool:
    """This will write down that nothing went back. A refund that has got an answer stays as it is."""
    order = Order.objects.get(pk=refund.order_id)
    refund.refresh_from_db()
    if refund.state != _State.SENT or not refund.become(
        _State.REFUSED, at=at, failed_because=because[:60], look_after=None
    ):
        return False
    _release(order, refund, at=at)
    access.follow(order, at=at)
    refund_letters.tell(order, refund, was_sent=True)
    return True


def _release(order: Order, refund: Refund, *, at: datetime) -> None:
    order.release_refund(refund.amount_minor)
    dispute_taxes.complete(order, at=at)


def note_no_answer(refund: Refund, *, until: datetime, is_over: bool, at: datetime) -> None:
    """This will write down that the outcome is unknown, and until when it may still be carried out."""
    Refund.objects.filter(pk=refund.pk, state=_State.SENT).update(
        under_way_until=until, failed_because=_STRIPE_ERROR if is_over else "", look_after=at + _PAUSE
    )
    refund.refresh_from_db()


def is_over(refund: Refund, *, at: datetime) -> bool:
    """This will tell whether asking once more with this row's key could not lead to it any more.

    Stripe repeats its own errors for a key, and forgets a key in time.
    """
    return bool(refund.failed_because) or at >= refund.asked_at + _KEY_LIFE


def find(refund: Refund) -> GivenBack | None:
    """This will read a refund at Stripe, by its id or else among those of its payment."""
    if refund.refund_id:
        return stripe_refunds.retrieve(refund.refund_id)
    listed = stripe_refunds.of_intent(refund.intent_id)
    return next((told for told in listed if told.key == refund.idempotency_key), None)


def hear(told: GivenBack, *, at: datetime) -> str:
    """This will act on a refund that Stripe told of, one made in its dashboard included.

    It returns what became of it, in a word or two.

    :raises StripeUnavailable: Stripe does not answer.
    """
    order = Order.objects.filter(intent_id=told.intent_id).first() if told.intent_id else None
    if order is None:
        return "not an order of ours"
    refund = _known(told) or _adopt(order, told, at=at) or _adopt_after_others(order, told, at=at)
    if refund is None:
        return "refused: amount"
    note(refund, told, at=at)
    return str(refund.state)


def catch_up(intent_id: str, *, at: datetime) -> None:
    """This will hear of all refunds of a payment.

    :raises StripeUnavailable: Stripe does not answer.
    """
    for told in stripe_refunds.of_intent(intent_id):
        hear(told, at=at)


def _known(told: GivenBack) -> Refund | None:
    known = Refund.objects.filter(refund_id=told.id).first()
    return known or Refund.objects.filter(idempotency_key=told.key or told.id).first()


@transaction.atomic
def _adopt(order: Order, told: GivenBack, *, at: datetime) -> Refund | None:
    """The row of a refund that somebody made at Stripe's; None where the order has less left than it says.

    One that came back before anybody heard of it takes nothing of what is left.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if known := _known(told):  # another worker was a moment faster
        return known
    came_back = told.state == _State.FAILED
    if not came_back and not order.reserve_refund(told.amount_minor, after_minor=order.refunded_minor):
        return None
    given_minor = order.refunded_minor + came_back * told.amount_minor
    return Refund.objects.create(
        order=order,
        state=_State.REFUSED if came_back else _State.SENT,
        number=order.refunds.count() + 1,
        amount_minor=told.amount_minor,
        currency=told.currency,
        tax_minor=taxes.share_of(order, refunded_minor=min(given_minor, order.total_minor)),
        reason=Refund.Reason.OTHER,
        ends_access=order.is_refunded and not came_back,
        asker=Refund.Asker.STRIPE,
        idempotency_key=told.id,
        intent_id=told.intent_id,
        asked_at=at,
        failed_at=at if came_back else None,
        look_after=None if came_back else at + _PAUSE,
    )


def _adopt_after_others(order: Order, told: GivenBack, *, at: datetime) -> Refund | None:
    """The same, once Stripe was asked about the others: one that came back unheard leaves room for it."""
    for other in stripe_refunds.of_intent(told.intent_id):
        if known := _known(other):
            note(known, other, at=at)
    refund = _adopt(order, told, at=at)
    if refund is None:
        logger.error("a refund of somebody else's does not fit", extra={"order": order.reference})
    return refund


def put_off(refund: Refund, *, at: datetime) -> bool:
    """This will claim a refund for one look, and return whether this call got it."""
    due = Refund.objects.filter(pk=refund.pk, look_after=refund.look_after)
    claimed = due.update(look_after=_next_look(refund, refund.state, at=at))
    refund.refresh_from_db()
    return bool(claimed)


def _next_look(refund: Refund, state: str, *, at: datetime) -> datetime | None:
    age = at - refund.asked_at
    if state == _State.SENT:
        return at + _PAUSE
    if state == _State.PENDING or (state == _State.SUCCEEDED and age < _WATCHED):
        return at + min(max(age, _PAUSE), _LONGEST_PAUSE)
    return None
