"""What became of an attempt to pay: noted from Stripe's answer, or found out by asking when none came.

Nothing here creates or confirms a payment.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from accounts.sweeping import if_any, one_by_one
from billing.discounts import coupons
from billing.guarding import gate, heat
from billing.models import Order, Payment
from billing.models.attempts import A, Attempt, AttemptQuerySet
from billing.settling import fulfilment
from billing.stripe import stripe_gateway, stripe_setups
from billing.stripe.intents import Intent, StripeRefused, StripeUnavailable

logger = logging.getLogger(__name__)

NO_ANSWER = "no_answer"
# An attempt is left alone until its own call has surely ended.
_FIRST_LOOK = timedelta(seconds=20)
# A call that got no answer may still be carried out for this long; Stripe ends its calls well before.
_UNDER_WAY = timedelta(seconds=60)
_STATUS_PAUSE = timedelta(seconds=1)
CHALLENGE_LIFE = timedelta(hours=24)


def note(payment: Payment, intent: Intent, *, at: datetime) -> Payment:
    """This will write down what the intent says of this attempt, settling the order if it is paid.

    Call it with an intent that is known to have seen this attempt. Again: nothing changes.
    :raises fulfilment.Mismatch: paid, but not what was ordered.
    """
    if intent.is_paid:
        was_asked = payment.state == Payment.State.CHALLENGED
        order = fulfilment.settle(payment.order_id, intent, at=at)
        payment.refresh_from_db()
        payment.order = order
        if was_asked and order.is_paid:
            gate.note_sold(order, at=at)
    else:
        with transaction.atomic():
            _note_unpaid(payment, intent, at=at)
        _let_go(payment, at=at)
    return payment


def _note_unpaid(payment: Payment, intent: Intent, *, at: datetime) -> None:
    Order.objects.filter(pk=payment.order_id, intent_id=None).update(intent_id=intent.id)
    note_undone(payment, intent, at=at)


def note_undone(attempt: Attempt, intent: Intent, *, at: datetime) -> None:
    """This will write down what an intent that is not paid says of this attempt: a question, or a refusal."""
    if intent.needs_challenge and not intent.challenge_url:
        # Only Stripe.js could ask this question, in a dialog over our page.
        logger.error("a question that cannot be framed", extra={"intent": intent.id})
        attempt.refuse(decline_code="authentication_not_handled", intent_id=intent.id, at=at)
    elif intent.needs_challenge:
        attempt.challenge(intent_id=intent.id, url=intent.challenge_url)
    elif intent.wants_another_card or intent.is_canceled:
        attempt.refuse(decline_code=intent.decline_code or intent.status, intent_id=intent.id, at=at)


def refuse(payment: Payment, *, decline_code: str, at: datetime) -> None:
    """This will write down that the attempt took nothing, and why; a coupon's use is free for others then."""
    payment.refuse(decline_code=decline_code, at=at)
    _let_go(payment, at=at)


def _let_go(payment: Payment, *, at: datetime) -> None:
    if payment.state == Payment.State.REFUSED and payment.order.coupon_id is not None:
        coupons.let_go(payment.order_id, at=at)


def note_nothing_sent(payment: Payment, *, at: datetime) -> None:
    """This will write down that Stripe never heard of this attempt."""
    refuse(payment, decline_code=NO_ANSWER, at=at)


def note_no_answer(attempt: Attempt, *, is_over: bool, at: datetime) -> None:
    """This will write down that the attempt's outcome is unknown, and until when it may still be carried
    out.
    """
    until = at + (timedelta(seconds=2) if is_over else _UNDER_WAY)
    sent = type(attempt)._default_manager.filter(pk=attempt.pk, state=Attempt.State.SENT)
    sent.update(under_way_until=until, look_after=at)
    attempt.refresh_from_db()


def look(payment: Payment, *, at: datetime) -> Payment:
    """This will ask Stripe what became of an undecided attempt, and note it. A decided one stays as it is.

    :raises StripeUnavailable: Stripe does not answer; nothing was noted.
    :raises fulfilment.Mismatch: paid, but not what was ordered.
    """
    if not payment.is_undecided:
        return payment
    intent = _intent_of(payment)
    if intent is None:
        if has_ended(payment, at=at):
            refuse(payment, decline_code=NO_ANSWER, at=at)
        return payment
    return note(payment, intent, at=at)


def _intent_of(payment: Payment) -> Intent | None:
    """The intent as this attempt left it, or None while there is no sign that the attempt reached it."""
    if payment.state == Payment.State.CHALLENGED:
        return stripe_setups.retrieve(payment.intent_id)
    token = payment.confirmation_token
    if used_on := stripe_gateway.intent_of_token(token) if token else None:
        return stripe_setups.retrieve(used_on)
    order = payment.order
    if order.intent_id:
        intent: Intent | None = stripe_setups.retrieve(order.intent_id)
    else:
        intent = stripe_gateway.intent_of_order(
            order.reference, since=order.created_at - timedelta(minutes=5)
        )
    # Without a token it was the card on file, and the only attempt that this intent has.
    if intent and (intent.is_paid or not token or intent.tried_card == token):
        return intent
    return None


def has_ended(attempt: Attempt, *, at: datetime) -> bool:
    """This will tell whether an attempt without an answer cannot be carried out any more."""
    return attempt.under_way_until is not None and at >= attempt.under_way_until


def look_for_buyer(payment: Payment, *, at: datetime) -> Payment:
    """This will look on behalf of a waiting page, at most once a second however often the page asks."""
    if may_look(payment, at=at):
        return look(payment, at=at)
    payment.refresh_from_db()
    return payment


def may_look(attempt: Attempt, *, at: datetime) -> bool:
    """This will claim a look for a waiting page: once a second, whoever asks."""
    may_look = type(attempt)._default_manager.filter(
        Q(looked_at=None) | Q(looked_at__lte=at - _STATUS_PAUSE),
        pk=attempt.pk,
        state__in=Attempt.UNDECIDED,
    )
    if attempt.state == Attempt.State.SENT:
        # The call itself is under way in another thread or has lost its answer; its own thread notes which.
        may_look = may_look.exclude(under_way_until=None, sent_at__gt=at - _FIRST_LOOK)
    return bool(may_look.update(looked_at=at))


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will look at every attempt that may take money and whose time has come.

    It returns how many were decided. The first look comes 20 seconds after sending; where the bank waits for
    its buyer, or he turned away from its question, it is asked ever more rarely, and given up after a day.
    What coupons hold for orders that were left is let go, and old heat is forgotten.
    """
    coupons.sweep(at=at)
    heat.clear(at=at)
    left_open = Payment.objects.left_open(since=at - CHALLENGE_LIFE)
    rows = (
        payment
        for payments in (Payment.objects.undecided(), left_open)
        for payment in due(payments.select_related("order"), at=at, limit=limit)
    )
    return one_by_one(rows, lambda payment: _look_from_afar(payment, at=at))


def due(attempts: AttemptQuerySet[A], *, at: datetime, limit: int) -> Iterable[A]:
    """This will give those of the attempts whose time to be looked at has come, longest untouched first."""
    old_enough = attempts.filter(Q(look_after=None) | Q(look_after__lte=at), sent_at__lte=at - _FIRST_LOOK)
    return if_any(old_enough.order_by(F("look_after").asc(nulls_first=True), "sent_at", "id")[:limit])


def put_off(attempt: Attempt, *, at: datetime) -> None:
    """This will set when the sweep looks again, the more rarely the longer a bank waits for its buyer.

    One without an answer whose process died counts as carried out once the time for that is over.
    """
    is_sent = attempt.state == Attempt.State.SENT
    pause = timedelta(seconds=15) if is_sent else min((at - attempt.sent_at) / 2, timedelta(hours=1))
    type(attempt)._default_manager.filter(pk=attempt.pk).update(look_after=at + pause)
    if is_sent and attempt.under_way_until is None:
        attempt.under_way_until = attempt.sent_at + _UNDER_WAY


def _look_from_afar(payment: Payment, *, at: datetime) -> bool:
    put_off(payment, at=at)
    try:
        if payment.state == Payment.State.ABANDONED:
            return _was_passed_after_all(payment, at=at)
        look(payment, at=at)
    except StripeUnavailable:
        return False
    except fulfilment.Mismatch:
        return False
    except StripeRefused as error:
        logger.error("Stripe forgot a payment", extra={"payment": payment.pk, "code": error.code})
        return False
    if payment.state == Payment.State.CHALLENGED and at - payment.sent_at >= CHALLENGE_LIFE:
        return payment.abandon(at=at)
    return not payment.is_undecided


def _was_passed_after_all(payment: Payment, *, at: datetime) -> bool:
    intent = stripe_setups.retrieve(payment.intent_id)
    if intent.is_paid:
        return fulfilment.settle(payment.order_id, intent, at=at).is_paid
    return False
