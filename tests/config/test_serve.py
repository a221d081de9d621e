"""`make run`: opens from nothing, once per folder, goes on where it ended, and leaves nothing behind."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.services import free_port
from tests.serving import RunningShop

pytestmark = pytest.mark.long

Open = Callable[..., RunningShop]


@pytest.fixture
def start_shop(tmp_path: Path) -> Iterator[Open]:
    """Starts a shop in this test's folder; whatever happens, it is gone afterwards."""
    started: list[RunningShop] = []

    def start(*ports: int) -> RunningShop:
        started.append(RunningShop(tmp_path / "data", ports))
        return started[-1]

    yield start
    for shop in started:
        shop.kill()


def test_it_opens_from_nothing_closes_at_once_and_goes_on(start_shop: Open, tmp_path: Path) -> None:
    shop = start_shop().wait_until_open()
    keys = (tmp_path / "data" / "keys.json").read_bytes()

    assert "/videos/" in requests.get(f"{shop.url}/", timeout=40).text
    for said in (f"{shop.url}/admin/", f":{shop.ports[1]}/mail/", "cho@example.com", "4242 4242 4242 4242"):
        assert said in shop.output
    assert len(shop.processes()) == 3

    shop.interrupt()

    assert shop.process.returncode == 0
    assert "ERROR" not in shop.output
    assert "Traceback" not in shop.output

    again = start_shop(*shop.ports).wait_until_open()

    assert (tmp_path / "data" / "keys.json").read_bytes() == keys
    assert requests.get(f"{again.url}/", timeout=40).ok


def test_a_second_one_is_refused_and_a_killed_worker_replaced(start_shop: Open, tmp_path: Path) -> None:
    first = start_shop().wait_until_open()

    second = start_shop()
    second.process.wait(60)

    assert second.process.returncode == 1
    assert f"already open from {tmp_path / 'data'} (process {first.process.pid})" in second.output
    assert second.output.count("\n") == 1

    killed = first.worker
    os.kill(killed, signal.SIGKILL)

    assert first.wait_until_open().worker != killed


def test_nothing_survives_a_killed_parent(start_shop: Open) -> None:
    shop = start_shop().wait_until_open()

    os.kill(shop.process.pid, signal.SIGKILL)

    shop.wait_until_gone()


@pytest.mark.parametrize("which", [0, 1, 2], ids=["PORT", "SANDBOX_PORT", "SANDBOX_SMTP_PORT"])
def test_a_taken_port_is_one_clear_sentence(
    which: int, start_shop: Open, request: pytest.FixtureRequest
) -> None:
    ports = [free_port(), free_port(), free_port()]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports[which] = taken.getsockname()[1]
        shop = start_shop(*ports)
        shop.process.wait(60)

    assert shop.process.returncode == 1
    assert f"Port {ports[which]} is taken" in shop.output
    assert f"{request.node.callspec.id}={ports[which] + 10} make run" in shop.output
    assert shop.output.count("\n") == 1
