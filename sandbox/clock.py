"""A provider's clock: real time plus an offset that the controls may shift."""

import time
from datetime import UTC, datetime


class Clock:
    """Counts seconds since 1970 as one provider sees them."""

    def __init__(self, offset_seconds: float = 0) -> None:
        self.offset_seconds = offset_seconds

    def now(self) -> float:
        """Return the provider's present instant in seconds."""
        return time.time() + self.offset_seconds

    def seconds(self) -> int:
        """Return `now()` in whole seconds, as both providers write instants."""
        return int(self.now())


def readable(seconds: float) -> str:
    """Return an instant as `2026-11-22 14:05:09`, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
