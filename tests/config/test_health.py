import time

import pytest
from django.test import Client
from pytest_django import Settings

from tests.services import free_port


@pytest.mark.django_db
def test_healthz_tells_of_database_and_broker(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok"})


@pytest.mark.django_db
def test_a_dead_broker_is_told_at_once(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    begun = time.monotonic()

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "broker": "unreachable"})
    assert time.monotonic() - begun < 10


def test_a_dead_database_is_told(client: Client) -> None:
    # Without the mark, the database refuses: which is what a dead one does.
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"database": "unreachable", "broker": "ok"})
