"""A film's map as its owner reads it: how many saw each second, saw it again, and where they were lost."""

import itertools
from dataclasses import dataclass
from typing import Final

from videos.models import Video, WatchMap, WatchProgress
from videos.watching.mapping import Added

# So many rows that are not in the map yet are added as it is looked at; a beat takes in the rest.
_MOST_FOLLOWING: Final = 2000


@dataclass(frozen=True)
class Part:
    """A stretch of the film. `lost` are the viewers that the stretch before it had, and this one has not."""

    start: int
    stop: int
    saw: int
    again: int
    share_percent: int
    lost: int


@dataclass(frozen=True)
class FilmMap:
    """By second, how many viewers saw it and how often it was played; of all viewers up to now."""

    duration_seconds: int
    saw: list[int]
    played: list[int]
    viewers: int
    completed: int

    @property
    def played_seconds(self) -> int:
        return sum(self.played)

    @property
    def completed_percent(self) -> int:
        return _percent(self.completed, self.viewers)

    @property
    def seen_percent(self) -> int:
        """How much of the film a viewer saw, in the middle of all of them."""
        return _percent(sum(self.saw), self.viewers * self.duration_seconds)

    def parts(self, count: int) -> list[Part]:
        """The film in so many stretches, or one for each second of a shorter one."""
        count = min(count, self.duration_seconds)
        edges = [number * self.duration_seconds // count for number in range(count + 1)] if count else []
        found: list[Part] = []
        for start, stop in itertools.pairwise(edges):
            size = stop - start
            saw = round(sum(self.saw[start:stop]) / size)
            played = round(sum(self.played[start:stop]) / size)
            lost = max(0, found[-1].saw - saw) if found else 0
            found.append(Part(start, stop, saw, max(0, played - saw), _percent(saw, self.viewers), lost))
        return found


def of(video: Video) -> FilmMap:
    """This will add up a film's map, the last reports included: two queries, however many viewers it has."""
    kept = WatchMap.objects.filter(video=video).first() or WatchMap(video=video)
    added = Added(video.duration_seconds)
    following = WatchProgress.objects.filter(video=video, is_mapped=False).order_by("id")
    for row in following[:_MOST_FOLLOWING]:
        added.add(row)
    return FilmMap(
        duration_seconds=video.duration_seconds,
        saw=added.to(kept.saw, added.saw),
        played=added.to(kept.played, added.played),
        viewers=kept.viewers + added.viewers,
        completed=kept.completed + added.completed,
    )


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
