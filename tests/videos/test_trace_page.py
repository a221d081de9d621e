"""The office's page that leads from a recording to its viewer, and the list of certificates."""

from datetime import timedelta
from typing import Final

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests import factories, office
from tests.videos.test_tracing import NOON, session
from tests.videos.test_viewer_codes import spoiled
from videos.models import Certificate, PlaybackSession, Video, ViewerCode

pytestmark = pytest.mark.django_db
VIEW: Final = "videos.view_playbacksession"
END: Final = "videos.change_playbacksession"


@pytest.fixture
def code(ada: User, film: Video) -> ViewerCode:
    made = ViewerCode.objects.create(user=ada)
    session(made, film, at=NOON)
    return made


def address() -> str:
    return reverse("admin:videos_playbacksession_trace")


def asked(browser: object, text: str, **told: str) -> str:
    return office.text(browser.get(address(), {"code": text, **told}))  # type: ignore[attr-defined]


def test_it_names_the_viewer_and_says_how_sure_it_is(code: ViewerCode, bo: User) -> None:
    browser = office.signed_in(bo, VIEW)

    exact = asked(browser, code.code.lower())
    doubtful = asked(browser, spoiled(code.code, misread=[4]))
    little = asked(browser, spoiled(code.code, unreadable=[1, 2, 3, 4]))

    assert "ada@example.com" in exact and "5 characters of it would have to be wrong" in exact
    assert "Only if 1 of the characters was misread" in doubtful
    assert "too little to be sure" in little
    assert "No viewer has a code like this" in asked(browser, "?????22222")
    assert "There is no such film" in asked(browser, code.code, film="nowhere")
    assert "no session from before that time" in asked(browser, code.code, seen_at="2020-01-01T12:00")
    assert address() in office.text(browser.get(office.page(PlaybackSession)))


def test_his_sessions_stand_in_order_in_as_many_statements_however_many(
    code: ViewerCode, bo: User, film: Video
) -> None:
    browser = office.signed_in(bo, VIEW)
    page = f"{address()}?code={code.code}&film=noon"
    few = len(office.statements(browser, page))
    near = [session(code, film, at=NOON + timedelta(minutes=n)) for n in range(1, 15)][-1]

    assert len(office.statements(browser, page)) == few
    rows = asked(browser, code.code, film="noon").partition("<tbody>")[2]
    assert near.reference in rows.partition("</tr>")[0]


def test_only_a_certain_reading_ends_sessions_and_only_for_who_may(
    code: ViewerCode, bo: User, cho: User
) -> None:
    looking, acting = office.signed_in(bo, VIEW), office.signed_in(cho, VIEW, END)
    misread = spoiled(code.code, misread=[4])
    button = "End this viewer"

    assert button not in asked(looking, code.code) and button not in asked(acting, misread)
    assert looking.post(address(), {"code": code.code}).status_code == 403
    for text in (misread, spoiled(code.code, unreadable=[1, 2, 3, 4]), "", "?????22222"):
        assert "Nothing was ended" in office.text(acting.post(address(), {"code": text}, follow=True))
    assert not PlaybackSession.objects.filter(ended_at__isnull=False).exists()
    assert not LogEntry.objects.exists()

    assert button in asked(acting, code.code)
    said = [office.text(acting.post(address(), {"code": code.code}, follow=True)) for _ in range(2)]

    assert "1 session was ended." in said[0] and "0 sessions were ended." in said[1]
    assert f"Traced by the code {code}: 1 session" in str(LogEntry.objects.order_by("id")[0].change_message)
    assert button not in asked(acting, code.code)


def test_nobody_else_gets_in(bo: User, code: ViewerCode) -> None:
    assert office.signed_in(bo).get(address()).status_code == 403


def test_certificates_are_listed_and_found(ada: User, bo: User) -> None:
    browser = office.signed_in(bo, "videos.view_certificate")
    now, listed = timezone.now(), office.page(Certificate)

    def make(number: int) -> Certificate:
        return Certificate.objects.create(
            **{"number": number, "code": f"00000{number}-BCDFGHJKMN", "user": ada, "name": "Ada"},
            collection=factories.collection(slug=f"course-of-{number}"),
            **{"films": 1, "total_seconds": 24, "completed_at": now, "issued_at": now, "time_zone": "UTC"},
        )

    first = make(1)
    few = len(office.statements(browser, listed))
    for number in range(2, 8):
        make(number)

    assert len(office.statements(browser, listed)) == few
    for term, shown in [
        ("ada@example.com", 7),
        ("bo@example.com", 0),
        ("3", 1),
        (first.code.lower(), 1),
        ("x", 0),
    ]:
        assert f"{shown} shown" in office.text(browser.get(listed, {"q": term})), term
    assert first.code in office.text(browser.get(office.page(Certificate, "change", first.pk)))
    assert browser.post(office.page(Certificate, "change", first.pk), {}).status_code == 403
