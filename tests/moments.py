"""Instants for tests that move time forward by handing it to a verb."""

import time
from datetime import datetime, timedelta

from django.utils import timezone


def later(seconds: float) -> datetime:
    """An instant this many seconds from now."""
    return timezone.now() + timedelta(seconds=seconds)


def wait_for_a_window_of(seconds: int, *, open_for: float) -> None:
    """Wait for the next window by the clock, where less than `open_for` seconds are left of this one."""
    left = seconds - time.time() % seconds
    if left < open_for:
        time.sleep(left)
