"""What players say they played, start by start: stretches of film, each as its first second and its length.

Kept as JSON, `{"41/1767225600": [0, 60, 30, 10]}`: by session and start, the stretches one after another.
"""

import json
from collections.abc import Iterable

Stretch = tuple[int, int]
Parts = dict[str, list[Stretch]]

# More starts, or stretches, of one film by one viewer are not told apart: they count once, as seen.
MOST_STARTS = 200
MOST_STRETCHES = 2000
_WRITE = json.JSONEncoder(separators=(",", ":")).encode


def read(text: str) -> Parts:
    """This will read what `write` wrote."""
    told: dict[str, list[int]] = json.loads(text) if text else {}
    return {start: list(zip(flat[::2], flat[1::2], strict=True)) for start, flat in told.items()}


def write(parts: Parts) -> str:
    """This will write parts as they are kept; what is the same is written the same."""
    flat = {start: [number for stretch in parts[start] for number in stretch] for start in sorted(parts)}
    return _WRITE(flat)


def merged(parts: Parts, start: str, told: Iterable[Stretch]) -> Parts:
    """This will add what a report tells of one start.

    Reports of one start tell of the same stretches, later ones of more: the n-th stretch from a second is as
    long as any report says. So it ends the same in whatever order they come, and however often.
    """
    if start not in parts and len(parts) >= MOST_STARTS:
        return parts
    one, other = _by_second(parts.get(start, [])), _by_second(told)
    stretches = [
        (second, length)
        for second in sorted(one.keys() | other.keys())
        for length in _longest(one.get(second, []), other.get(second, []))
    ]
    others = sum(len(each) for key, each in parts.items() if key != start)
    return parts | {start: stretches[: max(0, MOST_STRETCHES - others)]}


def played_seconds(parts: Parts, *, of: str = "") -> int:
    """This will add up all that was played, replays included; `of` leaves out what does not begin so."""
    return sum(length for start in parts if start.startswith(of) for _second, length in parts[start])


def _by_second(stretches: Iterable[Stretch]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for second, length in stretches:
        if length > 0:
            found.setdefault(second, []).append(length)
    return found


def _longest(one: list[int], other: list[int]) -> list[int]:
    short, long = sorted((one, other), key=len)
    return [max(pair) for pair in zip(short, long, strict=False)] + long[len(short) :]
