"""From what was read off a recording to the viewer and his session."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.identity import Viewer, give_pass
from accounts.models import User
from tests import factories, office, player
from tests.attacks import Visitor
from tests.player import PLAY, Link
from tests.videos.test_viewer_codes import spoiled
from videos import entitlements, playback, tracing
from videos.models import PlaybackSession, Video, ViewerCode, WatchProgress, opening_sql, statements
from videos.models.viewer_codes import ALPHABET, new_code
from videos.tracing import Sighting

pytestmark = pytest.mark.django_db

OPEN: Final = "/api/v1/playback/"
NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)


def crowd(size: int) -> list[str]:
    drawn: set[str] = set()
    while len(drawn) < size:  # of six hundred million, some would be drawn twice
        drawn.add(new_code())
    codes = list(drawn)
    ViewerCode.objects.bulk_create(ViewerCode(code=code, visitor=f"v{n}") for n, code in enumerate(codes))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_viewercode")
    return codes


def trace(text: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("trace", text, stdout=out, **options)
    return out.getvalue()


def session(code: ViewerCode, film: Video, *, at: datetime) -> PlaybackSession:
    right = entitlements.give(film, code.user, reference=f"g{at:%m%d%H%M}", note="", at=at)  # type: ignore[arg-type]
    return PlaybackSession.objects.create(
        viewer_code=code, entitlement=right, video=film, opened_at=at, link_until=at + timedelta(minutes=5)
    )


@pytest.fixture
def adas_code(ada: User) -> ViewerCode:
    return ViewerCode.objects.create(user=ada)


def test_among_many_the_right_one_is_the_only_candidate(adas_code: ViewerCode) -> None:
    for code in [*crowd(3000)[:20], adas_code.code]:
        for unreadable in [(0, 1), (3, 8), (9, 4)]:
            (only,) = [
                each for each in tracing.candidates(spoiled(code, unreadable=unreadable)) if not each.misread
            ]
            assert only.code.code == code and only.is_certain and only.margin == 3


def test_a_misread_character_makes_the_right_one_first_and_not_certain(adas_code: ViewerCode) -> None:
    crowd(3000)
    for place in range(10):
        found = tracing.candidates(spoiled(adas_code.code, misread=[place], by=7))
        assert found[0].code == adas_code
        assert found[0].misread == 1 and not found[0].is_certain
        assert all(other.misread > 1 for other in found[1:])


def test_the_command_names_the_viewer_and_says_how_sure_it_is(adas_code: ViewerCode, ada: User) -> None:
    exact = trace(adas_code.code.lower())
    partly = trace(spoiled(adas_code.code, unreadable=[2, 5]))
    doubtful = trace(spoiled(adas_code.code, unreadable=[2], misread=[5]))

    assert ada.email in exact and "5 characters of it would have to be wrong" in exact
    assert ada.email in partly and "3 characters of it would have to be wrong" in partly
    assert ada.email in doubtful and "Look again before you act" in doubtful
    assert "All that was read fits" not in doubtful


def test_a_guest_is_named_by_what_his_browser_bought() -> None:
    guest = ViewerCode.objects.create(visitor="g" * 32)
    give_pass(visitor="g" * 32, reference="order-of-the-guest")

    assert "a guest's browser; purchases order-of-the-guest" in trace(guest.code)


@pytest.mark.parametrize(
    "text, options, words",
    [
        ("2222222222", {}, "No viewer has a code like this"),
        ("?????22222", {}, "No viewer has a code like this"),
        ("CODE", {"film": "nowhere"}, "There is no film nowhere"),
        ("CODE", {"at": "2026-07-01T12:00"}, "with its zone"),
        ("CODE", {"at": "yesterday"}, "with its zone"),
        ("CODE", {"at": "2026-13-01T12:00Z"}, "with its zone"),
    ],
)
def test_what_cannot_be_traced_is_said(
    adas_code: ViewerCode, text: str, options: dict[str, str], words: str
) -> None:
    ViewerCode.objects.filter(pk=adas_code.pk).update(code="KK9PJX4VJT")
    adas_code.refresh_from_db()
    with pytest.raises(CommandError, match=words):
        trace(adas_code.code if text == "CODE" else text, **options)


def test_sessions_are_ranked_by_film_second_and_time(adas_code: ViewerCode, film: Video) -> None:
    other = factories.video("dusk")
    elsewhere = session(adas_code, other, at=NOON)
    early = session(adas_code, film, at=NOON - 48 * HOUR)
    near = session(adas_code, film, at=NOON - HOUR)
    late = session(adas_code, film, at=NOON + 2 * HOUR)
    WatchProgress.objects.create(
        viewer_code=adas_code,
        video=film,
        reported_at=NOON,
        parts=f'{{"{early.pk}/1":[10,5],"{near.pk}/1":[0,5]}}',
    )

    def ranked(**sighting: Any) -> list[PlaybackSession]:
        return [each.session for each in tracing.sessions(adas_code, Sighting(**sighting))]

    assert ranked() == [late, near, early, elsewhere]
    assert ranked(film=film, seen_at=NOON) == [near, early, late, elsewhere]
    assert ranked(film=film, second=12, seen_at=NOON)[0] == early
    assert ranked(film=film, second=3)[0] == near
    said = trace(adas_code.code, film="noon", second=12, at="2026-07-01T12:00Z")
    assert f"1. 2026-06-29 12:00:00 UTC  noon  {early.reference}" in said


def test_a_code_of_an_earlier_release_is_found_where_all_of_it_was_read(ada: User) -> None:
    old = ViewerCode.objects.create(user=ada, code="OLDCODE123")

    assert [each.code for each in tracing.candidates(" oldcode123")] == [old]


def test_the_look_up_is_as_quick_among_many(adas_code: ViewerCode) -> None:
    crowd(20_000)
    text = spoiled(adas_code.code, unreadable=[1, 6], misread=[3])

    with CaptureQueriesContext(connection) as asked:
        found = tracing.candidates(text)

    assert found[0].code == adas_code
    (statement,) = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on videos_viewercode" not in plan and "Index" in plan


def test_the_office_finds_sessions_by_what_was_read(adas_code: ViewerCode, film: Video, cho: User) -> None:
    mine = session(adas_code, film, at=NOON)
    listed = f"{office.page(PlaybackSession, 'changelist')}?q={spoiled(adas_code.code, unreadable=[0, 9])}"

    assert mine.reference in office.text(office.signed_in(cho).get(listed))


def test_a_code_that_is_taken_is_not_given_again(adas: Visitor, bo: User, film: Video) -> None:
    factories.gift(film, bo)
    taken, free = ViewerCode.objects.create(visitor="t").code, new_code()
    names = {"user": bo.pk, "visitor": None, "code_user": bo.pk, "code_visitor": None}
    drawn = {"code": taken, "second_code": taken, "third_code": free}

    statements.count(opening_sql._GIVE_CODE, drawn | names)

    assert ViewerCode.objects.get(user=bo).code == free
    ticket = playback.open(Viewer(user_id=bo.pk), "noon", resume=True, at=NOON + timedelta(days=3650))
    assert set(free) <= set(ALPHABET) and free in str(PlaybackSession.objects.get().viewer_code)
    assert ticket.session


def test_his_sessions_are_ended_and_nothing_else(
    adas: Visitor, bos: Visitor, adas_code: ViewerCode, film: Video
) -> None:
    own, bos_own = adas.post(OPEN, {"video": "noon"}).json(), bos.post(OPEN, {"video": "dusk"}).json()
    asked = player.question(Link(own["url"]))

    said = trace(adas_code.code, end=True)
    again = trace(adas_code.code, end=True)

    assert "1 ended. Who still has the right may begin again." in said and "ended." not in again
    reply = player.opened(Visitor().client.post(PLAY, asked).content.decode())["data"]
    assert reply["result"] == 0 and "was ended" in reply["message"]
    assert adas.post(f"{OPEN}{own['session']}/link/").status_code == 404
    assert bos.post(f"{OPEN}{bos_own['session']}/link/").status_code == 200
    assert adas.post(OPEN, {"video": "noon"}).status_code == 200


def test_nothing_is_ended_on_a_doubtful_reading(adas_code: ViewerCode, film: Video) -> None:
    session(adas_code, film, at=NOON)

    for text in (spoiled(adas_code.code, misread=[4]), spoiled(adas_code.code, unreadable=[1, 2, 3, 4])):
        with pytest.raises(CommandError, match="Nothing was ended"):
            trace(text, end=True)

    trace(adas_code.code)  # nobody at a keyboard: not asked, so not ended
    assert not PlaybackSession.objects.filter(ended_at__isnull=False).exists()
