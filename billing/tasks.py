import logging
from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import tasks as mail
from accounts.jobs import enqueue
from accounts.sweeping import one_by_one
from billing.books import balance
from billing.disputing import answers, dispute_outcomes
from billing.inbox import webhook_inbox
from billing.joining import card_change, following, notices, plan_change, price_moves, recovering
from billing.leaving import giving_back, leaving_letters
from billing.privacy import forgetting, retaining
from billing.reconciling import reconciliation
from billing.refunding import refunds, second_purchases
from billing.renting import rental_ends
from billing.settling import outcomes
from billing.withdrawing import withdrawals

logger = logging.getLogger(__name__)


@shared_task(name="billing.tasks.work_through_events")
def work_through_events() -> int:
    done = webhook_inbox.sweep(at=timezone.now())
    enqueue(mail.send_mail)
    return done


@shared_task(name="billing.tasks.sweep")
def sweep() -> int:
    now = timezone.now()
    parts: tuple[Callable[..., int], ...] = (
        *(webhook_inbox.sweep, outcomes.sweep),
        *(plan_change.sweep, following.sweep, recovering.sweep, price_moves.sweep, notices.sweep),
        *(card_change.sweep, second_purchases.give_back, refunds.sweep),
        *(withdrawals.answer_waiting, dispute_outcomes.sweep, answers.sweep),
    )
    try:
        return one_by_one(parts, lambda part: part(at=now))
    finally:
        enqueue(mail.send_mail)


@shared_task(name="billing.tasks.answer_withdrawals")
def answer_withdrawals() -> int:
    answered = withdrawals.answer_waiting(at=timezone.now())
    enqueue(mail.send_mail)
    return answered


@shared_task(name="billing.tasks.tell_rental_ends")
def tell_rental_ends() -> int:
    told = rental_ends.sweep(at=timezone.now())
    enqueue(mail.send_mail)
    return told


@shared_task(name="billing.tasks.follow_leaving")
def follow_leaving() -> int:
    """Tell who loses a film, and give back what is owed for it."""
    now = timezone.now()
    try:
        return one_by_one((leaving_letters.sweep, giving_back.sweep), lambda part: part(at=now))
    finally:
        enqueue(mail.send_mail)


@shared_task(name="billing.tasks.forget")
def forget() -> int:
    """Carry out at Stripe what was erased here."""
    return forgetting.sweep(at=timezone.now())


@shared_task(name="billing.tasks.let_go")
def let_go() -> int:
    """Let go of what names somebody and is of no use any more."""
    return sum(retaining.let_go(at=timezone.now()).values())


@shared_task(name="billing.tasks.fetch_balance")
def fetch_balance() -> int:
    return balance.fetch(at=timezone.now())


@shared_task(name="billing.tasks.reconcile")
def reconcile() -> int:
    """Compare and repair the last two days; a difference that is left is an error for somebody to look at."""
    now = timezone.now()
    since, until = now - timedelta(days=2), now - timedelta(minutes=5)
    left = 0
    for each in reconciliation.reconcile(since=since, until=until, at=now, fix=True):
        left += not each.is_repaired
        level = logging.WARNING if each.is_repaired else logging.ERROR
        logger.log(level, "the books do not agree", extra={"what": each.what, "repair": each.repair})
    enqueue(mail.send_mail)
    return left
