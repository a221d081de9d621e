"""Adds what viewers saw to their films' maps, in the background, so that no report waits for a film's row."""

from dataclasses import dataclass, field
from itertools import accumulate, groupby
from typing import Final

from django.db import transaction
from django.db.models import F

from videos import progress
from videos.models import WatchMap, WatchProgress, played_parts, seconds
from videos.models.seconds import Run

_BATCH: Final = 500


@dataclass
class Added:
    """What rows add to the map of a film of so many seconds; the two lists by where a count changes."""

    duration_seconds: int
    saw: list[int] = field(init=False)
    played: list[int] = field(init=False)
    viewers: int = 0
    completed: int = 0

    def __post_init__(self) -> None:
        self.saw, self.played = ([0] * (self.duration_seconds + 1) for _ in range(2))

    def add(self, row: WatchProgress) -> None:
        """Count what the row has and the map has not: what is mapped of it is a part of it."""
        if row.seen != row.mapped_seen:
            seen, mapped = seconds.runs_of(row.seen), seconds.runs_of(row.mapped_seen)
            _count(self.saw, seen, 1)
            _count(self.saw, mapped, -1)
            self.viewers += bool(seen) and not mapped
            self.completed += self._is_complete(seen) and not self._is_complete(mapped)
        if row.parts != row.mapped_parts:
            _count(self.played, _stretches(row.parts), 1)
            _count(self.played, _stretches(row.mapped_parts), -1)

    def to(self, kept: list[int], changes: list[int]) -> list[int]:
        """The counts that are kept, with the changes; as many as the film has seconds now."""
        size = self.duration_seconds
        padded = [*kept[:size], *[0] * (size - len(kept))]
        return [count + more for count, more in zip(padded, accumulate(changes[:size]), strict=True)]

    def _is_complete(self, seen: list[Run]) -> bool:
        return progress.is_complete(sum(stop - start for start, stop in seen), self.duration_seconds)


def roll_up() -> int:
    """This will add all that is not in its film's map yet, and return how many rows that were.

    A row is counted by whoever locked it; what is reported meanwhile is left for the next time.
    """
    done = 0
    while batch := _roll_up_some():
        done += batch
    return done


@transaction.atomic
def _roll_up_some() -> int:
    waiting = WatchProgress.objects.filter(is_mapped=False).order_by("video_id", "id")
    rows = list(waiting.select_for_update(of=("self",)).select_related("video")[:_BATCH])
    for _video_id, of_film in groupby(rows, key=lambda row: row.video_id):
        _add_to_map(list(of_film))
    mapped = WatchProgress.objects.filter(pk__in=[row.pk for row in rows])
    mapped.update(mapped_seen=F("seen"), mapped_parts=F("parts"), is_mapped=True, version=F("version") + 1)
    return len(rows)


def _add_to_map(rows: list[WatchProgress]) -> None:
    video = rows[0].video
    WatchMap.objects.get_or_create(video=video)
    kept = WatchMap.objects.select_for_update().get(video=video)
    added = Added(video.duration_seconds)
    for row in rows:
        added.add(row)
    kept.saw, kept.played = added.to(kept.saw, added.saw), added.to(kept.played, added.played)
    kept.viewers += added.viewers
    kept.completed += added.completed
    kept.save()


def _stretches(parts: str) -> list[Run]:
    starts = played_parts.read(parts).values()
    return [(second, second + length) for stretches in starts for second, length in stretches]


def _count(changes: list[int], runs: list[Run], by: int) -> None:
    end = len(changes) - 1
    for start, stop in runs:
        changes[start if start < end else end] += by
        changes[stop if stop < end else end] -= by
