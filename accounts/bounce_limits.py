"""How many reports of mails that came back are heard, by what nobody can change who has no secret of ours:
that a report is not signed, which signature it bears, and which secret made that.

Counted in the memory of this process, so that a flood costs the database nothing.
"""

import logging
from collections import Counter
from datetime import datetime
from threading import Lock
from typing import Final

logger = logging.getLogger(__name__)

WINDOW_SECONDS: Final = 600
MOST_OF_A_SECRET: Final = 1000  # in a window
MOST_OF_A_SIGNATURE: Final = 5  # who sends it again does so because our answer was lost


class _Counts:
    """Counts by name, in the present window alone."""

    def __init__(self) -> None:
        self._lock, self._window = Lock(), 0
        self._counts: Counter[str] = Counter()

    def of(self, name: str, *, at: datetime) -> int:
        return self.add(name, 0, at=at)

    def add(self, name: str, by: int = 1, *, at: datetime) -> int:
        window = int(at.timestamp()) // WINDOW_SECONDS
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, Counter()
            self._counts[name] += by
            return self._counts[name]


_counts: Final = _Counts()


def note_forged(*, at: datetime) -> None:
    """This will count a report that we did not sign, and say so once in a window."""
    if _counts.add("forged", at=at) == 1:
        logger.warning("forged bounce reports are refused", extra={"for_seconds": WINDOW_SECONDS})


def is_one_too_many(signature: str, secret: str, *, at: datetime) -> bool:
    """This will count a signed report, and tell whether it has to wait. One that is sent again does not use
    up what its secret may send.
    """
    of_secret = f"secret {secret}"
    if _counts.of(of_secret, at=at) >= MOST_OF_A_SECRET:
        return True
    again = _counts.add(f"signature {signature}", at=at)
    if again == 1 and _counts.add(of_secret, at=at) == MOST_OF_A_SECRET:
        logger.warning("no more bounce reports for now", extra={"after": MOST_OF_A_SECRET})
    return again > MOST_OF_A_SIGNATURE
