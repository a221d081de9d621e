"""A film's map in the office, of millions of blocks that viewers saw, the last reports included.

`MATINEE_BENCH_BLOCKS` (10000000) says how many blocks.
"""

import os
import statistics
import time
from collections.abc import Iterator

from django.db import connection

from tests.bench.figures import Figure, at_most, told
from tests.bench.load import request
from tests.bench.parts.staff import colleague, time_of
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage
from videos.models import Video
from videos.watching import mapping

BOUND_MS = 200
_BLOCKS_EACH = 100
_JUST_NOW = 500
_TIMES = 5
# Two hours; every viewer saw a hundred stretches of it, and played each of them once.
_WRITE = """
INSERT INTO videos_viewercode (code, visitor)
SELECT 'M' || n, md5('map-' || n) FROM generate_series({first}, {last}) n;

INSERT INTO videos_watchprogress (viewer_code_id, video_id, position_seconds, watched_seconds,
    played_seconds, seen, parts, reported_at, begun_at)
SELECT code.id, {video}, 7000, 100 * 30, 100 * 30, told.seen, '{{"1/1":[' || told.parts || ']}}', now(), now()
FROM videos_viewercode code, LATERAL (
    SELECT string_agg(at || '-' || at + 30, ',' ORDER BY at) AS seen,
        string_agg(at || ',30', ',' ORDER BY at) AS parts
    FROM (SELECT block * 72 + (code.id * 7 + block * 13) % 40 AS at FROM generate_series(0, 99) block) each
) told
WHERE code.code = ANY (SELECT 'M' || n FROM generate_series({first}, {last}) n);
"""


def measure(stage: Stage) -> Iterator[Figure]:
    blocks = int(os.environ.get("MATINEE_BENCH_BLOCKS", "10000000"))
    viewers = blocks // _BLOCKS_EACH
    film = Video.objects.order_by("id").first()
    assert film is not None
    Video.objects.filter(pk=film.pk).update(duration_seconds=7200)
    _write(film, 1, viewers - _JUST_NOW)
    begun = time.monotonic()
    rows = mapping.roll_up()
    seconds = time.monotonic() - begun
    yield told(f"watch map: rows of {_BLOCKS_EACH} blocks taken in", rows / max(seconds, 0.001), "/s")
    _write(film, viewers - _JUST_NOW + 1, viewers)
    headers = {"Cookie": colleague(), "Accept-Language": "en"}
    raw = request("GET", f"/admin/videos/video/{film.pk}/watched/", headers)
    yield told("watch map: SQL", sql_of(stage.shop.port, raw), "statements")
    times = [time_of(stage.shop.port, raw) for _ in range(_TIMES)]
    span = min(times), max(times)
    yield at_most(f"watch map of {blocks:,} blocks", statistics.median(times), BOUND_MS, "ms", span)


def _write(film: Video, first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(first=int(first), last=int(last), video=int(film.pk)))
        cursor.execute("ANALYZE")
