"""Heat: tries that brought no sale, counted in windows of ten minutes by what an attacker cannot change."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import Subquery

from billing.guarding import velocity
from billing.models import Heat

_WINDOW = timedelta(minutes=10)
_KEPT = timedelta(days=1)
# What a window hands on: an attack that ends is forgotten within the hour, however large it was.
_MOST_KEPT = 80


def add(keys: Iterable[str], by: int, *, at: datetime) -> dict[str, int]:
    """This will count for each key and tell what it comes to; no two callers are told the same."""
    return Heat.objects.add(list(keys), by, since=_window(at), window=_WINDOW, most_kept=_MOST_KEPT)


def of_the_shop(*, at: datetime) -> Subquery:
    """This will read the whole shop's heat as part of another query; None or 0 while nobody was refused."""
    recent = Heat.objects.filter(key=velocity.SHOP, since__gte=_window(at) - _WINDOW, since__lte=at)
    return Subquery(recent.order_by("-since").values("count")[:1])


def clear(*, at: datetime) -> None:
    """This will forget what was counted days ago."""
    Heat.objects.filter(since__lt=at - _KEPT).delete()


def _window(at: datetime) -> datetime:
    seconds = int(_WINDOW.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=UTC)
