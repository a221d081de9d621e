"""What names somebody and is of no use goes by itself, a day after it may; what is younger stays."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from accounts import mailing, sign_in_codes
from accounts.models import Mail, SignInCode
from billing.models import Order, Payment, Withdrawal
from billing.privacy import retaining
from billing.tasks import let_go
from tests.attacks import Visitor, state
from tests.privacy import dump
from tests.saboteurs import rows
from videos.models import PlaybackSession

pytestmark = pytest.mark.django_db

NAME: Final = "ada@example.com"


def _mail(at: datetime) -> None:
    sent = {"sent_at": at, "first_sent_at": at, "context": {"words": "for Ada"}}
    Mail.objects.create(cause="a", template="refund", to="x@example.com", language="en", **sent)


def _code(at: datetime) -> None:
    wish = sign_in_codes.ask(email=NAME, then="", language="en", at=at)
    Mail.objects.filter(cause__endswith=wish.nonce).update(sent_at=at, first_sent_at=at)


def _play(at: datetime) -> None:
    _made(PlaybackSession, opened_at=at, link_until=at, player_id="adas-phone")


def _unpaid(at: datetime) -> None:
    _made(Order, created_at=at, email=NAME)


def _canceled(at: datetime) -> None:
    _made(Order, created_at=at, email=NAME, state="canceled")


def _wish(at: datetime) -> None:
    _made(Withdrawal, asked_at=at, email=NAME)


KINDS: Final[list[tuple[Callable[[datetime], None], str, str]]] = [
    (_mail, "KEEP_MAILS_DAYS", "for Ada"),
    (_code, "KEEP_SIGN_IN_CODES_DAYS", NAME),
    (_play, "KEEP_DEVICES_DAYS", "adas-phone"),
    (_unpaid, "KEEP_UNPAID_ORDERS_DAYS", NAME),
    (_canceled, "KEEP_UNPAID_ORDERS_DAYS", NAME),
    (_wish, "KEEP_WITHDRAWAL_WISHES_DAYS", NAME),
]


@pytest.mark.parametrize(("make", "setting", "name"), KINDS)
def test_it_goes_after_its_days_and_not_before(
    make: Callable[[datetime], None], setting: str, name: str
) -> None:
    days, now = getattr(settings, setting), timezone.now()
    make(now - timedelta(days=days, hours=-1))
    retaining.let_go(at=now)
    assert dump.naming(name)

    retaining.let_go(at=now + timedelta(hours=2))

    assert dump.naming(name) == []
    before = state()
    assert sum(retaining.let_go(at=now + timedelta(hours=2)).values()) == 0
    assert state() == before


def test_a_paid_order_and_one_that_money_may_come_for_stay() -> None:
    now = timezone.now()
    old = {"created_at": now - timedelta(days=400), "email": NAME}
    _made(Order, **old, state="paid", paid_at=now, intent_id="pi_1", receipt_number=1)
    asked = _made(Order, **old)
    _made(Payment, order=asked, state="challenged", challenge_url="https://bank.example")

    retaining.let_go(at=now)

    assert Order.objects.filter(email=NAME).count() == 2
    assert Order.objects.get(pk=asked.pk).state == "open"


def test_sessions_that_are_over_go_with_who_they_signed_in() -> None:
    _code(timezone.now())
    visitor = Visitor()
    visitor.post_form("/account/sign-in/", email=NAME)
    before = Session.objects.count()

    retaining.let_go(at=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 60))

    assert before
    assert not Session.objects.exists()
    assert not SignInCode.objects.exists()


def test_a_mail_without_its_words_is_not_sent_again() -> None:
    _mail(timezone.now() - timedelta(days=400))
    let_go()

    mail = Mail.objects.get()

    assert not mailing.send_again(mail, at=timezone.now())
    assert Mail.objects.get().sent_at == mail.sent_at


def test_a_dry_run_counts_and_changes_nothing() -> None:
    for make, setting, _name in KINDS:
        make(timezone.now() - timedelta(days=getattr(settings, setting) + 1))
    before, told = state(), io.StringIO()

    call_command("forget_old", dry_run=True, stdout=told)

    assert state() == before
    assert "2 addresses of orders never paid" in told.getvalue()
    call_command("forget_old", stdout=told)
    assert dump.naming(NAME, "adas-phone", "for Ada") == []


def _made(model: type[Any], **fields: Any) -> Any:
    row = rows.fresh(model)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row
