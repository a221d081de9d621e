"""Another card for a membership: put on file with the bank's question in the page, then charged from now on.

No money moves. A try has succeeded once Stripe was told to charge the card; the one before is forgotten then.
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
from billing.joining import following, member_letters
from billing.models import CardChange, CardOnFile, Membership, RenewalPayment
from billing.settling import outcomes
from billing.stripe import stripe_gateway, stripe_setups, stripe_subscriptions
from billing.stripe.intents import Intent, OutcomeUnknown, StripeRefused, StripeUnavailable

logger = logging.getLogger(__name__)

# Why a card is not charged that Stripe has put on file.
MEMBERSHIP_OVER: Final = "membership_over"
_MOST_A_DAY: Final = 10


class Over(Exception):
    """The membership has ended, or is being ended: no card is charged for it any more."""


class PaymentUnderWay(Exception):
    """A renewal or another plan is being paid just now, whose card may stay on file: that comes first."""


class TooMany(Exception):
    """So many cards were tried since yesterday that nobody tries his own."""


def change(membership: Membership, *, confirmation_token: str, at: datetime) -> CardChange:
    """This will let a membership be charged to the card behind the token, and return the try as it stands.

    One that is under way is returned instead, and so is the one that this very card entry began.

    :raises Over, PaymentUnderWay, TooMany, CardEntryUsed: see each; nothing changed.
    :raises selling.ReadOnly: the shop takes no wishes just now.
    :raises StripeUnavailable: Stripe does not answer; nothing changed.
    """
    selling.check_wishes()
    begun, is_new = _begin(membership, confirmation_token, at=at)
    if is_new:
        _carry_out(begun, at=at)
    return begun


@transaction.atomic
def _begin(membership: Membership, confirmation_token: str, *, at: datetime) -> tuple[CardChange, bool]:
    """Write the try down before Stripe hears of it; returns it, and whether it is to be carried out."""
    now = Membership.objects.select_for_update(of=("self",)).select_related("order").get(pk=membership.pk)
    if not now.is_living or now.end_wanted_at is not None:
        raise Over
    tries = _tries(now)
    for each in tries:
        if each.is_undecided or each.confirmation_token == confirmation_token:
            return each, False
    if _is_being_paid(now):
        raise PaymentUnderWay
    if sum(each.sent_at > at - timedelta(days=1) for each in tries) >= _MOST_A_DAY:
        raise TooMany
    card = CardOnFile.objects.filter(membership=now).first()
    number = len(tries) + 1
    try:
        with transaction.atomic():
            begun = CardChange.objects.create(
                membership=now,
                number=number,
                idempotency_key=f"{now.order.reference}-card-{number}",
                confirmation_token=confirmation_token,
                replaces=card.payment_method_id if card else "",
                sent_at=at,
            )
    except IntegrityError as error:
        faster = CardChange.objects.of(now).undecided().first()
        if faster is None:
            raise CardEntryUsed from error
        return faster, False
    return begun, True


def _is_being_paid(membership: Membership) -> bool:
    """The card that pays becomes the one on file at Stripe: it must not be forgotten meanwhile."""
    renewals = RenewalPayment.objects.undecided().filter(renewal__membership=membership)
    return renewals.exists() or membership.plan_changes.under_way().exists()


def _tries(membership: Membership) -> list[CardChange]:
    return list(CardChange.objects.of(membership))


def _carry_out(begun: CardChange, *, at: datetime) -> None:
    """Ask Stripe, outside any transaction, and note what came of it."""
    try:
        intent = stripe_setups.put_on_file(
            begun,
            customer_id=begun.membership.customer_id or "",
            return_url=settings.SITE_URL + reverse("billing:return"),
        )
    except OutcomeUnknown as error:
        outcomes.note_no_answer(begun, is_over=error.is_over, at=at)
    except StripeUnavailable:
        begun.refuse(decline_code=outcomes.NO_ANSWER, at=at)
        raise
    except StripeRefused as error:
        logger.error("Stripe refused a card", extra={"code": error.code})
        begun.refuse(decline_code=error.code, at=at)
    else:
        note(begun, intent, at=at)


def note(begun: CardChange, intent: Intent, *, at: datetime) -> None:
    """This will write down what the intent says of this try, and let the card be charged if it is on file.

    Where Stripe does not answer to that, the try stays open for the next look.
    """
    CardChange.objects.filter(pk=begun.pk, intent_id="").update(intent_id=intent.id)
    if not intent.is_paid:
        outcomes.note_undone(begun, intent, at=at)
        return
    try:
        _put_to_use(begun, intent.tried_card, at=at)
    except (StripeUnavailable, OutcomeUnknown):
        outcomes.note_no_answer(begun, is_over=True, at=at)
        return
    except StripeRefused as error:  # it has ended meanwhile
        logger.warning("a card that is not charged any more", extra={"code": error.code})
        begun.refuse(decline_code=MEMBERSHIP_OVER, intent_id=intent.id, at=at)
        return
    _succeed(begun, intent, at=at)


def _put_to_use(begun: CardChange, card: str, *, at: datetime) -> None:
    """Each step again changes nothing. The old card goes last, so that there is always one to be charged."""
    membership = begun.membership
    stripe_subscriptions.charge_to(membership.subscription_id or "", card)
    if begun.replaces and begun.replaces != card:
        with suppress(StripeRefused):  # it was forgotten before
            stripe_setups.forget(begun.replaces)
    following.look(membership, at=at)


@transaction.atomic
def _succeed(begun: CardChange, intent: Intent, *, at: datetime) -> None:
    if begun.succeed(intent_id=intent.id, at=at):
        member_letters.confirm_card(begun.membership, number=begun.number)


def look(begun: CardChange, *, at: datetime) -> None:
    """This will ask Stripe what became of an undecided try, and note it.

    :raises StripeUnavailable: Stripe does not answer; nothing was noted.
    """
    if not begun.is_undecided:
        return
    intent_id = begun.intent_id or stripe_gateway.intent_of_token(begun.confirmation_token)
    if intent_id:
        note(begun, stripe_setups.retrieve(intent_id), at=at)
    elif outcomes.has_ended(begun, at=at):
        begun.refuse(decline_code=outcomes.NO_ANSWER, at=at)


def hear(intent: Intent, *, at: datetime) -> str:
    """This will act on an intent that puts a card on file, and return in a word or two what became of its
    try, which may not know its intent yet: the answer that names it got lost.
    """
    tries = CardChange.objects.select_related("membership__order")
    begun = tries.filter(idempotency_key=intent.change_key).first()
    if begun is None:
        return "not a card of ours"
    if begun.is_undecided:
        note(begun, intent, at=at)
    return str(begun.state)


def use_another_card(membership: Membership, *, at: datetime) -> None:
    """This will give up the bank's open question. One that was answered just now has put the card on file.

    :raises StripeUnavailable: Stripe does not answer; nothing changed.
    """
    begun = CardChange.objects.of(membership).filter(state=CardChange.State.CHALLENGED).first()
    if begun is not None:
        look(begun, at=at)
        if begun.state == CardChange.State.CHALLENGED:
            begun.abandon(at=at)


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will look at every undecided try whose time has come, and return how many were decided.

    A question that was given up may still be answered; the card is then on file at Stripe and never charged.
    """
    undecided = CardChange.objects.undecided().select_related("membership__order")
    due = outcomes.due(undecided, at=at, limit=limit)
    return one_by_one(due, lambda begun: _look_from_afar(begun, at=at))


def _look_from_afar(begun: CardChange, *, at: datetime) -> bool:
    outcomes.put_off(begun, at=at)
    try:
        look(begun, at=at)
    except (StripeUnavailable, StripeRefused):
        return False
    if begun.state == CardChange.State.CHALLENGED and at - begun.sent_at >= outcomes.CHALLENGE_LIFE:
        return begun.abandon(at=at)
    return not begun.is_undecided
