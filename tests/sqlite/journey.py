"""One purchase from the panel to the second evening, in the run of `test_on_sqlite`."""

import pytest
from django.db import connection
from django.utils import timezone

from tests import promises
from tests.concurrency.player import Player
from tests.concurrency.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_database_is_sqlite_in_wal_mode(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]

    assert (connection.vendor, mode) == ("sqlite", "wal")
    assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]


def test_a_film_is_bought_watched_and_resumed(stage: Stage, celery_worker: object) -> None:
    ada = stage.stranger()

    answer = ada.buy("noon")
    player = Player(stage, answer["playback"]["url"])
    asked = player.asks(kind=1), player.asks(kind=3)
    player.reports(12, at=timezone.now())
    again = ada.watch("noon").json()

    assert asked == ("yes", "yes")
    assert again["resume_seconds"] == 12
    stage.world.settle()
    promises.sold(stage.world)
