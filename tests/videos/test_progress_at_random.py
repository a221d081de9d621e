"""Whatever was watched, on whatever devices, and however its reports travelled: what is kept is the truth."""

import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.identity import Viewer
from accounts.models import User
from tests import factories, player
from tests.player import Link
from videos import playback, progress
from videos.kollus import progress_report, tokens
from videos.models import WatchProgress, played_parts, seconds
from videos.watching import mapping, watch_map

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
LENGTH: Final = 600
DEVICES: Final = 3
IS_SOAK: Final = os.environ.get("MATINEE_SOAK") == "1"
# The same cases at each run, since a red test must stay red until it is mended; `make soak` draws new ones.
RANDOM: Final = settings(
    max_examples=1_000 if IS_SOAK else 60,
    derandomize=not IS_SOAK,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),  # a slow machine is no unhealthy test
)


@dataclass(frozen=True)
class Start:
    """One start of the film: on which device, and what it played, stretch by stretch, each at its speed."""

    device: int
    stretches: list[tuple[int, int, float]]


@dataclass(frozen=True)
class Sent:
    """A report under way: of which start, and how many seconds of film that start had played by then."""

    start: int
    played: int


def _stretches() -> st.SearchStrategy[list[tuple[int, int, float]]]:
    stretch = st.tuples(
        st.integers(0, LENGTH - 1), st.integers(1, LENGTH), st.sampled_from([0.5, 1, 1.25, 1.5, 2])
    )
    return st.lists(stretch, min_size=1, max_size=5).map(
        lambda told: [(first, min(length, LENGTH - first), speed) for first, length, speed in told]
    )


STARTS: Final = st.lists(st.builds(Start, st.integers(0, DEVICES - 1), _stretches()), min_size=1, max_size=4)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[list[Start], list[Sent]]:
    """What was watched, and the reports in the order they arrive in: some twice, the last of each start once
    at least.
    """
    starts = draw(STARTS)
    sent = []
    for number, start in enumerate(starts):
        whole = sum(length for _first, length, _speed in start.stretches)
        some = draw(st.lists(st.integers(0, whole), max_size=4))
        sent += [Sent(number, played) for played in [*some, whole]]
    doubled = draw(st.lists(st.sampled_from(sent), max_size=4))
    return starts, draw(st.permutations([*sent, *doubled]))


@RANDOM
@given(journeys())
def test_what_is_kept_is_what_was_seen_to_the_second(
    ada: User, journey: tuple[list[Start], list[Sent]]
) -> None:
    starts, sent = journey
    links = _links(ada)
    times = Counter(
        second
        for start in starts
        for first, length, _speed in start.stretches
        for second in range(first, first + length)
    )

    for number, report in enumerate(sent):
        _arrive(links, starts, report)
        if number % 3 == 1:  # the map takes in what is there, at whatever time
            mapping.roll_up()

    kept = WatchProgress.objects.get()
    assert seconds.read(kept.seen) == sum(1 << second for second in times)
    assert kept.watched_seconds == len(times)
    assert kept.played_seconds == sum(times.values())
    assert _times(kept) == times
    assert (kept.completed_at is not None) == (len(times) >= LENGTH * 9 // 10)
    _expect_map(kept, times)
    mapping.roll_up()
    _expect_map(kept, times)


def _expect_map(kept: WatchProgress, times: Counter[int]) -> None:
    film = watch_map.of(kept.video)
    assert film.saw == [int(second in times) for second in range(LENGTH)]
    assert film.played == [times[second] for second in range(LENGTH)]
    assert (film.viewers, film.completed) == (1, int(kept.is_complete))


def _links(ada: User) -> list[Link]:
    """One for each device, opened at noon, of a film that nobody has seen anything of."""
    WatchProgress.objects.all().delete()
    film = factories.video(duration_seconds=LENGTH)
    right = factories.gift(film, ada)
    right.starts_at = NOON
    right.save()
    viewer = Viewer(user_id=ada.pk)
    tickets = [playback.open(viewer, film.slug, resume=True, at=NOON) for _ in range(DEVICES)]
    return [Link(ticket.url) for ticket in tickets]


def _arrive(links: list[Link], starts: list[Start], report: Sent) -> None:
    """Days later, as it may."""
    start, left, told, runtime = starts[report.start], report.played, [], 0.0
    for first, length, speed in start.stretches:
        if left > 0:
            told.append((first, min(length, left)))
            runtime += told[-1][1] / speed
            left -= length
    begun = int(NOON.timestamp()) + 7200 * report.start
    said = player.report_of(
        links[start.device], told, start_at=begun, duration=LENGTH, runtime=round(runtime)
    )
    progress.record(
        progress_report.read({"json_data": player.as_text(said)}), at=NOON + timedelta(days=report.start + 1)
    )


def _a_link() -> Link:
    return Link(tokens.playback_link(cuid="V", media_content_key="K", session_mark="M", until=NOON))


def _times(kept: WatchProgress) -> Counter[int]:
    stretches = [each for start in played_parts.read(kept.parts).values() for each in start]
    return Counter(second for first, length in stretches for second in range(first, first + length))


@RANDOM
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400))))
def test_a_set_of_seconds_reads_as_it_was_written(runs: list[tuple[int, int]]) -> None:
    bits = seconds.among(runs, end=300)

    assert seconds.read(seconds.write(bits)) == bits
    assert bits == sum(1 << each for each in {s for a, b in runs for s in range(a, min(b, 300))})


@RANDOM
@given(STARTS)
def test_blocks_alone_tell_whole_blocks(starts: list[Start]) -> None:
    """A player that lists no stretches: what its blocks call whole is seen, and no more than was played."""
    told = [(first, length) for start in starts for first, length, _speed in start.stretches]
    seen = {second for first, length in told for second in range(first, first + length)}
    said = player.report_of(_a_link(), told, start_at=1, duration=LENGTH)
    del said["block_info"]["sessions"]

    stretches = progress_report.read({"json_data": player.as_text(said)}).stretches

    read = seconds.among(((first, first + length) for first, length in stretches), end=LENGTH)
    whole = [n for n in range(10) if set(range(60 * n, 60 * n + 60)) <= seen]
    assert all(read >> 60 * n & (1 << 60) - 1 == (1 << 60) - 1 for n in whole)
    assert read.bit_count() <= len(seen)
