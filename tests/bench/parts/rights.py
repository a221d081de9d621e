"""What players and pages wait on at a thousand rights and at a million: as many statements, as much time.

`MATINEE_BENCH_RIGHTS` (1000000) says how many. The floor is the clock of both: its own rows stay as few as
they are, and each time of the shop is held against its time of the same round. Who asks is drawn from all
over the tables, as many at each size.
"""

import os
import random
import statistics
from collections.abc import Iterable, Iterator
from typing import Final

from django.db import connection

from tests.bench import rounds
from tests.bench.crowd import Guest, cookie_of_guest, guest_of
from tests.bench.figures import Figure, at_most, told
from tests.bench.load import Requests
from tests.bench.parts import callback, playback, progress
from tests.bench.rounds import Turn
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage
from videos.models import PlaybackSession, Video

FEW: Final = 1000
FLAT: Final = 1.25
_ASKING: Final = 1000
_FILMS: Final = 50
# Each a guest with a pass, a right, a code, a viewing that holds his place, and what he saw so far.
_EMPTY: Final = "TRUNCATE accounts_pass, videos_viewercode, videos_entitlement CASCADE"
_HOLD: Final = """
INSERT INTO accounts_pass (visitor, reference)
SELECT md5('right-' || n), md5('right-' || n) FROM generate_series({first}, {last}) n;

INSERT INTO videos_viewercode (code, visitor)
SELECT 'R' || n, md5('right-' || n) FROM generate_series({first}, {last}) n;

INSERT INTO videos_entitlement (reason, reference, note, video_id, everything, starts_at, revoked_because)
SELECT 'purchase', md5('right-' || n), '', (ARRAY[{films}])[1 + n % {count}], false,
    now() - interval '2 days', ''
FROM generate_series({first}, {last}) n;

ANALYZE accounts_pass, videos_viewercode, videos_entitlement;
"""
_WATCH: Final = """
INSERT INTO videos_playbacksession (reference, viewer_code_id, entitlement_id, video_id, opened_at,
    link_until, player_id, browser)
SELECT 'right-' || n, code.id, entitled.id, entitled.video_id, entitled.starts_at,
    now() + interval '1 day', '', code.visitor
FROM generate_series({first}, {last}) n JOIN videos_viewercode code ON code.code = 'R' || n
JOIN videos_entitlement entitled ON entitled.reference = code.visitor;

INSERT INTO videos_streamlease (viewer_code_id, slot, session_id, browser, taken_at, beaten_at)
SELECT viewer_code_id, 1, id, browser, opened_at, opened_at FROM videos_playbacksession
WHERE reference LIKE 'right-%' ON CONFLICT DO NOTHING;

INSERT INTO videos_watchprogress (viewer_code_id, video_id, position_seconds, watched_seconds, reported_at,
    is_mapped)
SELECT viewer_code_id, video_id, 0, 0, opened_at, true FROM videos_playbacksession
WHERE reference LIKE 'right-%' ON CONFLICT DO NOTHING;

ANALYZE videos_playbacksession, videos_streamlease, videos_watchprogress;
"""

_draw = random.Random(41)  # noqa: S311 (the same at every run)
_Seen = dict[str, tuple[int, list[Turn], list[Turn]]]


def measure(stage: Stage) -> Iterator[Figure]:
    rights = int(os.environ.get("MATINEE_BENCH_RIGHTS", "1000000"))
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)
    _fill(1, FEW)
    few = _look(stage, _guests(range(1, FEW + 1)))
    _fill(FEW + 1, rights)
    many = _look(stage, _guests(range(FEW + 1, rights + 1)))
    for name, (statements, ours, least) in many.items():
        more = statements - few[name][0]
        yield at_most(f"{name} at {rights:,} rights: SQL beyond that at {FEW:,}", more, 0, "statements")
        once = statistics.median(_slowness(*few[name][1:]))
        grown = [each / once for each in _slowness(ours, least)]
        title = f"{name} at {rights:,} rights: time of that at {FEW:,}"
        yield at_most(title, statistics.median(grown), FLAT, "×", (min(grown), max(grown)))
        title = f"{name} at {rights:,} rights: processor time of that at {FEW:,}"
        yield told(title, _processor(ours) / _processor(few[name][1]), "×")
        yield rounds.ratio(f"{name} at {rights:,} rights", ours, least, 0.5)


def _look(stage: Stage, guests: list[Guest]) -> _Seen:
    """The statements of each path, and its turns beside the floor's."""
    paths: dict[str, tuple[Requests, Requests]] = {
        "playback token": (playback.opening(guests), playback.asking_floor("/sessions/")),
        "playback callback": (callback.starts(guests), callback.floors()),
        "progress report": (progress.reports(guests), progress.floors()),
    }
    return {name: _turns(stage, name, shop, floor) for name, (shop, floor) in paths.items()}


def _turns(stage: Stage, name: str, shop: Requests, floor: Requests) -> tuple[int, list[Turn], list[Turn]]:
    statements = max(sql_of(stage.shop.port, shop(number)) for number in range(9))
    return statements, *rounds.take_turns(name, stage, shop=shop, floor=floor)


def _slowness(shop: list[Turn], floor: list[Turn]) -> list[float]:
    """How many times the floor's time for an answer the shop's is, round by round."""
    return [least.run.rate / ours.run.rate for ours, least in zip(shop, floor, strict=True)]


def _processor(turns: list[Turn]) -> float:
    return statistics.median(turn.cpu_milliseconds for turn in turns)


def _fill(first: int, last: int) -> None:
    playable = Video.objects.exclude(upload_file_key="")  # others of the bench have no file
    films = playable.order_by("id").values_list("pk", flat=True)[:_FILMS]
    places = {"first": first, "last": last, "films": ",".join(map(str, films)), "count": len(films)}
    with connection.cursor() as cursor:
        # No row of these names one that is not there, so none is asked.
        cursor.execute("SET session_replication_role = replica")
        for statements in (_HOLD, _WATCH):
            cursor.execute(statements.format(**places))
        cursor.execute("RESET session_replication_role")


def _guests(numbers: range) -> list[Guest]:
    drawn: Iterable[int] = _draw.sample(numbers, _ASKING)
    viewings = PlaybackSession.objects.select_related("viewer_code", "video")
    asking = viewings.filter(reference__in=[f"right-{number}" for number in drawn]).order_by("id")
    guests = [guest_of(each, cookie_of_guest(each.browser)) for each in asking]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE django_session")
    return guests
