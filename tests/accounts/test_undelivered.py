"""Addresses that mail does not reach: who is at fault, what ends, and what takes an address off the list."""

import io
import secrets
import smtplib
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Final

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts import bounce_delivery, bounces, mailing, undelivered
from accounts.models import Mail, Undeliverable, User
from tests import office
from tests.accounts.test_mailing import Picky, picky, put
from tests.attacks import Answer, Visitor, assert_refused
from tests.sandbox_client import World
from tests.statements import counted

pytestmark = pytest.mark.django_db

__all__ = ["picky"]
NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def to() -> str:
    return f"ada-{secrets.token_hex(4)}@example.com"


@pytest.mark.parametrize(
    "answer, is_final",
    [
        ("550 no such person", True),
        ("550 5.1.1 no such person", True),
        ("552 5.2.2 mailbox full", True),
        ("553 who is that", True),
        ("550 5.7.1 relaying denied", False),
        ("554 5.7.1 your address is on a list", False),
        ("554 no", False),
        ("450 4.2.1 try again later", False),
        ("451 4.7.1 greylisted", False),
    ],
)
def test_whose_fault_a_refusal_is(answer: str, is_final: bool) -> None:
    code, _space, said = answer.partition(" ")
    error = smtplib.SMTPRecipientsRefused({"ada@example.com": (int(code), said.encode())})

    found = undelivered.refusal(error)

    assert found is not None
    assert found.is_final == is_final


def test_another_trouble_is_no_refusal() -> None:
    assert undelivered.refusal(smtplib.SMTPDataError(552, b"too much")) is None
    assert undelivered.refusal(TimeoutError()) is None


def test_a_mail_refused_for_good_is_given_up_and_its_address_noted(picky: Picky, to: str) -> None:
    picky.answer = "550 5.1.1 no such person"
    put(to)

    for day in range(3):
        mailing.send_waiting(at=NOON + timedelta(days=day))

    mail = Mail.objects.get()
    assert (mail.attempts, mail.given_up_at) == (1, NOON)
    assert mail.error == "SMTPRecipientsRefused 550 5.1.1"
    noted = Undeliverable.objects.get()
    assert (noted.address, noted.told, noted.code, noted.since) == (to, "refused", "550 5.1.1", NOON)


def test_a_mail_put_off_is_tried_twelve_times_and_then_its_address_is_noted(picky: Picky, to: str) -> None:
    picky.answer = "450 4.2.1 later"
    put(to)

    for day in range(11):
        mailing.send_waiting(at=NOON + timedelta(days=day))
    assert not Undeliverable.objects.exists()
    for day in range(11, 20):
        mailing.send_waiting(at=NOON + timedelta(days=day))

    mail = Mail.objects.get()
    assert (mail.attempts, mail.given_up_at) == (12, NOON + timedelta(days=11))
    assert Undeliverable.objects.get().told == "tried"


def test_what_gets_through_takes_an_address_off_the_list(picky: Picky, to: str) -> None:
    picky.answer = "550 5.1.1 no such person"
    put(to)
    mailing.send_waiting(at=NOON)
    picky.is_cross = False
    put(to, cause="receipt:2")

    mailing.send_waiting(at=NOON)

    assert not undelivered.is_known(to)


def test_a_server_that_takes_mail_in_proves_nothing_about_what_came_back(picky: Picky, to: str) -> None:
    undelivered.note(to, told=Undeliverable.Told.REPORTED, code="5.1.1", at=NOON)
    picky.is_cross = False
    put(to)

    mailing.send_waiting(at=NOON)

    assert undelivered.is_known(to.upper())


def test_a_report_is_believed_that_quotes_our_mail_to_that_address(picky: Picky, to: str) -> None:
    picky.is_cross = False
    put(to)
    mailing.send_waiting(at=NOON)
    mail = Mail.objects.get()

    assert bounces.hear(_report(to, mailing.make_msgid_for(mail)), at=NOON) == 1
    assert bounces.hear(_report(to, mailing.make_msgid_for(mail)), at=NOON + timedelta(days=1)) == 1

    assert (Undeliverable.objects.get().told, Undeliverable.objects.get().since) == ("reported", NOON)
    mail.refresh_from_db()
    assert mail.error == "bounced 5.1.1"


def test_the_sandbox_has_a_mailbox_that_is_not_there(world: World) -> None:
    put("nosuchbox@example.com")

    assert mailing.send_waiting(at=NOON) == 0

    assert Mail.objects.get().given_up_at == NOON
    assert Undeliverable.objects.get().code == "550 5.1.1"
    assert world.sandbox.mail("nosuchbox@") == []


def test_a_signed_report_may_come_by_web(
    picky: Picky, to: str, settings: Settings, subtests: pytest.Subtests
) -> None:
    settings.BOUNCE_WEBHOOK_SECRETS = ["newer", "older"]
    picky.is_cross = False
    put(to)
    mailing.send_waiting(at=NOON)
    report, now = _report(to, mailing.make_msgid_for(Mail.objects.get())), timezone.now()
    good = bounce_delivery.sign(report, "older", at=now)

    attacks = {
        "no signature": (report, ""),
        "another's signature": (report, bounce_delivery.sign(report, "mine", at=now)),
        "of another report": (report + b"x", good),
        "an older time": (report, good.replace("t=", "t=1")),
        "another digest": (report + b"x", bounce_delivery.sign(report + b"x", "mine", at=now)),
        "too old": (report, bounce_delivery.sign(report, "newer", at=now - timedelta(minutes=6))),
        "too early": (report, bounce_delivery.sign(report, "newer", at=now + timedelta(minutes=6))),
        "no report": (b"\xff\x00", bounce_delivery.sign(b"\xff\x00", "newer", at=now)),
        "too long": (b"x" * (bounce_delivery.LONGEST_BYTES + 1), good),
        "no time": (report, "t=soon,v1=ab"),
    }
    assert_refused(
        subtests,
        {what: partial(_posted, *sent) for what, sent in attacks.items()},
        honest=partial(_posted, report, good),
    )
    assert _posted(report, good).status_code == 200

    assert Undeliverable.objects.get().told == "reported"


def test_a_flood_of_forged_reports_costs_one_line_and_keeps_nobody_out(
    picky: Picky, to: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BOUNCE_WEBHOOK_SECRETS, at = ["ours"], NOON + timedelta(days=1)  # of no other test
    picky.is_cross = False
    put(to)
    mailing.send_waiting(at=NOON)
    report = _report(to, mailing.make_msgid_for(Mail.objects.get()))
    forged, good = (bounce_delivery.sign(report, secret, at=at) for secret in ("theirs", "ours"))

    with counted() as statements:
        for _ in range(300):
            with pytest.raises(bounce_delivery.BadDelivery):
                bounce_delivery.receive(_unread, forged, at=at)
    with pytest.raises(bounce_delivery.BadDelivery):
        bounce_delivery.receive(io.BytesIO(report + b"x").read, good, at=at)

    assert (statements, Undeliverable.objects.count()) == ([], 0)
    assert [line.getMessage() for line in caplog.records if "forged" in line.getMessage()] == [
        "forged bounce reports are refused"
    ]
    assert bounce_delivery.receive(io.BytesIO(report).read, good, at=at) == 1


def test_a_report_that_is_sent_on_and_on_keeps_no_other_out(settings: Settings) -> None:
    settings.BOUNCE_WEBHOOK_SECRETS = ["ours"]
    reports = [_report("ada@example.com", f"<mail-{number}-1@localhost>") for number in range(2)]
    first, second = (bounce_delivery.sign(report, "ours", at=timezone.now()) for report in reports)

    answers = [_posted(reports[0], first) for _ in range(11)]  # of which ten minutes hold six, whenever

    assert {answer.status_code for answer in answers} == {200, 429}
    assert {answer.headers.get("Retry-After", "") for answer in answers} == {"", "600"}
    assert _posted(reports[1], second).status_code == 200


def test_a_secret_that_got_out_brings_in_a_thousand_reports_and_then_waits(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BOUNCE_WEBHOOK_SECRETS = ["out", "ours"]

    def send(number: int, secret: str, at: datetime = NOON) -> None:
        body = str(number).encode()
        bounce_delivery.receive(io.BytesIO(body).read, bounce_delivery.sign(body, secret, at=at), at=at)

    for number in range(1000):
        with pytest.raises(bounce_delivery.BadDelivery, match="no report"):
            send(number, "out")
    for _again in "ab":
        for number in (1000, 1001):
            with pytest.raises(bounce_delivery.TooMany):
                send(number, "out")

    assert [line.getMessage() for line in caplog.records] == ["no more bounce reports for now"]
    for secret, at in (("ours", NOON), ("out", NOON + timedelta(minutes=10))):
        with pytest.raises(bounce_delivery.BadDelivery, match="no report"):
            send(1001, secret, at)


def test_without_a_secret_no_report_comes_by_web() -> None:
    report = _report("ada@example.com", "<mail-1-1@localhost>")

    assert _posted(report, bounce_delivery.sign(report, "", at=timezone.now())).status_code == 400


@pytest.mark.parametrize(
    "what",
    [
        *("other address", "made up id", "no id", "delayed", "policy", "no report"),
        *("a code that never ends", "parts in parts"),
    ],
)
def test_another_report_is_not(picky: Picky, to: str, what: str) -> None:
    picky.is_cross = False
    put(to)
    mailing.send_waiting(at=NOON)
    ours = mailing.make_msgid_for(Mail.objects.get())
    reports = {
        "other address": _report("bo@example.com", ours),
        "made up id": _report(to, f"<mail-{Mail.objects.get().pk}-1@localhost>"),
        "no id": _report(to, "<hello@elsewhere>"),
        "delayed": _report(to, ours, action="delayed", status="4.2.1"),
        "policy": _report(to, ours, status="5.7.1"),
        "no report": b"Subject: hello\r\n\r\nYou are great.",
        "a code that never ends": _report(to, ours, status=f"5.1.{'1' * 300}"),
        "parts in parts": _nested(_report(to, ours)),
    }

    assert bounces.is_report(reports[what]) is (what not in ("no report", "parts in parts"))
    assert bounces.hear(reports[what], at=NOON) == 0

    assert not Undeliverable.objects.exists()


def test_the_command_reads_a_report_or_takes_ones_word(
    picky: Picky, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    picky.is_cross = False
    put(to)
    mailing.send_waiting(at=NOON)
    report = _report(to, mailing.make_msgid_for(Mail.objects.get()))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(report)))

    call_command("note_bounce", stdout=io.StringIO())
    call_command("note_bounce", address="Bo@example.com", stdout=io.StringIO())

    assert set(Undeliverable.objects.values_list("address", flat=True)) == {to, "bo@example.com"}


def test_the_office_lists_them_and_takes_one_off(cho: User, to: str) -> None:
    undelivered.note(to, told=Undeliverable.Told.REPORTED, code="5.1.1", at=NOON)
    browser = office.signed_in(cho)
    short = office.statements(browser, office.page(Undeliverable))
    for number in range(40):
        undelivered.note(f"{number}@example.com", told=Undeliverable.Told.TRIED, code="450", at=NOON)

    long = office.statements(browser, office.page(Undeliverable))
    office.act(browser, "forget", Undeliverable.objects.get(address=to))

    assert len(long) == len(short) <= 4
    assert not undelivered.is_known(to)


def _unread(size: int) -> bytes:
    raise AssertionError("a stranger's report was read")


def _posted(body: bytes, signature: str) -> Answer:
    visitor = Visitor()
    return visitor.client.generic(
        "POST",
        "/webhooks/mail/",
        body,
        content_type="message/rfc822",
        headers={"Matinee-Signature": signature},
    )


def _nested(report: bytes) -> bytes:
    """Within more parts than any mail server makes."""
    heads = [f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2000)]
    return "".join(heads).encode() + report


def _report(address: str, message_id: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    return f"""From: MAILER-DAEMON@example.com
To: help@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {address}

--b--
""".replace("\n", "\r\n").encode()
