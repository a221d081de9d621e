"""Takes one guard of the mails and addresses away; see `guards`."""

from datetime import datetime
from typing import Any
from unittest import mock

from tests.saboteurs.guards import Guard
from videos import rentals
from videos.models import Entitlement


def _instead(owner: object, name: str, replacement: Any) -> Guard:
    return lambda: mock.patch.object(owner, name, replacement)


def _tell_again(right: Entitlement, *, at: datetime) -> bool:
    return bool(Entitlement.objects.filter(pk=right.pk).update(end_told_at=at))


ends_are_told_again = _instead(rentals, "tell_once", _tell_again)
