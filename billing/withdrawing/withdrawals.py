"""Withdrawing from a purchase by its order number and an address, whoever's browser it is.

The form only writes a wish down: what it takes is the same whatever is true, so that neither words nor time
tell who bought what. A task looks, and mails a link where both belong together.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts import mailing
from accounts.models import normalize_email
from accounts.sweeping import one_by_one
from billing.models import Order, Refund, Withdrawal
from billing.refunding import asking, refund_sentences, refunds
from billing.refunding.asking import Prospect
from billing.refunding.cases import Reason

_WINDOW: Final = timedelta(minutes=10)
_GOOD_FOR: Final = timedelta(hours=24)
_LINKS_A_DAY: Final = 5


class LinkUsed(Exception):
    """The link was used, or is not good any more. Nothing changed."""


def ask(*, reference: str, email: str, language: str, at: datetime) -> None:
    """This will write the wish down. Again within ten minutes, for the same order and address: one wish."""
    seconds = int(_WINDOW.total_seconds())
    wish = Withdrawal(
        reference="".join(reference.split()).lower()[:32],
        email=normalize_email(email),
        language=language,
        window=datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=UTC),
        asked_at=at,
    )
    Withdrawal.objects.bulk_create([wish], ignore_conflicts=True)


def answer_waiting(*, at: datetime, limit: int = 200) -> int:
    """This will mail a link for each wish whose order and address belong together; returns how many."""
    waiting = Withdrawal.objects.filter(answered_at=None).order_by("id").values_list("pk", flat=True)
    return one_by_one(waiting[:limit], lambda pk: _answer(pk, at=at))


def find(token: str, *, at: datetime) -> Withdrawal | None:
    """This will find the wish that a link stands for, used or not; None where it is not good any more: it is
    too old, or the order's mail goes to another address by now.
    """
    wishes = Withdrawal.objects.select_related("order__offer__video", "order__offer__collection")
    return wishes.filter(token_hash=_hash(token), expires_at__gt=at, email=F("order__email")).first()


def prospect(order: Order, *, at: datetime) -> Prospect:
    """This will tell what withdrawing now would bring."""
    return next(each for each in asking.prospects(order, at=at) if each.reason is Reason.CHANGED_MIND)


def consequence(order: Order, expected: Prospect) -> str:
    """This will tell what else withdrawing does."""
    if order.is_trial:
        return gettext("Your membership ends, and nothing is charged.")
    return str(refund_sentences.consequence(expected.decision)) if expected.amount_minor else ""


def withdraw(wish: Withdrawal, *, shown_minor: int, at: datetime) -> Refund | None:
    """This will withdraw: receive it on record, confirm that by mail, and give back what the rules give.

    The mail goes out whatever they give, also nothing. None where no money goes back by itself.

    :raises LinkUsed: it was used before, or is too old.
    :raises asking.Changed: what would go back is not what was shown; the link stays good.
    """
    refund = _receive(wish, shown_minor=shown_minor, at=at)
    if refund is not None:
        refunds.carry_out(refund, at=at)
    return refund


@transaction.atomic
def _receive(wish: Withdrawal, *, shown_minor: int, at: datetime) -> Refund | None:
    if not wish.claim(at=at) or wish.order is None:
        raise LinkUsed
    order, expected = wish.order, prospect(wish.order, at=at)
    _confirm(wish, order, expected, at=at)
    try:
        return asking.begin(
            order, reason=Reason.CHANGED_MIND, words="", shown_minor=shown_minor, asked_by=None, at=at
        )
    except asking.NothingToGive:
        if order.is_trial:  # there is something to end, even so
            order.membership.want_end(at=at)
        return None


@transaction.atomic
def _answer(pk: int, *, at: datetime) -> bool:
    if not Withdrawal.objects.filter(pk=pk, answered_at=None).update(answered_at=at):
        return False  # another worker answers it
    wish = Withdrawal.objects.get(pk=pk)
    order = Order.objects.filter(reference=wish.reference, email=wish.email, state=Order.State.PAID).first()
    if order is None or _has_had_enough(order, at=at):
        wish.delete()
        return False
    token = secrets.token_urlsafe(32)
    order = _paid_by(order)
    wish.order, wish.token_hash, wish.expires_at = order, _hash(token), at + _GOOD_FOR
    wish.save(update_fields=["order", "token_hash", "expires_at"])
    with translation.override(wish.language):
        link = settings.SITE_URL + reverse("billing:withdrawal", args=[token])
        context = {"title": order.offer.target.title, "reference": order.reference, "link": link}
    _put("withdrawal-link", wish, order, context)
    return True


def _paid_by(order: Order) -> Order:
    """What was paid last where the order began with free days: who withdraws from these means the whole."""
    if not order.is_trial:
        return order
    paid = Order.objects.filter(period__membership__order=order, total_minor__gt=0, state=Order.State.PAID)
    return paid.order_by("period__ends_at").last() or order


def _has_had_enough(order: Order, *, at: datetime) -> bool:
    return Withdrawal.objects.filter(order=order, asked_at__gt=at - timedelta(days=1)).count() >= _LINKS_A_DAY


def _confirm(wish: Withdrawal, order: Order, expected: Prospect, *, at: datetime) -> None:
    """On paper that lasts: what was withdrawn from, and when, to the minute."""
    decision = expected.decision
    with translation.override(wish.language):
        context = {
            "title": order.offer.target.title,
            "reference": order.reference,
            "received_at": f"{at.astimezone(ZoneInfo(order.time_zone)):%Y-%m-%d %H:%M} ({order.time_zone})",
            "sentence": refund_sentences.answer(decision, time_zone=order.time_zone),
            "rule": str(refund_sentences.rule(decision.rule)),
            "source": decision.source,
            "seller": settings.SELLER_NAME,
        }
    _put("withdrawal", wish, order, context)


def _put(template: str, wish: Withdrawal, order: Order, context: dict[str, Any]) -> None:
    cause = f"{template}:{wish.pk}:{order.reference}"
    mailing.put(cause=cause, template=template, to=order.email, language=wish.language, context=context)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
