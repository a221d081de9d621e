"""People, the outbox and the record of what staff did."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from accounts import mailing
from accounts.models import Mail, User
from tests import office
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db


def _mail(cause: str = "receipt:1") -> Mail:
    context = {"title": "Noon", "checkout_url": "http://localhost/checkout/videos/noon/"}
    mailing.put(cause=cause, template="checkout-link", to="ada@example.com", language="en", context=context)
    return Mail.objects.get(cause=cause)


def _people(count: int) -> None:
    User.objects.bulk_create(User(email=f"viewer-{number}@example.com") for number in range(count))


def _mails(count: int) -> None:
    for number in range(count):
        _mail(f"receipt:{number}")


def _log(count: int) -> None:
    LogEntry.objects.bulk_create(
        LogEntry(
            user=User.objects.get(email="cho@example.com"),
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(number),
            object_repr="somebody",
            action_flag=2,
        )
        for number in range(count)
    )


@pytest.mark.parametrize("model, fill", [(User, _people), (Mail, _mails), (LogEntry, _log)])
def test_a_list_costs_the_same_however_long_it_is(
    cho: User, model: type[Model], fill: Callable[[int], None]
) -> None:
    browser = office.signed_in(cho)
    fill(5)
    short = office.statements(browser, office.page(model))
    model._default_manager.exclude(pk=cho.pk).delete()
    fill(60)

    long = office.statements(browser, office.page(model))

    assert len(long) == len(short) <= 4
    assert not any("COUNT(" in sql for sql in long)


def test_a_person_is_found_by_the_beginning_of_the_address(cho: User, ada: User, bo: User) -> None:
    found = office.text(office.signed_in(cho).get(office.page(User), {"q": "ADA@"}))

    assert "ada@example.com" in found
    assert "bo@example.com" not in found


def test_the_outbox_is_filtered_by_what_became_of_a_mail(cho: User) -> None:
    now, browser = timezone.now(), office.signed_in(cho)
    became: dict[str, dict[str, object]] = {
        "new": {},
        "refused": {"error": "SMTPDataError 451"},
        "hopeless": {"error": "SMTPDataError 550", "given_up_at": now},
        "gone": {"sent_at": now},
        "doubtful": {"sent_at": now, "may_be_twice": True},
    }
    for cause, fields in became.items():
        Mail.objects.filter(pk=_mail(cause).pk).update(**fields)

    def shown(state: str) -> set[str]:
        listed = browser.get(office.page(Mail), {"state": state}).context["cl"].result_list
        return {mail.cause for mail in listed}

    assert shown("waiting") == {"new", "refused", "hopeless"}
    assert shown("failing") == {"refused", "hopeless"}
    assert shown("given-up") == {"hopeless"}
    assert shown("sent") == {"gone", "doubtful"}
    assert shown("twice") == {"doubtful"}


def test_nobody_deletes_people_or_mails(cho: User, ada: User) -> None:
    browser = office.signed_in(cho)

    assert browser.post(office.page(User, "delete", ada.pk), {"post": "yes"}).status_code == 403
    assert browser.post(office.page(Mail, "delete", _mail().pk), {"post": "yes"}).status_code == 403


def test_the_outbox_shows_what_has_come_to_each_mail(cho: User) -> None:
    now, fates = timezone.now(), ("waiting", "failing", "given-up", "sent", "twice")
    for fate in fates:
        _mail(fate)
    Mail.objects.update(to=Concat("cause", Value("@example.com")))
    Mail.objects.filter(cause__in=["failing", "given-up"]).update(error="ConnectionRefusedError")
    Mail.objects.filter(cause="given-up").update(given_up_at=now)
    Mail.objects.filter(cause__in=["sent", "twice"]).update(sent_at=now, first_sent_at=now)
    Mail.objects.filter(cause="twice").update(may_be_twice=True)
    browser = office.signed_in(cho)

    shown = {}
    for state in fates:
        page = office.text(browser.get(office.page(Mail), {"state": state}))
        shown[state] = [fate for fate in fates if f"{fate}@example.com" in page]

    assert shown == {
        "waiting": ["waiting", "failing", "given-up"],
        "failing": ["failing", "given-up"],
        "given-up": ["given-up"],
        "sent": ["sent", "twice"],
        "twice": ["twice"],
    }


def test_a_mail_is_sent_again_and_the_record_says_by_whom(cho: User, world: World) -> None:
    mail = _mail()
    mail.mark_sent(at=timezone.now())
    before = len(world.sandbox.mail(to=mail.to))

    told = office.act(office.signed_in(cho), "send_again", mail)

    assert "1 mail went out" in office.text(told)
    assert len(world.sandbox.mail(to=mail.to)) == before + 1
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_change_message()) == (cho, "Sent again.")
    assert mail.to not in f"{entry.object_repr} {entry.change_message}", "erasing finds it by the mail alone"


def test_sending_again_does_not_move_when_it_was_first_sent(cho: User, world: World) -> None:
    mail, first = _mail(), timezone.now() - timedelta(days=3)
    mail.mark_sent(at=first)

    office.act(office.signed_in(cho), "send_again", mail)

    mail.refresh_from_db()
    assert mail.first_sent_at == first
    assert mail.sent_at is not None
    assert mail.sent_at > first


def test_a_mail_that_cannot_go_out_waits_again(cho: User, world: World, settings: object) -> None:
    settings.EMAIL_PORT = 9  # type: ignore[attr-defined]
    mail, first = _mail(), timezone.now()
    mail.mark_sent(at=first)

    told = office.act(office.signed_in(cho), "send_again", mail)

    mail.refresh_from_db()
    assert mail.first_sent_at == first
    assert "tried again by itself" in office.text(told)
    assert (mail.sent_at, mail.error) == (None, "ConnectionRefusedError")
    assert not LogEntry.objects.exists()


def test_who_may_only_look_sends_nothing(bo: User, world: World) -> None:
    mail = _mail()

    told = office.act(office.signed_in(bo, "accounts.view_mail"), "send_again", mail)

    mail.refresh_from_db()
    assert "Send again now" not in office.text(told)
    assert mail.sent_at is None
    assert mail.attempts == 0


@pytest.mark.parametrize("model", [User, Mail, LogEntry])
def test_staff_without_rights_see_nothing(bo: User, model: type[Model]) -> None:
    assert office.signed_in(bo).get(office.page(model)).status_code == 403


def test_a_buyer_is_sent_to_the_sign_in(client: Client, ada: User) -> None:
    client.force_login(ada)

    assert client.get(office.page(User)).status_code == 302


def test_a_list_and_its_filters_are_headed_by_their_names(cho: User) -> None:
    browser = office.signed_in(cho, "accounts.view_mail")

    shown = browser.get(f"/ko{office.page(Mail)}").content.decode()

    assert "<h1>메일</h1>" in shown
    assert re.findall(r"<summary>(.*?)</summary>", shown, re.DOTALL)
    assert not re.search(r"\(으\)로|를\(을\)", shown)
