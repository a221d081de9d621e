"""How much of a collection a viewer has watched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.identity import Viewer
from videos import playback
from videos.models import Video, WatchProgress, seconds

Seen = Mapping[int, WatchProgress]


@dataclass(frozen=True)
class CourseProgress:
    """Of so many films so many are watched; in percent of their seconds. `completed_at` once all are."""

    films: int
    watched: int
    percent: int
    completed_at: datetime | None


def seen_of(viewer: Viewer, videos: Iterable[Video]) -> Seen:
    """This will find what the viewer saw of these, by their row ids, in one query."""
    if viewer.is_nobody:
        return {}
    rows = WatchProgress.objects.filter(viewer_code__in=playback.codes_of(viewer), video__in=list(videos))
    return {row.video_id: row for row in rows.defer("parts", "mapped_parts", "mapped_seen")}


def progress(videos: Iterable[Video], seen: Seen) -> CourseProgress:
    """This will add up what was seen of a collection's films. None of no films is nothing watched."""
    films = list(videos)
    found = [seen[film.pk] for film in films if film.pk in seen]
    completed = [row.completed_at for row in found if row.completed_at is not None]
    whole = sum(film.duration_seconds for film in films)
    seen_seconds = sum(_seconds(row) for row in found)
    return CourseProgress(
        films=len(films),
        watched=len(completed),
        percent=min(100, 100 * seen_seconds // whole) if whole else 0,
        completed_at=max(completed) if films and len(completed) == len(films) else None,
    )


def percent_of(film: Video, seen: Seen) -> int:
    """This will tell how much of a film was seen."""
    row = seen.get(film.pk)
    return min(100, 100 * _seconds(row) // film.duration_seconds) if row and film.duration_seconds else 0


def _seconds(row: WatchProgress) -> int:
    return sum(stop - start for start, stop in seconds.runs_of(row.seen))
