"""`python -m tests.bench [part …]`: the benchmarks, one JSON line each; all parts where none is named.

`MATINEE_BENCH_ORDERS` (100000) is how full the office is, `MATINEE_BENCH_BLOCKS` (10000000) how much of a
film was watched, `MATINEE_BENCH_VIEWERS` (1000000) how many viewers have codes, `MATINEE_BENCH_RIGHTS`
(1000000) how many hold a right, `MATINEE_BENCH_SECONDS` (1.5) how long each turn of a round lasts. Ratios
hold on a busy machine too; times mean something on a quiet one only.
"""

import os
import sys
import time
import traceback
from collections.abc import Iterator
from importlib import import_module

from tests.bench import figures
from tests.bench.figures import Figure
from tests.bench.stage import Stage, open_stage

# In this order: what is measured against the floor first, what fills the tables last; `rights` empties those
# that the crowd is in.
PARTS = (
    *("webhook", "playback", "callback", "download", "progress", "page", "listing"),
    *("checkout", "sign_in", "takeover", "growth", "weight", "first_frame", "hang", "staff", "ledger"),
    *("watch_map", "codes", "rights"),
)


def main(names: list[str]) -> int:
    """Run the parts; the exit status is 0 where every promise is kept, 1 where one is not or could not be
    measured, 2 for an unknown part.
    """
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.stderr.write(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}\n")
        return 2
    shown: list[Figure] = []
    failed: list[str] = []
    before = os.getloadavg()[0]
    with open_stage() as stage:
        for name in [part for part in PARTS if part in (names or PARTS)]:
            try:
                for figure in _timed(name, stage):
                    shown.append(figure)
                    sys.stdout.write(figure.line() + "\n")
                    sys.stdout.flush()
            except Exception:  # noqa: BLE001 (the other parts have their say all the same)
                failed.append(name)
                traceback.print_exc()
    load = f"before {before:.1f}, after {os.getloadavg()[0]:.1f}"
    sys.stderr.write(f"{figures.summary(shown, failed)}The machine's load was {load}.\n")
    return int(bool(failed) or any(figure.kept is False for figure in shown))


def _timed(name: str, stage: Stage) -> Iterator[Figure]:
    begun = time.monotonic()
    sys.stderr.write(f"{name} …\n")
    yield from import_module(f"tests.bench.parts.{name}").measure(stage)  # late: it needs the settings
    sys.stderr.write(f"{name}: {time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
