import socket
import time
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis

from accounts.tasks import send_mail
from config import services
from tests.services import free_port


def _app(broker: str) -> Celery:
    app = Celery("probe", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=broker)
    return app


def test_a_dead_broker_fails_at_once() -> None:
    begun = time.monotonic()

    with pytest.raises(OperationalError):
        _app(f"redis://127.0.0.1:{free_port()}/0").send_task("nobody.does.this")

    assert time.monotonic() - begun < 10


def test_a_silent_broker_is_given_up_within_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it accepts and never answers
        begun = time.monotonic()

        with pytest.raises(OperationalError):
            _app(f"redis://127.0.0.1:{silent.getsockname()[1]}/0").send_task("nobody.does.this")

    assert time.monotonic() - begun < 15


def test_the_beat_sweeps_and_sends() -> None:
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    books = {"billing.tasks.fetch_balance", "billing.tasks.reconcile", "billing.tasks.tell_rental_ends"}
    people = {"accounts.tasks.send_mail", "accounts.tasks.forget_sign_ins", "billing.tasks.forget"}
    people |= {"billing.tasks.let_go"}
    films = {"videos.tasks.look_at_kollus", "videos.tasks.sync_kollus", "videos.tasks.map_what_was_seen"}
    films |= {"videos.tasks.forget_devices", "billing.tasks.follow_leaving"}
    assert names == {"billing.tasks.sweep"} | people | books | films


def test_without_redis_jobs_are_files(tmp_path: Path) -> None:
    chosen = services.broker("", folder=tmp_path)

    assert chosen["CELERY_BROKER_URL"] == "files://localhost"
    assert chosen["CELERY_BROKER_TRANSPORT_OPTIONS"]["polling_interval"] == 0.05


@pytest.mark.django_db(transaction=True)
def test_a_worker_idles_and_then_works(celery_worker: object) -> None:
    time.sleep(3)  # longer than the socket's timeout

    send_mail.delay()

    assert _is_empty_within(30)


def test_without_a_worker_a_job_waits() -> None:
    waiting = _waiting()

    send_mail.delay()

    time.sleep(0.3)
    assert _waiting() == waiting + 1


def _is_empty_within(seconds: float) -> bool:
    until = time.monotonic() + seconds
    while _waiting() and time.monotonic() < until:
        time.sleep(0.02)
    return _waiting() == 0


def _waiting() -> int:
    with Redis.from_url(settings.REDIS_URL) as redis:
        return int(str(redis.llen("celery")))
