"""How often somebody may be wrong about a code.

Counted by browser, and by what is on sale for all browsers together: an address of the network is shared by
the innocent and changed by the guilty.
"""

from datetime import UTC, datetime, timedelta

from billing.models import CouponGuess

_WINDOW = timedelta(minutes=10)
_KEPT = timedelta(days=1)
_PER_BROWSER = 10
_PER_TARGET = 1000


def are_too_many(*, visitor: str, about: str, at: datetime) -> bool:
    """This will tell whether no more codes are looked at in this window, right ones included."""
    limits = _limits(visitor, about)
    counts = CouponGuess.objects.filter(key__in=limits, window=_window(at)).values_list("key", "count")
    return any(count >= limits[key] for key, count in counts)


def note(*, visitor: str, about: str, at: datetime) -> None:
    """This will count one code that there is not."""
    for key in _limits(visitor, about):
        CouponGuess.add(key, window=_window(at))


def clear(*, at: datetime) -> None:
    """This will forget what was counted days ago."""
    CouponGuess.objects.filter(window__lt=at - _KEPT).delete()


def _limits(visitor: str, about: str) -> dict[str, int]:
    return {f"{about}:{visitor}": _PER_BROWSER, about: _PER_TARGET}


def _window(at: datetime) -> datetime:
    seconds = int(_WINDOW.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=UTC)
