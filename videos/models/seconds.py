"""Sets of a film's seconds, as bits of a number: second 0 is the lowest bit. Kept as text: "0-60,75-120"."""

from collections.abc import Iterable

Run = tuple[int, int]


def among(runs: Iterable[Run], *, end: int) -> int:
    """This will gather the seconds of half-open runs; what lies before 0 or from `end` on is left out."""
    bits = 0
    for start, stop in runs:
        start, stop = max(start, 0), min(stop, end)
        if start < stop:
            bits |= ((1 << (stop - start)) - 1) << start
    return bits


def runs(bits: int) -> list[Run]:
    """This will list the runs of a set, each as long as can be, the earliest first."""
    found, passed = [], 0
    while bits:
        gap = (bits & -bits).bit_length() - 1
        bits >>= gap
        length = (~bits & (bits + 1)).bit_length() - 1
        bits >>= length
        found.append((passed + gap, passed + gap + length))
        passed += gap + length
    return found


def write(bits: int) -> str:
    """This will write a set as it is kept."""
    return ",".join(f"{start}-{stop}" for start, stop in runs(bits))


def read(text: str) -> int:
    """This will read what `write` wrote."""
    bits = 0
    for start, stop in runs_of(text):
        bits |= ((1 << (stop - start)) - 1) << start
    return bits


def runs_of(text: str) -> list[Run]:
    """This will list the runs of what `write` wrote."""
    edges = [run.split("-") for run in text.split(",")] if text else []
    return [(int(start), int(stop)) for start, stop in edges]
