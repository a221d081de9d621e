"""What a viewer has seen, counted as Kollus' LMS data counts it.

Field meanings: https://catenoid-support.atlassian.net/wiki page 3311166; the sending of them:
https://docs.kollus.com/en/dev-guide/vod/player-callback/lms-callback/
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.kollus import switches


@dataclass(frozen=True)
class Stretch:
    """Film played without a break: positions in film seconds, and the speed it was played at."""

    start: float
    end: float
    speed: float = 1.0

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Viewing:
    """All that one start has played so far; `open_seconds` is how long the player has been open."""

    duration_seconds: float
    stretches: Sequence[Stretch]
    open_seconds: float
    position: float

    def counters(self) -> dict[str, int]:
        """Return the counters of `content_info`; film time for playtime, wall-clock time for showtime."""
        playtime = sum(stretch.length for stretch in self.stretches)
        return {
            "real_playtime": round(_covered(self.stretches, 0, self.duration_seconds)),
            "playtime": round(playtime),
            "playtime_percent": int(100 * playtime / self.duration_seconds),
            "last_play_at": round(self.position),
            "runtime": round(self.open_seconds),
            "showtime": round(sum(stretch.length / stretch.speed for stretch in self.stretches)),
        }

    def blocks(self) -> dict[str, int]:
        """Return b, t and p of every block: played at all, seconds with repeats, percent of it covered."""
        size = self.duration_seconds / switches.LMS_BLOCKS
        blocks: dict[str, int] = {}
        for number in range(switches.LMS_BLOCKS):
            low, high = number * size, (number + 1) * size
            touched = [s for s in self.stretches if low <= s.start < high or s.start < low < s.end]
            blocks[f"b{number}"] = int(bool(touched))
            blocks[f"t{number}"] = round(sum(max(0, min(s.end, high) - max(s.start, low)) for s in touched))
            blocks[f"p{number}"] = min(100, round(100 * _covered(touched, low, high) / size))
        return blocks

    def sessions(self) -> list[dict[str, int]]:
        """Return the stretches as `sessions`: the block each began in, where, and how long it was."""
        size = self.duration_seconds / switches.LMS_BLOCKS
        return [
            {
                "block": min(int(s.start / size), switches.LMS_BLOCKS - 1),
                "start_time": round(s.start),
                "play_time": round(s.length),
            }
            for s in self.stretches
        ]


def _covered(stretches: Sequence[Stretch], low: float, high: float) -> float:
    """Return how many film seconds between `low` and `high` were played at least once."""
    covered, reached = 0.0, low
    for stretch in sorted(stretches, key=lambda stretch: stretch.start):
        start, end = max(stretch.start, reached), min(stretch.end, high)
        covered += max(0.0, end - start)
        reached = max(reached, end)
    return covered
