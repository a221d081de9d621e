"""A code that was read off a recording, among those of a thousand viewers and of a million.

`MATINEE_BENCH_VIEWERS` (1000000) says how many viewers. Two characters that can't be read leave the right one
alone, one that is misread leaves him first and nobody certain; and he is found as fast.
"""

import os
import random
import statistics
import time
from collections.abc import Iterator
from typing import Final

from django.db import connection

from tests.bench.figures import Figure, at_least, at_most, told
from tests.bench.stage import Stage
from videos import tracing
from videos.models import ViewerCode
from videos.models.viewer_codes import ALPHABET, LENGTH, UNREADABLE, new_code

FEW: Final = 1000
# A thousand times the viewers are two more levels of the index, and no scan.
FLAT: Final = 2
_TRIES: Final = 300
_AT_ONCE: Final = 50_000
_WRITE: Final = """
INSERT INTO videos_viewercode (code, visitor)
SELECT code, md5('code-' || code) FROM unnest(%s::text[]) code ON CONFLICT DO NOTHING
"""

_pick = random.Random(29)  # noqa: S311 (the same at every run)


def measure(stage: Stage) -> Iterator[Figure]:
    viewers = int(os.environ.get("MATINEE_BENCH_VIEWERS", "1000000"))
    _fill(FEW)
    quick = _times()
    yield told(f"codes: look-up among {FEW:,}", statistics.median(quick), "ms", (min(quick), max(quick)))
    _fill(viewers)
    slow = _times()
    many = f"among {viewers:,}"
    yield told(f"codes: look-up {many}", statistics.median(slow), "ms", (min(slow), max(slow)))
    ratio = statistics.median(slow) / statistics.median(quick)
    yield at_most(f"codes: look-up {many} to that among {FEW:,}", ratio, FLAT, "times")
    alone, first, wrong = _read_badly()
    yield at_least(f"codes: two unreadable {many}, the right one alone", alone, 1, "of all")
    yield at_least(f"codes: one misread {many}, the right one first", first, 1, "of all")
    yield at_most(f"codes: one misread {many}, anybody certain", wrong, 0, "of all")


def _fill(viewers: int) -> None:
    """Until so many viewers have codes of their own."""
    with connection.cursor() as cursor:
        while (lacking := viewers - ViewerCode.objects.count()) > 0:
            cursor.execute(_WRITE, [[new_code() for _ in range(min(lacking, _AT_ONCE))]])
        cursor.execute("ANALYZE videos_viewercode")


def _times() -> list[float]:
    times = []
    for code in _some():
        text = _with(code, dict.fromkeys(_pick.sample(range(LENGTH), 2), UNREADABLE))
        begun = time.perf_counter()
        tracing.candidates(text)
        times.append(1000 * (time.perf_counter() - begun))
    return times


def _read_badly() -> tuple[float, float, float]:
    """How often the right viewer was alone with two unreadable, first with one misread, and anybody certain
    with that.
    """
    alone = first = certain = 0
    for code in _some():
        two = tracing.candidates(_with(code, dict.fromkeys(_pick.sample(range(LENGTH), 2), UNREADABLE)))
        alone += [each.code.code for each in two] == [code] and two[0].is_certain
        place = _pick.randrange(LENGTH)
        other = _pick.choice(ALPHABET.replace(code[place], ""))
        misread = tracing.candidates(_with(code, {place: other}))
        first += bool(misread) and misread[0].code.code == code
        certain += any(each.is_certain for each in misread)
    return alone / _TRIES, first / _TRIES, certain / _TRIES


def _some() -> list[str]:
    """Codes from all over the table: of people who might be accused."""
    ids = ViewerCode.objects.order_by("id").filter(code__regex=f"^[{ALPHABET}]{{{LENGTH}}}$")
    lowest, highest = ids.values_list("id", flat=True).first(), ids.values_list("id", flat=True).last()
    assert lowest is not None and highest is not None
    found: list[str] = []
    while len(found) < _TRIES:
        row = ids.filter(id__gte=_pick.randint(lowest, highest)).values_list("code", flat=True).first()
        found += [row] if row else []
    return found


def _with(code: str, changes: dict[int, str]) -> str:
    return "".join(changes.get(place, character) for place, character in enumerate(code))
