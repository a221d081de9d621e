"""Lets go of what names somebody and is of no use any more, each kind after the days that a setting says.

Nobody has to ask for it, and doing it again changes nothing. What the law makes us keep is not touched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from accounts import sign_in_codes
from accounts.models import ERASED, Mail, SharedCache, SignedIn, SignInCode
from billing.models import Order, Payment, Withdrawal
from billing.settling import outcomes
from videos.models import PlaybackSession

_AT_ONCE: Final = 1000
_NEVER_PAID: Final = f"never-paid@{ERASED}"
_NO_DEVICE: Final = {"player_id": "", "browser": "", "device": ""}


@dataclass(frozen=True)
class Rule:
    """What is let go of, found by an instant; `let_go` leaves none of its rows found."""

    what: str
    find: Callable[[datetime], QuerySet[Any]]
    let_go: Callable[[QuerySet[Any]], object]


def prospects(*, at: datetime) -> Iterator[tuple[str, int]]:
    """This will tell how many rows of each kind would go."""
    for rule in RULES:
        yield rule.what, rule.find(at).count()


def let_go(*, at: datetime) -> dict[str, int]:
    """This will let go of what is too old, a thousand rows in a transaction, and return how many of each."""
    return {rule.what: _carry_out(rule, at=at) for rule in RULES}


def _carry_out(rule: Rule, *, at: datetime) -> int:
    gone = 0
    while keys := list(rule.find(at).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            rows = rule.find(at).filter(pk__in=keys)
            rule.let_go(rows)
        gone += len(keys)
    return gone


def _before(setting: str, at: datetime) -> datetime:
    return at - timedelta(days=getattr(settings, setting))


def _mails(at: datetime) -> QuerySet[Mail]:
    old = Mail.objects.filter(first_sent_at__lt=_before("KEEP_MAILS_DAYS", at))
    return old.exclude(sent_at=None).exclude(context=Mail.FORGOTTEN)


def _codes(at: datetime) -> QuerySet[SignInCode]:
    return SignInCode.objects.filter(asked_at__lt=_before("KEEP_SIGN_IN_CODES_DAYS", at))


def _sessions(at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=at)


def _signed_in(at: datetime) -> QuerySet[SignedIn]:
    return SignedIn.objects.exclude(pk__in=SignedIn.objects.alive(at=at).values("pk"))


def _cached(at: datetime) -> QuerySet[SharedCache]:
    return SharedCache.objects.filter(expires__lt=at)


def _plays(at: datetime) -> QuerySet[PlaybackSession]:
    old = PlaybackSession.objects.filter(opened_at__lt=_before("KEEP_DEVICES_DAYS", at), link_until__lt=at)
    return old.exclude(**_NO_DEVICE)


def _unpaid(at: datetime) -> QuerySet[Order]:
    """Orders that nobody paid, and for which no money can come any more."""
    old = Order.objects.filter(created_at__lt=_before("KEEP_UNPAID_ORDERS_DAYS", at))
    old = old.exclude(state=Order.State.PAID).exclude(email=_NEVER_PAID)
    since = at - outcomes.CHALLENGE_LIFE
    for may_bring in (Payment.objects.undecided(), Payment.objects.left_open(since=since)):
        old = old.exclude(pk__in=may_bring.values("order"))
    return old


def _close(rows: QuerySet[Order]) -> None:
    for order in rows.select_for_update():
        order.cancel()
        if not order.is_paid:
            Order.objects.filter(pk=order.pk).update(email=_NEVER_PAID, user=None, time_zone="UTC")


def _wishes(at: datetime) -> QuerySet[Withdrawal]:
    """Those that named what there is not."""
    return Withdrawal.objects.filter(order=None, asked_at__lt=_before("KEEP_WITHDRAWAL_WISHES_DAYS", at))


RULES: Final = (
    Rule("words of mails", _mails, lambda rows: rows.update(context=Mail.FORGOTTEN, error="")),
    Rule("sign-in codes", _codes, sign_in_codes.delete),
    Rule("sessions", _sessions, lambda rows: rows.delete()),
    Rule("browsers signed in", _signed_in, lambda rows: rows.delete()),
    Rule("counters of wrong codes", _cached, lambda rows: rows.delete()),
    Rule("devices of plays", _plays, lambda rows: rows.update(**_NO_DEVICE)),
    Rule("addresses of orders never paid", _unpaid, _close),
    Rule("withdrawals from nothing", _wishes, lambda rows: rows.delete()),
)
