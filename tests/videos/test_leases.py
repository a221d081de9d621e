"""In how many places one may watch at once: held by signs of life, given up only to who was chosen or came
after six silent seconds.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from pytest_django import Settings

from accounts.identity import Viewer
from accounts.models import User
from tests import factories, player
from tests.attacks import Visitor
from tests.player import Link
from tests.statements import counted
from videos import entitlements, playback
from videos.kollus import play_callback
from videos.models import Entitlement, PlaybackSession, StreamLease, Video
from videos.playback import Ticket
from videos.watching import answering, leases

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2036, 7, 1, 12, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
BEAT: Final = 2 * SECOND
OPEN: Final = "/api/v1/playback/"
AGENTS: Final = {
    "at work": "Windows NT 10.0 Chrome/140",
    "phone": "iPhone Safari",
    "at home": "Macintosh Mac OS X Firefox/143",
}


@pytest.fixture
def screens(ada: User, film: Video) -> list[Viewer]:
    """Ada at three browsers; the film was given to her."""
    factories.gift(film, ada)
    return [Viewer(user_id=ada.pk, browser=browser) for browser in AGENTS]


def opened(viewer: Viewer, at: datetime, *, instead: str = "", slug: str = "noon") -> Ticket:
    agent = AGENTS.get(viewer.browser, "")
    return playback.open(viewer, slug, resume=True, at=at, user_agent=agent, instead=instead)


def playing(viewer: Viewer, at: datetime, *, instead: str = "") -> Ticket:
    """Opened, and the page has said that it plays."""
    ticket = opened(viewer, at, instead=instead)
    leases.hold(ticket.session, at=at)
    return ticket


def may_play(ticket: Ticket, at: datetime, *, kind: int = 1) -> bool:
    """What the shop answers to the player."""
    question = play_callback.read(player.question(Link(ticket.url), kind, player_id=ticket.session))
    return bool(player.opened(answering.answer(question, at=at))["data"]["result"])


def test_who_watches_elsewhere_is_told_where(screens: list[Viewer], film: Video) -> None:
    first = playing(screens[0], NOON)

    with pytest.raises(leases.Elsewhere) as told:
        opened(screens[1], NOON + BEAT)

    assert told.value.places == [leases.Place(first.session, "Chrome · Windows", film.title, False)]
    assert PlaybackSession.objects.count() == 1, "nothing was opened"


def test_a_silent_place_is_free_after_six_seconds_and_not_before(screens: list[Viewer]) -> None:
    first = playing(screens[0], NOON)
    leases.hold(first.session, at=NOON + BEAT)

    with pytest.raises(leases.Elsewhere):
        opened(screens[1], NOON + BEAT + 6 * SECOND - timedelta(microseconds=1))
    second = playing(screens[1], NOON + BEAT + 6 * SECOND)

    assert may_play(second, NOON + BEAT + 6 * SECOND)
    with pytest.raises(leases.Elsewhere) as told:
        leases.hold(first.session, at=NOON + BEAT + 7 * SECOND)
    assert [each.session for each in told.value.places] == [second.session]


def test_a_chosen_place_is_taken_at_once_and_the_other_hears_where_it_went(screens: list[Viewer]) -> None:
    first = playing(screens[0], NOON)

    second = opened(screens[1], NOON + SECOND, instead=first.session)

    assert may_play(second, NOON + SECOND)
    assert not may_play(first, NOON + SECOND), "its link opens nothing any more"
    with pytest.raises(leases.Elsewhere) as told:
        leases.hold(first.session, at=NOON + BEAT)
    assert [(each.session, each.device) for each in told.value.places] == [
        (second.session, "Safari · iPhone")
    ]
    back = opened(screens[0], NOON + 2 * BEAT, instead=second.session)
    assert may_play(back, NOON + 2 * BEAT)
    assert not may_play(second, NOON + 2 * BEAT)


def test_a_player_that_asks_before_its_page_beats_takes_the_place(screens: list[Viewer]) -> None:
    both = [opened(screen, NOON) for screen in screens[:2]]

    assert [may_play(ticket, NOON + SECOND) for ticket in both] == [True, False]
    assert [may_play(ticket, NOON + SECOND, kind=3) for ticket in both] == [True, False]
    assert StreamLease.objects.get().session.reference == both[0].session


def test_a_page_left_gives_its_place_back(screens: list[Viewer]) -> None:
    first = playing(screens[0], NOON)
    leases.leave(first.session)

    second = playing(screens[1], NOON + SECOND)
    leases.leave(first.session)

    leases.hold(second.session, at=NOON + BEAT)


def test_a_page_that_slept_goes_on_where_nobody_came(screens: list[Viewer]) -> None:
    first = playing(screens[0], NOON)

    leases.hold(first.session, at=NOON + timedelta(hours=8))

    with pytest.raises(leases.Elsewhere):
        opened(screens[1], NOON + timedelta(hours=8) + SECOND)


def test_of_one_browser_s_pages_the_one_opened_last_plays(screens: list[Viewer]) -> None:
    first = playing(screens[0], NOON)
    second = playing(screens[0], NOON + SECOND)

    with pytest.raises(leases.Elsewhere) as told:
        leases.hold(first.session, at=NOON + BEAT)

    assert [each.is_here for each in told.value.places] == [True]
    leases.hold(second.session, at=NOON + BEAT)
    assert StreamLease.objects.count() == 1


def test_the_setting_says_in_how_many_places(screens: list[Viewer], settings: Settings) -> None:
    settings.STREAMS_AT_ONCE = 2
    first, second = (playing(screen, NOON) for screen in screens[:2])
    with pytest.raises(leases.Elsewhere) as told:
        opened(screens[2], NOON + SECOND)
    assert {each.session for each in told.value.places} == {first.session, second.session}

    third = opened(screens[2], NOON + SECOND, instead=second.session)

    assert [may_play(each, NOON + SECOND) for each in (first, second, third)] == [True, False, True]
    settings.STREAMS_AT_ONCE = 1
    with pytest.raises(leases.Elsewhere):
        leases.hold(third.session, at=NOON + BEAT)
    leases.hold(first.session, at=NOON + BEAT)


def test_a_place_that_has_moved_on_is_not_taken_from_who_has_it_now(screens: list[Viewer]) -> None:
    first = playing(screens[0], NOON)
    second = playing(screens[1], NOON + SECOND, instead=first.session)

    with pytest.raises(leases.Elsewhere) as told:
        opened(screens[2], NOON + BEAT, instead=first.session)

    assert [each.session for each in told.value.places] == [second.session]
    assert may_play(second, NOON + BEAT)


def test_the_end_of_a_right_is_heard_with_the_next_sign_of_life(screens: list[Viewer]) -> None:
    first = playing(screens[0], NOON)
    entitlements.revoke(Entitlement.objects.get(), because="refunded", at=NOON + SECOND)

    with pytest.raises(leases.Over):
        leases.hold(first.session, at=NOON + BEAT)


def test_nobody_takes_a_stranger_s_place(screens: list[Viewer], bo: User) -> None:
    first = playing(screens[0], NOON)
    factories.gift(factories.video("dusk"), bo)
    bos = Viewer(user_id=bo.pk, browser="bos")

    opened(bos, NOON, slug="dusk", instead=first.session)
    with pytest.raises(playback.MayNotWatch):
        opened(bos, NOON, instead=first.session)

    leases.hold(first.session, at=NOON + BEAT)
    assert may_play(first, NOON + BEAT)


def test_a_sign_of_life_is_one_statement_and_wants_the_page_s_token(adas: Visitor) -> None:
    session = adas.post(OPEN, {"video": "noon"}).json()["session"]
    address = f"{OPEN}{session}/beat/"
    assert adas.post(address).status_code == 204

    with counted() as sql:
        answer = adas.post(address)

    assert (answer.status_code, len(sql), len(sql.writes)) == (204, 1, 1), list(sql)
    assert adas.post(address, csrf=False).status_code == 403
    assert adas.post(f"{OPEN}{session}/leave/", csrf=False).status_code == 403
    assert adas.post(f"{OPEN}{'x' * 22}/beat/").status_code == 404
    assert adas.post(f"{OPEN}{session}/leave/").status_code == 204
    assert not StreamLease.objects.exists()


def test_the_page_is_told_in_its_language(ada: User, adas: Visitor, film: Video) -> None:
    phone, title = Visitor(), film.title
    phone.client.force_login(ada)
    first = phone.post(OPEN, {"video": "noon"}, headers={"User-Agent": "iPhone Safari"}).json()["session"]
    phone.post(f"{OPEN}{first}/beat/")

    english, korean = (adas.post(f"{prefix}{OPEN}", {"video": "noon"}) for prefix in ("", "/ko"))

    assert (english.status_code, korean.status_code) == (409, 409)
    assert english.json() == {
        "code": "elsewhere",
        "sentence": f"You are watching “{title}” on Safari · iPhone right now.",
        "places": [{"session": first, "where": f"{title} · on Safari · iPhone"}],
    }
    assert "Safari · iPhone에서" in korean.json()["sentence"]
    taken = adas.post(OPEN, {"video": "noon", "instead": first})
    assert taken.status_code == 200
    told = phone.post(f"{OPEN}{first}/beat/")
    assert (told.status_code, told.json()["code"]) == (409, "taken")
    assert [each["session"] for each in told.json()["places"]] == [taken.json()["session"]]
