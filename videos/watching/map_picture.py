"""A film's map as a picture: bars in a box of fixed size, which a page stretches to its width."""

from dataclasses import dataclass
from typing import Final

from videos.watching.clock import clock
from videos.watching.watch_map import FilmMap, Part

WIDTH, HEIGHT = 1000, 240
_BARS: Final = 100
_GAP: Final = 1.5


@dataclass(frozen=True)
class Bar:
    """A stretch's viewers as a bar, and its replays standing on it; measured from the box's top left."""

    part: Part
    x: str
    width: str
    y: str
    height: str
    again_y: str
    again_height: str

    @property
    def span(self) -> str:
        return f"{clock(self.part.start)}–{clock(self.part.stop)}"


@dataclass(frozen=True)
class Picture:
    """The bars, what the tallest of them counts, and the times to be written below."""

    bars: list[Bar]
    tallest: int
    times: list[str]


def draw(film: FilmMap) -> Picture:
    """This will draw the map; one that nobody has seen anything of has bars without height."""
    parts = film.parts(_BARS)
    tallest = max((part.saw + part.again for part in parts), default=0)
    step, scale = WIDTH / max(1, len(parts)), HEIGHT / max(1, tallest)
    bars = [
        Bar(
            part,
            x=f"{number * step:.1f}",
            width=f"{step - _GAP:.1f}",
            y=f"{HEIGHT - part.saw * scale:.1f}",
            height=f"{part.saw * scale:.1f}",
            again_y=f"{HEIGHT - (part.saw + part.again) * scale:.1f}",
            again_height=f"{part.again * scale:.1f}",
        )
        for number, part in enumerate(parts)
    ]
    times = [clock(film.duration_seconds * quarter // 4) for quarter in range(5)]
    return Picture(bars, tallest, times)
