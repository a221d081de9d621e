"""Staff read what happened to a viewing: each question, each refusal, each error, with its time."""

import json
from datetime import UTC, datetime
from typing import Final

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests import player
from tests.attacks import Visitor
from tests.player import DOWNLOAD, LMS, PLAY, Link
from tests.saboteurs import rows
from videos.models import Entitlement, PlaybackSession, Video, play_log, playing_sql
from videos.models.play_log import Happened
from videos.watching import play_history

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def link(adas: Visitor) -> Link:
    return Link(adas.post("/api/v1/playback/", {"video": "noon"}).json()["url"])


def ask(link: Link, kind: int, player_id: str = "P-1") -> None:
    answer = Visitor().client.post(PLAY, player.question(link, kind, player_id=player_id))
    assert answer.status_code == 200


def told() -> list[tuple[Happened, str]]:
    return [(line.what, line.detail) for line in play_log.read(PlaybackSession.objects.get().happened)]


def test_each_question_and_each_refusal_is_a_line(link: Link) -> None:
    before = int(timezone.now().timestamp())
    ask(link, 1)
    ask(link, 3)
    ask(link, 1, "P-2")
    Entitlement.objects.update(revoked_at=timezone.now())
    ask(link, 3)

    assert told() == [
        (Happened.ASKED, "P-1"),
        (Happened.READY, "P-1"),
        (Happened.OTHER_PLAYER, "P-2"),
        (Happened.RIGHT_ENDED, "P-1"),
    ]
    lines = play_log.read(PlaybackSession.objects.get().happened)
    assert all(before <= line.at.timestamp() <= timezone.now().timestamp() for line in lines)


def test_each_question_about_a_copy_and_each_refusal_is_a_line(
    link: Link, adas: Visitor, settings: Settings
) -> None:
    settings.OFFLINE_DAYS, settings.OFFLINE_DEVICES = 30, 1

    def ask_about_copy(link: Link, kind: int, player_id: str = "P-1", **more: int) -> None:
        items = [player.item(link, kind, player_id=player_id, **more)]
        answer = Visitor().client.post(DOWNLOAD, {"items": json.dumps(items)})
        assert answer.status_code == 200

    ask_about_copy(link, 3)
    ask_about_copy(link, 1)
    ask_about_copy(link, 2)
    ask_about_copy(link, 3)
    ask_about_copy(link, 3, reset_req=1)
    ask_about_copy(link, 1, "P-2")
    second = Link(adas.post("/api/v1/playback/", {"video": "noon"}).json()["url"])
    ask_about_copy(second, 1, "P-2")
    PlaybackSession.objects.update(link_until=timezone.now())
    ask_about_copy(link, 1)
    settings.OFFLINE_DAYS = 0
    ask_about_copy(link, 3)
    Entitlement.objects.update(revoked_at=timezone.now())
    ask_about_copy(link, 3)
    ask_about_copy(link, 1)

    logs = [play_log.read(each.happened) for each in PlaybackSession.objects.order_by("id")]
    assert [[(line.what, line.detail) for line in log] for log in logs] == [
        [
            (Happened.NO_COPY, "P-1"),
            (Happened.COPY_ASKED, "P-1"),
            (Happened.COPIED, "P-1"),
            (Happened.COPY_PLAYED, "P-1"),
            (Happened.COPY_RENEWED, "P-1"),
            (Happened.OTHER_PLAYER, "P-2"),
            (Happened.LINK_EXPIRED, "P-1"),
            (Happened.NOT_KEPT, "P-1"),
            (Happened.TAKEN_BACK, "P-1"),
            (Happened.RIGHT_ENDED, "P-1"),
        ],
        [(Happened.DEVICES_FULL, "P-2")],
    ]
    tones = [moment.tone for moment in play_history.of(PlaybackSession.objects.order_by("id"), at_most=5)]
    assert tones.count("good") == 3


def test_the_page_s_error_is_kept_for_whose_viewing_it_is(link: Link, adas: Visitor, bos: Visitor) -> None:
    path = f"/api/v1/playback/{PlaybackSession.objects.get().reference}/errors/"

    assert bos.post(path, {"code": 8479}).status_code == 404
    assert adas.post(path, {"code": "x"}).status_code == 400
    assert adas.post(path, {"code": 10**9}).status_code == 400
    assert adas.post(path, {"code": 8479}).status_code == 204

    assert told() == [(Happened.ERROR, "8479")]


def test_the_page_hears_why_the_shop_had_refused_its_player(link: Link, adas: Visitor) -> None:
    path = f"/api/v1/playback/{PlaybackSession.objects.get().reference}/errors/"

    def heard() -> tuple[int, str]:
        answer = adas.post(path, {"code": 8673})
        return answer.status_code, answer.json()["why"] if answer.content else ""

    ask(link, 1)
    assert heard() == (204, "")
    ask(link, 1, "P-2")
    assert heard() == (200, "other_player")
    assert heard() == (204, ""), "the page spoke last"
    PlaybackSession.objects.update(link_until=timezone.now())
    ask(link, 3)
    assert heard() == (200, "link_expired")
    Video.objects.update(sold_until=NOON, watched_until=NOON)
    ask(link, 3)
    assert heard() == (200, "film_left")
    Entitlement.objects.update(revoked_at=timezone.now())
    ask(link, 3)
    assert heard() == (204, ""), "which the code says"


def test_a_report_that_is_not_believed_leaves_a_line(link: Link) -> None:
    film = PlaybackSession.objects.get().video
    film.duration_seconds = 3600
    film.save()
    said = player.report_of(link, [(0, 3600)], start_at=int(timezone.now().timestamp()), duration=3600)

    answer = Visitor().client.post(LMS, {"json_data": player.as_text(said)})

    assert answer.status_code == 200
    assert told() == [(Happened.NOT_BELIEVED, "1:00:00")]


def test_the_history_reads_as_it_happened(link: Link, adas: Visitor) -> None:
    ask(link, 1)
    ask(link, 3)
    said = player.report_of(link, [(0, 9), (3, 4)], start_at=int(timezone.now().timestamp()), duration=24)
    Visitor().client.post(LMS, {"json_data": player.as_text(said)})
    adas.post(f"/api/v1/playback/{PlaybackSession.objects.get().reference}/errors/", {"code": 8479})

    moments = play_history.of(PlaybackSession.objects.all(), at_most=5)

    assert [moment.what for moment in moments] == [
        "Playback opened",
        "The player asked for permission",
        "The player is ready, and the film begins",
        "The player showed an error",
        "The player began, by its own clock",
    ]
    assert "0:00:13 played, as far as 0:00:09" in moments[-1].detail
    assert moments[-2].detail.startswith("8479 · ")
    assert [moment.tone for moment in moments] == ["", "", "good", "bad", "good"]


def test_the_log_of_a_hostile_player_stays_short_and_keeps_its_end() -> None:
    session = rows.saved(PlaybackSession)
    for number in range(200):
        playing_sql.note(session.pk, play_log.line(Happened.OTHER_PLAYER, f"P-{number}" + "x" * 99, at=NOON))

    text = PlaybackSession.objects.get().happened
    assert len(text) == play_log.MOST_LETTERS
    assert play_log.read(text)[-1].detail.startswith("P-199")
    assert 50 < len(play_log.read(text)) < 100


@pytest.mark.parametrize("detail", ["a\nb", "a  \t b", "\x0b\x1ca", "x" * 500])
def test_no_detail_becomes_two_lines(detail: str) -> None:
    assert len(play_log.read(play_log.line(Happened.ASKED, detail, at=NOON))) == 1
