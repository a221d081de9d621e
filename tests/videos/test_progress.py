"""How far a viewer came, from reports that come late, doubled, out of order, or by a clock that is wrong."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from pytest_django import Settings

from accounts.identity import Viewer
from accounts.models import User
from tests import factories, player
from tests.attacks import Visitor
from tests.player import LMS, Link
from videos import playback, progress
from videos.kollus import progress_report
from videos.kollus.progress_report import ProgressReport
from videos.models import Video, WatchProgress, played_parts

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
START: Final = int(NOON.timestamp())


@pytest.fixture
def link(ada: User, film: Video) -> Link:
    entitlement = factories.gift(film, ada)
    entitlement.starts_at = NOON
    entitlement.save()
    return Link(playback.open(Viewer(user_id=ada.pk), "noon", resume=True, at=NOON).url)


def tell(link: Link, after: int, *, position: int, watched: int = 0, at: datetime | None = None) -> bool:
    """Report where the film stood `after` seconds; it arrives then, or at `at`."""
    said = player.report(link, start_at=START, position=position, watched=watched, runtime=after)
    report = progress_report.read({"json_data": player.as_text(said)})
    return progress.record(report, at=at or NOON + after * SECOND)


def kept() -> tuple[int, int]:
    row = WatchProgress.objects.get()
    return row.position_seconds, row.watched_seconds


def test_the_newest_report_says_where_the_film_stands(link: Link) -> None:
    assert tell(link, 5, position=5, watched=5)
    assert tell(link, 10, position=2, watched=7)

    assert kept() == (2, 7)


def test_a_report_that_comes_twice_changes_nothing(link: Link) -> None:
    assert tell(link, 5, position=5, watched=5)

    assert not tell(link, 5, position=5, watched=5)
    assert not tell(link, 5, position=9, watched=5)

    assert kept() == (5, 5)


def test_a_report_that_comes_late_changes_nothing(link: Link) -> None:
    """Of a start that a later report told of already; what another start saw is seen all the same."""
    tell(link, 10, position=10, watched=10)

    assert not tell(link, 5, position=5, watched=5, at=NOON + 20 * MINUTE)

    assert kept() == (10, 10)


def test_a_report_that_comes_weeks_late_is_kept_if_it_is_the_newest(link: Link) -> None:
    assert tell(link, 10, position=10, watched=10, at=NOON + timedelta(days=40))

    assert WatchProgress.objects.get().reported_at == NOON + 10 * SECOND


def test_any_order_ends_where_the_right_one_does(link: Link) -> None:
    reports = [(after, after * 2 % 20, after) for after in range(1, 7)]
    orders = list(itertools.permutations(reports))

    for order in random.Random(7).sample(orders, 20):  # noqa: S311 (a sample, not a secret)
        WatchProgress.objects.all().delete()
        positions = []
        for after, position, watched in [*order, *order]:
            tell(link, after, position=position, watched=watched, at=NOON + MINUTE)
            positions.append(WatchProgress.objects.get().reported_at)

        assert kept() == (12, 6)
        assert positions == sorted(positions)


def test_what_was_watched_never_becomes_less(link: Link) -> None:
    tell(link, 10, position=20, watched=20)

    tell(link, 20, position=3, watched=3)

    assert kept() == (3, 20)


def test_a_clock_that_runs_ahead_does_not_shut_out_what_follows(link: Link) -> None:
    assert tell(link, 3600, position=5, watched=5, at=NOON)

    assert not tell(link, 30, position=6, watched=5, at=NOON + 30 * SECOND)
    assert tell(link, 90, position=7, watched=7, at=NOON + 90 * SECOND)

    assert kept() == (7, 7)


@pytest.mark.parametrize("start_at", [0, -5, 2**40, 2**70])
def test_no_instant_is_beyond_what_can_be_kept(link: Link, start_at: int) -> None:
    said = player.report(link, start_at=start_at, position=5, watched=5)

    progress.record(progress_report.read({"json_data": player.as_text(said)}), at=NOON)

    assert WatchProgress.objects.get().reported_at <= NOON + MINUTE


@pytest.mark.parametrize("seconds", [25, 10**6, 2**40, 2**70])
def test_nobody_comes_further_than_the_film_is_long(link: Link, seconds: int) -> None:
    tell(link, 5, position=seconds, watched=seconds)
    assert kept() == (24, 24)

    tell(link, 9, position=seconds, watched=seconds)
    assert kept() == (24, 24)


def test_nobody_stands_before_the_beginning(link: Link) -> None:
    tell(link, 5, position=-5, watched=-5)

    assert kept() == (0, 0)


def test_nobody_sees_an_hour_in_a_minute(ada: User, settings: Settings) -> None:
    """The limit is the speed that players offer; told late enough, the same report is believed."""
    link = _course_of_an_hour(ada)
    whole = _seen(link, [(0, 3600)])

    assert not progress.record(whole, at=NOON + MINUTE)
    assert not WatchProgress.objects.exists()
    settings.KOLLUS_FASTEST_SPEED = 16
    assert not progress.record(whole, at=NOON + 2 * MINUTE)
    settings.KOLLUS_FASTEST_SPEED = 4
    assert progress.record(whole, at=NOON + 15 * MINUTE)

    assert WatchProgress.objects.get().seen == "0-3600"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"stretches": [(0, 3600)], "watched": 0}, id="stretches"),
        pytest.param({"stretches": [(0, 10)] * 200, "watched": 10}, id="replays"),
        pytest.param({"stretches": [], "watched": 3600}, id="a number"),
        pytest.param({"stretches": [(60 * n, 20) for n in range(60)], "watched": 1200}, id="samples"),
    ],
)
def test_what_does_not_fit_into_the_time_changes_nothing(ada: User, told: dict[str, Any]) -> None:
    link = _course_of_an_hour(ada)
    progress.record(_seen(link, [(0, 50)]), at=NOON + MINUTE)
    before = WatchProgress.objects.values().get()

    forged = _seen(link, told["stretches"], watched=told["watched"])

    assert not progress.record(forged, at=NOON + 2 * MINUTE)
    assert WatchProgress.objects.values().get() == before


def test_many_sessions_do_not_make_the_time_longer(ada: User) -> None:
    """Each of them tells of ten minutes, which would fit; the viewer has had six."""
    link = _course_of_an_hour(ada)
    viewer = Viewer(user_id=ada.pk)
    links = [link, *(Link(playback.open(viewer, "hour", resume=True, at=NOON).url) for _ in range(5))]

    for number, each in enumerate(links):
        progress.record(_seen(each, [(600 * number, 600)]), at=NOON + 6 * MINUTE)

    assert WatchProgress.objects.get().watched_seconds <= 4 * 360 + 30


def test_two_speeds_and_two_devices_add_up(ada: User) -> None:
    """The first half on one device; on the other, at twice the speed, the rest and some of it again."""
    link = _course_of_an_hour(ada)
    viewer = Viewer(user_id=ada.pk)
    other = Link(playback.open(viewer, "hour", resume=True, at=NOON + 30 * MINUTE).url)

    progress.record(_seen(other, [(1800, 1800), (3000, 600)]), at=NOON + 60 * MINUTE)
    progress.record(_seen(link, [(0, 1700)]), at=NOON + 61 * MINUTE)

    kept = WatchProgress.objects.get()
    assert (kept.seen, kept.watched_seconds) == ("0-1700,1800-3600", 3500)
    assert (kept.played_seconds, kept.is_complete) == (4100, True)


def test_a_film_is_watched_from_nine_tenths_on(ada: User) -> None:
    link = _course_of_an_hour(ada)

    progress.record(_seen(link, [(0, 3239)], runtime=3300), at=NOON + timedelta(days=9))
    assert WatchProgress.objects.get().completed_at is None
    progress.record(_seen(link, [(0, 3240)], runtime=3301), at=NOON + timedelta(days=9))

    assert WatchProgress.objects.get().completed_at == NOON + 3301 * SECOND


@pytest.mark.parametrize(
    "info",
    [
        {"sessions": [{"start_time": 2**70, "play_time": 2**70}]},
        {"sessions": [{"start_time": -5, "play_time": 3}, {"start_time": 1, "play_time": -3}]},
        {"block_count": 2**70, "blocks": {"b0": 1, "t0": 9, "p0": 100}},
        {"block_count": -1, "blocks": {"b0": 1, "t0": 9, "p0": 100}},
        {"block_count": 1, "blocks": {"b0": 0, "t0": 9, "p0": 100}},
        {"block_count": 3, "blocks": {}},
        {"sessions": []},
    ],
)
def test_stretches_that_are_none_are_passed_over(link: Link, info: dict[str, Any]) -> None:
    said = player.report(link, start_at=START, position=5, runtime=5) | {"block_info": info}

    assert progress.record(progress_report.read({"json_data": player.as_text(said)}), at=NOON + MINUTE)

    assert WatchProgress.objects.get().seen == ""


def test_more_starts_than_can_be_told_apart_still_add_up(link: Link) -> None:
    for number in range(played_parts.MOST_STARTS + 5):
        said = player.report_of(link, [(number % 24, 1)], start_at=START + number, duration=24)
        progress.record(
            progress_report.read({"json_data": player.as_text(said)}), at=NOON + timedelta(days=1)
        )

    kept = WatchProgress.objects.get()
    assert kept.seen == "0-24"
    assert kept.played_seconds == played_parts.MOST_STARTS


def test_viewers_keep_their_own_progress(link: Link, bo: User, film: Video) -> None:
    factories.gift(film, bo)
    bos = Link(playback.open(Viewer(user_id=bo.pk), "noon", resume=True, at=NOON + timedelta(days=3650)).url)
    tell(link, 5, position=5)
    tell(bos, 9, position=9)

    assert sorted(WatchProgress.objects.values_list("position_seconds", flat=True)) == [5, 9]


def test_the_second_viewing_goes_on_with_the_same_progress(link: Link, ada: User) -> None:
    tell(link, 10, position=10)
    viewer = Viewer(user_id=ada.pk)

    again = playback.open(viewer, "noon", resume=True, at=NOON + 60 * MINUTE)
    tell(Link(again.url), 3700, position=13, at=NOON + 62 * MINUTE)

    assert again.resume_seconds == 10
    assert kept()[0] == 13


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_report_comes_by_form_or_by_address(link: Link, method: str) -> None:
    said = {"json_data": player.as_text(player.report(link, start_at=START, position=5, watched=5))}

    answer = getattr(Visitor().client, method)(LMS, said)

    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert kept() == (5, 5)


def _course_of_an_hour(ada: User) -> Link:
    right = factories.gift(factories.video("hour", duration_seconds=3600), ada)
    right.starts_at = NOON
    right.save()
    return Link(playback.open(Viewer(user_id=ada.pk), "hour", resume=True, at=NOON).url)


def _seen(
    link: Link, stretches: list[tuple[int, int]], *, watched: int | None = None, runtime: int = 0
) -> ProgressReport:
    said = player.report_of(link, stretches, start_at=START, duration=3600, runtime=runtime)
    if watched is not None:
        said["content_info"]["real_playtime"] = watched
    return progress_report.read({"json_data": player.as_text(said)})
