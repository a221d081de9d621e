"""Instants for tests that move time forward by handing it to a verb."""

from datetime import datetime, timedelta

from django.utils import timezone


def later(seconds: float) -> datetime:
    """An instant this many seconds from now."""
    return timezone.now() + timedelta(seconds=seconds)
