"""Takes one guard of the way from a file to the shelf away; see `guards`."""

from datetime import datetime
from typing import Any
from unittest import mock

from tests.saboteurs.guards import Guard
from videos.kollus import uploading
from videos.models import KollusTurn
from videos.models.kollus_side import KollusTurnManager


def _instead(owner: object, name: str, replacement: Any) -> Guard:
    return lambda: mock.patch.object(owner, name, replacement)


def _move_any(turns: KollusTurnManager, read: datetime, to: datetime) -> bool:
    return bool(KollusTurn.objects.filter(pk=1).update(free_at=to))


turns_are_given_twice = _instead(KollusTurnManager, "_move", _move_any)
any_address_is_for_browsers = _instead(uploading, "_is_for_browsers", lambda url: True)
