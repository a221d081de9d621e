"""The door of the live server: who comes after his test is told so, and the log stays quiet."""

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from tests import quiet

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_comes_after_hours_finds_the_door_closed(
    live_server: LiveServer, capfd: pytest.CaptureFixture[str]
) -> None:
    quiet.open_door()  # the last test closed it
    address = f"{live_server.url}/healthz"
    statuses = [requests.get(address, timeout=20).status_code]

    quiet.close_door()
    try:
        statuses.append(requests.get(address, timeout=20).status_code)
    finally:
        quiet.open_door()
    statuses.append(requests.get(address, timeout=20).status_code)

    assert statuses == [200, 503, 200]
    assert "Traceback" not in capfd.readouterr().err
