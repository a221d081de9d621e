"""Pressing play: a short signed link for who may watch, renewed while the page is open; hours begin once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import pytest
from pytest_django import Settings

from accounts.identity import Viewer, give_pass
from accounts.models import User
from tests import factories, player
from tests.attacks import Visitor, assert_refused
from tests.player import Link
from videos import entitlements, playback, progress
from videos.kollus import play_callback, progress_report, tokens
from videos.models import Entitlement, PlaybackSession, Video, ViewerCode, WatchProgress
from videos.watching import answering

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OPEN: Final = "/api/v1/playback/"
GUEST: Final = Viewer(visitor="v" * 32)


def test_the_link_says_who_watches_what_and_until_when(
    adas: Visitor, film: Video, settings: Settings
) -> None:
    ticket = adas.post(OPEN, {"video": "noon"}).json()

    link, session = Link(ticket["url"]), PlaybackSession.objects.get()
    assert ticket["url"].startswith(f"{settings.KOLLUS_PLAYER_BASE}/s?jwt=")
    assert link.claims == {
        "cuid": ViewerCode.objects.get().code,
        "expt": int(session.link_until.timestamp()),
        "mc": [
            {
                "mckey": film.media_content_key,
                "disable_nscreen": True,
                "drm_policy": link.claims["mc"][0]["drm_policy"],
            }
        ],
    }
    assert type(link.claims["expt"]) is int
    assert link.query.keys() == {"jwt", "custom_key", "uservalue0", "loadcheck", "autoplay"}
    assert link.query["loadcheck"] == "0", "else a computer does not show why we refuse"
    assert link.query["custom_key"] == settings.KOLLUS_CUSTOM_KEY
    assert link.mark.startswith(f"{session.reference}.")
    assert (ticket["session"], ticket["seconds"]) == (session.reference, 300)


def test_a_viewer_keeps_one_opaque_name_at_kollus(adas: Visitor, bos: Visitor) -> None:
    first, second = (Link(adas.post(OPEN, {"video": "noon"}).json()["url"]) for _ in range(2))
    other = Link(bos.post(OPEN, {"video": "dusk"}).json()["url"])

    assert first.cuid == second.cuid != other.cuid
    assert first.mark != second.mark
    assert len(first.cuid) == 10
    assert "ada" not in first.url


def test_a_stranger_is_told_what_nobody_is_told(
    adas: Visitor, bos: Visitor, subtests: pytest.Subtests
) -> None:
    factories.video("hidden", is_published=False)
    adas_session = adas.post(OPEN, {"video": "noon"}).json()["session"]
    own = bos.post(OPEN, {"video": "dusk"}).json()["session"]
    nobody = Visitor()
    nothing = bos.post(OPEN, {"video": "nowhere"}).content

    assert_refused(
        subtests,
        {
            "open": partial(bos.post, OPEN, {"video": "noon"}),
            "open what is not published": partial(bos.post, OPEN, {"video": "hidden"}),
            "open nothing": partial(bos.post, OPEN, {"video": "nowhere"}),
            "renew": partial(bos.post, f"{OPEN}{adas_session}/link/"),
            "renew nothing": partial(bos.post, f"{OPEN}{'x' * 22}/link/"),
            "start": partial(bos.post, f"{OPEN}{adas_session}/start/"),
            "open, signed out": partial(nobody.post, OPEN, {"video": "noon"}),
            "renew, signed out": partial(nobody.post, f"{OPEN}{adas_session}/link/"),
            "start, signed out": partial(nobody.post, f"{OPEN}{adas_session}/start/"),
        },
        honest=partial(bos.post, f"{OPEN}{own}/link/"),
        expected={404},
    )
    assert bos.post(f"{OPEN}{adas_session}/link/").content == nothing
    assert adas.post(f"{OPEN}{adas_session}/link/").status_code == 200


def test_a_reference_that_no_session_can_have_is_refused(adas: Visitor, subtests: pytest.Subtests) -> None:
    own = adas.post(OPEN, {"video": "noon"}).json()["session"]
    odd = ("%00", "a%00b", "x" * 3000, "%ff%fe", "..", "%2e%2e", own.swapcase(), own + "%20")

    assert_refused(
        subtests,
        {text[:20]: partial(adas.post, f"{OPEN}{text}/link/") for text in odd},
        honest=partial(adas.post, f"{OPEN}{own}/link/"),
    )


def test_a_link_is_renewed_for_the_same_viewing(ada: User, adas: Visitor) -> None:
    viewer = Viewer(user_id=ada.pk)
    opened = playback.open(viewer, "noon", resume=True, at=NOON + DAY * 3650)

    renewed = playback.renew(viewer, opened.session, at=NOON + DAY * 3650 + 4 * MINUTE)

    first, second = Link(opened.url), Link(renewed.url)
    assert second.claims["expt"] - first.claims["expt"] == 240
    assert (second.mark, second.cuid) == (first.mark, first.cuid)
    assert PlaybackSession.objects.get().link_until.timestamp() == second.claims["expt"]


def test_a_link_is_not_renewed_once_the_right_has_ended(ada: User, adas: Visitor) -> None:
    viewer = Viewer(user_id=ada.pk)
    session = adas.post(OPEN, {"video": "noon"}).json()["session"]
    assert adas.post(f"{OPEN}{session}/link/").status_code == 200

    entitlements.revoke(Entitlement.objects.get(), because="refunded", at=NOON)

    assert adas.post(f"{OPEN}{session}/link/").status_code == 404
    assert adas.post(f"{OPEN}{session}/start/").status_code == 404
    with pytest.raises(playback.MayNotWatch):
        playback.open(viewer, "noon", resume=True, at=NOON + DAY)


# A rental starts at the earliest of three, whichever comes, and each of them may come again.

Start = Callable[[Viewer, playback.Ticket, datetime], object]


def by_page(viewer: Viewer, ticket: playback.Ticket, at: datetime) -> object:
    return playback.start(viewer, ticket.session, at=at)


def by_callback(viewer: Viewer, ticket: playback.Ticket, at: datetime) -> object:
    return answering.answer(play_callback.read(player.question(Link(ticket.url), 3)), at=at)


def by_progress(viewer: Viewer, ticket: playback.Ticket, at: datetime) -> object:
    said = player.report(Link(ticket.url), start_at=int(at.timestamp()), position=5, watched=5)
    return progress.record(progress_report.read({"json_data": player.as_text(said)}), at=at)


@pytest.fixture
def rental(film: Video) -> Entitlement:
    """A guest's: thirty days to start, then 48 hours."""
    give_pass(visitor=GUEST.visitor, reference="rented")
    return entitlements.grant(factories.offer(film, "rent"), user_id=None, reference="rented", at=NOON)


@pytest.mark.parametrize("then", [by_page, by_callback, by_progress])
@pytest.mark.parametrize("first", [by_page, by_callback, by_progress])
def test_a_rental_starts_at_the_first_sign_of_play(rental: Entitlement, first: Start, then: Start) -> None:
    ticket = playback.open(GUEST, "noon", resume=True, at=NOON + DAY)
    rental.refresh_from_db()
    assert not rental.is_started

    first(GUEST, ticket, NOON + DAY + MINUTE)
    then(GUEST, ticket, NOON + DAY + 2 * MINUTE)
    then(GUEST, ticket, NOON + DAY + 3 * MINUTE)

    rental.refresh_from_db()
    assert rental.ends_at == NOON + 3 * DAY + MINUTE


def test_what_only_prepares_a_play_starts_no_hours(rental: Entitlement) -> None:
    ticket = playback.open(GUEST, "noon", resume=True, at=NOON)
    answering.answer(play_callback.read(player.question(Link(ticket.url), 1)), at=NOON + MINUTE)
    nothing_yet = player.report(Link(ticket.url), start_at=int(NOON.timestamp()), runtime=9)
    progress.record(progress_report.read({"json_data": player.as_text(nothing_yet)}), at=NOON + MINUTE)
    playback.renew(GUEST, ticket.session, at=NOON + 4 * MINUTE)

    rental.refresh_from_db()

    assert not rental.is_started


def test_a_late_report_brings_no_rental_back(rental: Entitlement) -> None:
    """A page left open until after the last day to start, and a report that comes only then."""
    ticket = playback.open(GUEST, "noon", resume=True, at=NOON + 30 * DAY - MINUTE)

    by_progress(GUEST, ticket, NOON + 30 * DAY + MINUTE)
    by_callback(GUEST, ticket, NOON + 30 * DAY + MINUTE)

    rental.refresh_from_db()
    assert not rental.is_started
    with pytest.raises(playback.MayNotWatch):
        playback.open(GUEST, "noon", resume=True, at=NOON + 30 * DAY + MINUTE)


@pytest.mark.parametrize(
    "stopped, resumes",
    [
        pytest.param(2, 0, id="hardly begun"),
        pytest.param(11, 11, id="in the middle"),
        pytest.param(19, 19, id="before the end"),
        pytest.param(20, 0, id="seen to the end"),
    ],
)
def test_a_film_goes_on_where_it_stopped(adas: Visitor, film: Video, stopped: int, resumes: int) -> None:
    adas.post(OPEN, {"video": "noon"})
    WatchProgress.objects.create(
        viewer_code=ViewerCode.objects.get(), video=film, position_seconds=stopped, reported_at=NOON
    )

    resumed = adas.post(OPEN, {"video": "noon"}).json()
    afresh = adas.post(OPEN, {"video": "noon", "resume": False}).json()

    assert resumed["resume_seconds"] == afresh["resume_seconds"] == resumes
    assert Link(resumed["url"]).query.get("s") == (str(resumes) if resumes else None)
    assert "s" not in Link(afresh["url"]).query
    assert (f"Go on at 0:{resumes:02d}" in adas.get("/videos/noon/").content.decode()) is bool(resumes)


def test_a_mark_outlives_a_change_of_the_secret_key(settings: Settings) -> None:
    whose = {"cuid": "2345678923", "media_content_key": "Ab3dEf7h"}
    mark = tokens.session_mark("a-session", **whose)

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
    assert tokens.read_session_mark(mark, **whose) == "a-session"
    assert tokens.session_mark("a-session", **whose) != mark

    settings.SECRET_KEY_FALLBACKS = []
    assert tokens.read_session_mark(mark, **whose) is None
