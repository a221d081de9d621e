"""Mails: one per cause, sent once, waiting while no server is there, in the reader's language."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from pytest_django import Settings

from accounts import mailing
from accounts.models import Mail
from tests.sandbox_client import World
from tests.services import free_port

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
RECEIPT: Final = {
    "reference": "a" * 32,
    "title": "Salt & Pepper <1>",
    "offer": "own",
    "total_text": "₩9,900",
    "paid_at": "2026-07-01T21:00:00+09:00",
    "order_url": "http://localhost/orders/" + "a" * 32,
    "watch_url": "http://localhost/videos/salt/",
    "poster": "http://localhost/media/posters/salt.svg",
    "seller": "Matinee Ltd",
}
LINK: Final = {"title": "Salt & Pepper <1>", "checkout_url": "http://localhost/checkout/videos/salt/"}


class Picky:
    """A mail server that refuses recipients while it is cross."""

    def __init__(self) -> None:
        self.is_cross = True
        self.answer = "450 try again later"
        self.taken: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.is_cross:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope.content)
        return "250 OK"


@pytest.fixture
def picky(settings: Settings) -> Iterator[Picky]:
    server = Picky()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield server
    controller.stop()


class Rude:
    """A mail server that takes a mail and hangs up instead of saying so."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        server.transport.close()
        return "250 OK"


@pytest.fixture
def rude(settings: Settings) -> Iterator[Controller]:
    controller = Controller(Rude(), hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield controller
    controller.stop()


@pytest.fixture
def to() -> str:
    return f"ada-{secrets.token_hex(4)}@example.com"


def test_one_cause_is_one_mail(world: World, to: str) -> None:
    put(to)
    put(to)
    put(to, template="checkout-link", context=LINK)

    assert mailing.send_waiting(at=NOON) == 1
    put(to)
    assert mailing.send_waiting(at=NOON + timedelta(days=1)) == 0

    assert len(world.sandbox.mail(to)) == 1
    assert Mail.objects.get().sent_at == NOON


def test_a_mail_is_caused_or_not_together_with_what_it_tells(to: str) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put(to)
        1 / 0  # noqa: B018

    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    "language, subject, words",
    [
        ("en", "Your receipt: Salt & Pepper <1>, ₩9,900", "is ready to watch."),
        ("ko", "Salt & Pepper <1>", "영수증"),
    ],
)
def test_a_receipt_says_all_in_both_its_forms(
    world: World, to: str, language: str, subject: str, words: str
) -> None:
    put(to, language=language)
    mailing.send_waiting(at=NOON)

    mail = world.sandbox.mail(to)[0]
    assert subject in mail["subject"]
    assert words in mail["subject"] + mail["text"]
    assert f'lang="{language}"' in mail["html"]
    for form in (mail["text"], mail["html"]):
        assert all(fact in form for fact in ("₩9,900", "2026-07-01", "Matinee Ltd", RECEIPT["order_url"]))
        assert RECEIPT["watch_url"] in form
    assert "Salt & Pepper <1>" in mail["text"]
    assert "Salt &amp; Pepper &lt;1&gt;" in mail["html"]


@pytest.mark.parametrize("language, words", [("en", "Nothing was charged."), ("ko", "결제")])
def test_a_checkout_s_link_says_that_nothing_was_charged(
    world: World, to: str, language: str, words: str
) -> None:
    put(to, template="checkout-link", language=language, context=LINK)
    mailing.send_waiting(at=NOON)

    mail = world.sandbox.mail(to)[0]
    assert "Salt & Pepper <1>" in mail["subject"]
    for form in (mail["text"], mail["html"]):
        assert words in form
        assert LINK["checkout_url"] in form


def test_a_subject_is_one_line(world: World, to: str) -> None:
    copied = f"bo-{secrets.token_hex(4)}@example.com"
    put(to, context=RECEIPT | {"title": f"Salt\r\nBcc: {copied}"})
    mailing.send_waiting(at=NOON)

    mail = world.sandbox.mail(to)[0]
    assert f"Salt Bcc: {copied}" in mail["subject"]
    assert not world.sandbox.mail(copied)


def test_mails_wait_while_no_server_is_there(world: World, to: str, settings: Settings) -> None:
    put(to)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()

    for minute in range(20):
        assert mailing.send_waiting(at=NOON + timedelta(minutes=minute)) == 0
    settings.EMAIL_PORT = port

    assert Mail.objects.get().attempts == 0
    assert mailing.send_waiting(at=NOON + timedelta(minutes=20)) == 1
    assert len(world.sandbox.mail(to)) == 1


def test_a_refused_mail_is_tried_with_growing_gaps_and_under_one_name(picky: Picky, to: str) -> None:
    put(to)
    tried: list[int] = []
    for second in range(0, 200, 5):
        before = Mail.objects.get().attempts
        mailing.send_waiting(at=NOON + timedelta(seconds=second))
        if Mail.objects.get().attempts > before:
            tried.append(second)
    assert tried == [0, 20, 60, 140]
    assert Mail.objects.get().error == "SMTPRecipientsRefused 450"

    picky.is_cross = False
    assert mailing.send_waiting(at=NOON + timedelta(hours=1)) == 1

    mail = Mail.objects.get()
    assert (mail.attempts, mail.error) == (5, "")
    assert f"Message-ID: {mailing.make_msgid_for(mail)}".encode() in picky.taken[0]
    assert mailing.make_msgid_for(mail).endswith("@localhost>")


def test_a_mail_is_given_up_after_twelve_times(picky: Picky, to: str) -> None:
    put(to)

    for day in range(30):
        mailing.send_waiting(at=NOON + timedelta(days=day))

    assert Mail.objects.get().attempts == 12


def test_a_mail_sent_twice_carries_one_name(picky: Picky, to: str) -> None:
    picky.is_cross = False
    put(to)

    mailing.send_waiting(at=NOON)
    mailing.send_again(Mail.objects.get(), at=NOON + timedelta(days=1))

    names = {line for taken in picky.taken for line in taken.splitlines() if line.startswith(b"Message-ID")}
    assert len(picky.taken) == 2
    assert len(names) == 1


def test_an_address_that_cannot_be_written_holds_up_no_other(world: World, to: str) -> None:
    put("a@" + "가" * 63 + ".com", cause="poison")
    put(to)

    assert mailing.send_waiting(at=NOON) == 1
    assert len(world.sandbox.mail(to)) == 1
    assert Mail.objects.get(cause="poison").error


def test_a_mail_under_way_is_left_alone(world: World, to: str) -> None:
    """Its worker may be sending it; should it have died, another takes over after two minutes."""
    put(to)
    Mail.objects.update(claimed_until=NOON + timedelta(minutes=2), attempts=1)

    assert mailing.send_waiting(at=NOON + timedelta(minutes=1)) == 0
    assert mailing.send_waiting(at=NOON + timedelta(minutes=2)) == 1


def test_a_mail_whose_worker_died_goes_out_again_and_says_so(world: World, to: str) -> None:
    """Whether the server had said yes, nobody knows. Both would carry one name."""
    put(to)
    Mail.objects.update(claimed_until=NOON, attempts=1)

    assert mailing.send_waiting(at=NOON) == 1

    assert Mail.objects.get().may_be_twice
    assert len(world.sandbox.mail(to)) == 1


def test_a_mail_that_was_refused_does_not_say_so(picky: Picky, to: str) -> None:
    put(to)
    mailing.send_waiting(at=NOON)
    picky.is_cross = False

    assert mailing.send_waiting(at=NOON + timedelta(hours=1)) == 1
    assert not Mail.objects.get().may_be_twice


def test_a_connection_lost_with_the_mail_under_way_ends_the_round(rude: Controller, to: str) -> None:
    """The first is in doubt; the others are at no fault, and wait for the next round."""
    put(to, cause="receipt:1")
    put(to, cause="receipt:2")

    assert mailing.send_waiting(at=NOON) == 0

    first, second = Mail.objects.order_by("cause")
    assert (first.attempts, first.may_be_twice) == (1, True)
    assert (second.attempts, second.may_be_twice) == (0, False)


def put(to: str, *, cause: str = "receipt:1", template: str = "receipt", **given: Any) -> None:
    mailing.put(
        **{"cause": cause, "template": template, "to": to, "language": "en", "context": RECEIPT} | given
    )
