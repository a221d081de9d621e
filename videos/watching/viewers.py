"""Who saw how much of one film."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from videos.models import Video, WatchProgress, seconds


@dataclass(frozen=True)
class FilmViewer:
    """`name` is the account's address, or for a guest the code under which Kollus knows the browser."""

    row_id: int
    name: str
    seen_percent: int
    played_seconds: int
    position_seconds: int
    completed_at: datetime | None
    reported_at: datetime


def newest(video: Video, *, before: int | None, limit: int) -> list[FilmViewer]:
    """This will list the viewers who came last, or last before a row of this list."""
    rows = WatchProgress.objects.filter(video=video).select_related("viewer_code__user")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_viewer(row, video) for row in rows.order_by("-pk")[:limit]]


def everyone(video: Video) -> Iterator[FilmViewer]:
    """This will go through all viewers, newest first, without holding them all at once."""
    before: int | None = None
    while batch := newest(video, before=before, limit=2000):
        yield from batch
        before = batch[-1].row_id


def _viewer(row: WatchProgress, video: Video) -> FilmViewer:
    code = row.viewer_code
    seen = sum(stop - start for start, stop in seconds.runs_of(row.seen))
    return FilmViewer(
        row_id=row.pk,
        name=str(code.user or code),
        seen_percent=100 * seen // video.duration_seconds if video.duration_seconds else 0,
        played_seconds=row.played_seconds,
        position_seconds=row.position_seconds,
        completed_at=row.completed_at,
        reported_at=row.reported_at,
    )
