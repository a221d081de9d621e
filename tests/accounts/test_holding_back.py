"""Codes asked for by the thousand: strangers get few mails, customers all of theirs, and nobody is told."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from pytest_django import Settings

from accounts import holding_back, mailing, sign_in_codes
from accounts.models import Mail, SignInCode, User
from tests import signing_in
from tests.attacks import Visitor, without_nonces
from tests.statements import counted

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    settings.SIGN_IN_STRANGERS_AN_HOUR = 3


def test_strangers_share_a_few_mails_and_customers_get_theirs(ada: User) -> None:
    mailing.put(cause="receipt:1", template="receipt", to="buyer@example.com", language="en", context={})
    _ask(*(f"stranger-{number}@example.com" for number in range(6)), "buyer@example.com", ada.email)

    assert holding_back.hold_back(at=NOON) == 3

    assert _waiting() == [
        *("ada@example.com", "buyer@example.com"),
        *("stranger-0@example.com", "stranger-1@example.com", "stranger-2@example.com"),
    ]
    assert holding_back.hold_back(at=NOON) == 0


def test_what_went_out_lately_counts_and_what_was_held_back_does_not() -> None:
    _ask("a@example.com", "b@example.com")
    Mail.objects.update(sent_at=NOON)
    _ask("c@example.com", "d@example.com")
    assert holding_back.hold_back(at=NOON) == 1

    later = NOON + timedelta(hours=1, seconds=1)
    _ask("e@example.com", "f@example.com", at=later)

    assert holding_back.hold_back(at=later) == 0
    assert set(SignInCode.objects.filter(turn=None).values_list("email", flat=True)) == {"d@example.com"}


def test_who_is_held_back_sees_what_everybody_sees() -> None:
    pages = []
    for email in ("a@example.com", "b@example.com", "c@example.com", "d@example.com"):
        visitor = Visitor()
        signing_in.ask(visitor, email)
        holding_back.hold_back(at=NOON)
        page = without_nonces(visitor.get(signing_in.SIGN_IN))
        pages.append(page.replace(email.encode(), b"-"))

    assert len(set(pages)) == 1
    assert len(_waiting()) == 3


def test_a_mail_that_is_being_sent_is_left_alone() -> None:
    _ask(*(f"stranger-{number}@example.com" for number in range(5)))
    Mail.objects.filter(to="stranger-4@example.com").update(claimed_until=NOON + timedelta(minutes=2))

    holding_back.hold_back(at=NOON)

    assert "stranger-4@example.com" in _waiting()


def test_an_hour_of_nothing_costs_one_statement(ada: User) -> None:
    with counted() as sql:
        holding_back.hold_back(at=NOON)

    assert len([each for each in sql if "SAVEPOINT" not in str(each)]) == 1


def _ask(*emails: str, at: datetime = NOON) -> None:
    for email in emails:
        sign_in_codes.ask(email=email, then="", language="en", at=at)


def _waiting() -> list[str]:
    waiting = Mail.objects.filter(template="sign-in", sent_at=None)
    return sorted(waiting.values_list("to", flat=True))
