"""Paying a renewal that failed, in our own page: with the card on file once its owner answers his bank, or
with another.

It is always the invoice's own intent that is confirmed, and an intent takes money once: whoever else tries it
meanwhile, Stripe's retries included, there is one charge.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.sweeping import one_by_one
from billing.buying import selling
from billing.buying.order_taking import CardEntryUsed
from billing.joining import following
from billing.models import CardOnFile, Membership, RenewalPayment, UnpaidRenewal
from billing.settling import outcomes
from billing.stripe import stripe_gateway, stripe_subscriptions
from billing.stripe.intents import Intent, OutcomeUnknown, StripeRefused, StripeUnavailable

logger = logging.getLogger(__name__)

# Why an attempt was not sent: it was paid otherwise, or is over.
NOT_OPEN: Final = "not_open"
_MOST_A_DAY: Final = 10


class NothingToPay(Exception):
    """It is paid, or is not to be paid any more. Nothing was charged."""


class NoCardOnFile(Exception):
    """There is no card to be charged but one that is typed. Nothing was charged."""


class TooMany(Exception):
    """So many cards were tried on it since yesterday that nobody tries his own. Nothing was charged."""


def pay(renewal: UnpaidRenewal, *, confirmation_token: str, at: datetime) -> RenewalPayment | None:
    """This will pay a renewal with the card behind the token, or with the card on file where that is empty.

    It returns the attempt as it stands: the one that is under way, where there is one. None where the very
    same card entry was tried before.

    :raises NothingToPay, NoCardOnFile, CardEntryUsed, TooMany: see each.
    :raises selling.ReadOnly: the shop takes no wishes just now.
    :raises StripeUnavailable: Stripe does not answer; nothing was charged.
    """
    selling.check_wishes()
    payment, is_new = _begin(renewal, confirmation_token, at=at)
    if payment is None:
        return None
    if is_new:
        _check_life(payment, at=at)
        _carry_out(payment, at=at)
    elif outcomes.may_look(payment, at=at):
        with suppress(StripeUnavailable, StripeRefused):  # as last known
            look(payment, at=at)
    return payment


def _check_life(payment: RenewalPayment, *, at: datetime) -> None:
    """Stripe still takes money for what it has ended: nobody must pay for that."""
    try:
        is_alive = _is_alive(payment.renewal, at=at)
    except StripeUnavailable:
        payment.refuse(decline_code=outcomes.NO_ANSWER, at=at)
        raise
    if not is_alive:
        payment.refuse(decline_code=NOT_OPEN, at=at)
        raise NothingToPay


def _is_alive(renewal: UnpaidRenewal, *, at: datetime) -> bool:
    """Whether it is to be paid by what Stripe says now."""
    membership = renewal.membership
    try:
        subscription = stripe_subscriptions.retrieve(membership.subscription_id or "")
    except StripeRefused as error:
        logger.error("a membership unknown to Stripe", extra={"code": error.code})
        return False
    if subscription.state != Membership.State.PAST_DUE:
        following.look(membership, at=at)
        renewal.refresh_from_db()
    return renewal.is_open


@transaction.atomic
def _begin(
    renewal: UnpaidRenewal, confirmation_token: str, *, at: datetime
) -> tuple[RenewalPayment | None, bool]:
    """Write the attempt down before Stripe hears of it; returns it, and whether it is to be carried out."""
    now = (
        UnpaidRenewal.objects.select_for_update(of=("self",)).select_related("membership").get(pk=renewal.pk)
    )
    if not now.is_open or now.membership.end_wanted_at is not None:
        raise NothingToPay
    card = confirmation_token or _card_on_file(now.membership)
    attempts = _attempts(now)
    for each in attempts:
        if each.is_undecided:
            return each, False
        if confirmation_token and each.confirmation_token == confirmation_token:
            return None, False  # the page did not hear the answer and sent the same card once more
    if sum(each.sent_at > at - timedelta(days=1) for each in attempts) >= _MOST_A_DAY:
        raise TooMany
    number = len(attempts) + 1
    try:
        with transaction.atomic():
            payment = RenewalPayment.objects.create(
                renewal=now,
                number=number,
                is_on_file=not confirmation_token,
                amount_minor=now.amount_minor,
                currency=now.currency,
                idempotency_key=f"{now.invoice_id}-{number}",
                confirmation_token=card,
                intent_id=now.intent_id,
                sent_at=at,
            )
    except IntegrityError as error:
        faster = now.payments.undecided().first()
        if faster is None:
            raise CardEntryUsed from error
        return faster, False
    return payment, True


def _attempts(renewal: UnpaidRenewal) -> list[RenewalPayment]:
    return list(renewal.payments.order_by("number"))


def _card_on_file(membership: Membership) -> str:
    card = CardOnFile.objects.filter(membership=membership).first()
    if card is None:
        raise NoCardOnFile
    return card.payment_method_id


def _carry_out(payment: RenewalPayment, *, at: datetime) -> None:
    """Ask Stripe, outside any transaction, and note what came of it."""
    try:
        intent = stripe_gateway.charge(
            payment,
            order_reference="",
            intent_id=payment.intent_id,
            return_url=settings.SITE_URL + reverse("billing:return"),
        )
    except OutcomeUnknown as error:
        outcomes.note_no_answer(payment, is_over=error.is_over, at=at)
    except StripeUnavailable:
        payment.refuse(decline_code=outcomes.NO_ANSWER, at=at)
        raise
    except StripeRefused as error:
        if error.intent is not None and error.intent.is_paid:  # Stripe's own retry was faster
            note(payment, error.intent, at=at)
        else:
            logger.error("Stripe refused a renewal", extra={"code": error.code})
            payment.refuse(decline_code=error.code, at=at)
    else:
        note(payment, intent, at=at)


def note(payment: RenewalPayment, intent: Intent, *, at: datetime) -> None:
    """This will write down what the intent says of this attempt, settling the renewal if it is paid.

    Where it is paid and Stripe does not tell the rest just now, the attempt stays open for the next look.
    """
    if not intent.is_paid:
        outcomes.note_undone(payment, intent, at=at)
        return
    renewal = payment.renewal
    try:
        following.look(renewal.membership, at=at)
    except (StripeUnavailable, StripeRefused) as error:
        logger.warning("a paid renewal waits to be settled", extra={"reason": type(error).__name__})
    renewal.refresh_from_db()
    if renewal.state == UnpaidRenewal.State.PAID:
        payment.succeed(intent_id=intent.id, at=at)
    else:
        outcomes.note_no_answer(payment, is_over=True, at=at)


def look(payment: RenewalPayment, *, at: datetime) -> None:
    """This will ask Stripe what became of an undecided attempt, and note it.

    :raises StripeUnavailable: Stripe does not answer; nothing was noted.
    """
    if not payment.is_undecided:
        return
    intent = stripe_gateway.retrieve(payment.intent_id)
    if payment.state == RenewalPayment.State.CHALLENGED or _has_seen(intent, payment):
        note(payment, intent, at=at)
    elif outcomes.has_ended(payment, at=at):
        payment.refuse(decline_code=outcomes.NO_ANSWER, at=at)


def _has_seen(intent: Intent, payment: RenewalPayment) -> bool:
    """Whether the intent shows this attempt; of the card on file an earlier refusal looks the same.

    A question that can be framed may be an older attempt's: whoever answers it pays the same intent.
    """
    if intent.is_paid or intent.is_canceled or intent.challenge_url:
        return True
    if payment.is_on_file:
        return False
    token = payment.confirmation_token
    return intent.tried_card == token or stripe_gateway.intent_of_token(token) == intent.id


def use_another_card(renewal: UnpaidRenewal, *, at: datetime) -> None:
    """This will give up the bank's open question, so that the renewal can be tried with another card.

    Stripe is asked first: a question that was answered just now has paid.

    :raises StripeUnavailable: Stripe does not answer; nothing changed.
    """
    payment = renewal.payments.filter(state=RenewalPayment.State.CHALLENGED).first()
    if payment is not None:
        look(payment, at=at)
        if payment.state == RenewalPayment.State.CHALLENGED:
            payment.abandon(at=at)


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will look at every attempt that may take money and whose time has come, as `outcomes.sweep` does.

    It returns how many were decided.
    """
    left_open = RenewalPayment.objects.left_open(since=at - outcomes.CHALLENGE_LIFE)
    rows = (
        payment
        for payments in (RenewalPayment.objects.undecided(), left_open)
        for payment in outcomes.due(payments.select_related("renewal__membership"), at=at, limit=limit)
    )
    return one_by_one(rows, lambda payment: _look_from_afar(payment, at=at))


def _look_from_afar(payment: RenewalPayment, *, at: datetime) -> bool:
    outcomes.put_off(payment, at=at)
    try:
        if payment.state == RenewalPayment.State.ABANDONED:
            return _was_paid_after_all(payment, at=at)
        look(payment, at=at)
    except (StripeUnavailable, StripeRefused):
        return False
    if payment.state == RenewalPayment.State.CHALLENGED and at - payment.sent_at >= outcomes.CHALLENGE_LIFE:
        return payment.abandon(at=at)
    return not payment.is_undecided


def _was_paid_after_all(payment: RenewalPayment, *, at: datetime) -> bool:
    intent = stripe_gateway.retrieve(payment.intent_id)
    if intent.is_paid:
        note(payment, intent, at=at)
    return intent.is_paid
