"""Attacks on the way from a file to the shelf."""

from contextlib import suppress
from functools import partial
from itertools import pairwise

from django.conf import settings
from django.utils import timezone

from tests import promises
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import Stage
from videos.kollus import library, uploading
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.models.kollus_side import KollusTurnManager


def kollus_is_called_by_two(stage: Stage) -> None:
    """Two workers want to call at one instant."""
    with suppress(KollusUnavailable):
        library.find("20260101-nothing0")  # the row of the turns is there

    with meeting(KollusTurnManager, "_move"):
        all_at_once(*[partial(_look, "20260101-nothing1")] * 2)

    times = [call["at"] for call in stage.world.report()["kollus"]["api_calls"]]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    promises.keep(min(gaps) >= 1, "Kollus was called twice within a second")


def an_address_holds_the_token(stage: Stage) -> None:
    """Kollus answers as it does for a passthrough upload."""
    stage.world.faults(kollus={"leak_token": True})

    with suppress(KollusRefused):
        address = uploading.create_address(title="Noon", is_encrypted=False, at=timezone.now())
        promises.keep(settings.KOLLUS_API_TOKEN not in address.url, "the token left the shop")


def _look(upload_file_key: str) -> None:
    with suppress(KollusUnavailable):
        library.find(upload_file_key)
