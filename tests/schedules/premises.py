"""The shop in processes of its own, as production runs it, so that one can be killed within its work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psutil
import requests
from django.conf import settings
from django.db import connection

from tests import enabled_events
from tests.sandbox_client import Sandbox
from tests.services import free_port

ROOT: Final = Path(__file__).resolve().parent.parent.parent
_GUNICORN: Final = [
    *("gunicorn", "config.wsgi", "--worker-class", "gthread", "--threads", "8", "--preload"),
    *("--no-control-socket", "--log-level", "critical", "--bind"),
]
_CELERY: Final = [
    *("celery", "-A", "config.celery", "worker", "--concurrency", "1", "--loglevel", "CRITICAL"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]
# A database of Redis' own, since the other tests' worker listens in the first.
_REDIS_DATABASE = "5"


def wait_until(is_so: Callable[[], object], what: str, seconds: float = 60) -> None:
    """This will wait for something that happens elsewhere. :raises AssertionError: not in time."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"not in time: {what}"
        time.sleep(0.05)


class Premises:
    """gunicorn with one serving process, and Celery with one working process, on the test's database."""

    def __init__(self, sandbox: Sandbox, data_dir: Path) -> None:
        self.world = sandbox.world()
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._environment = self._wire(sandbox, data_dir)
        self._web = self._start(*_GUNICORN, f"127.0.0.1:{self.port}")
        self._jobs = self._start(*_CELERY)
        wait_until(self._is_open, "the shop opens")
        wait_until(lambda: _children(self._jobs), "the worker begins")

    @property
    def facts(self) -> dict[str, Any]:
        """The settings that the test's own process must share."""
        return {
            "STRIPE_SECRET_KEY": self.world.secret_key,
            "STRIPE_API_BASE": self._environment["STRIPE_API_BASE"],
            "SITE_URL": self.url,
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.world.sandbox.smtp_port,
        }

    def kill_serving_process(self) -> None:
        """Kill the process that serves, in the midst of whatever it does; another one takes its place."""
        _kill_child(self._web)

    def kill_working_process(self) -> None:
        """Kill the process that does a worker's jobs; another one takes its place."""
        _kill_child(self._jobs)

    def kill_worker(self) -> None:
        """Kill the worker, its parent first, and start another."""
        for process in (psutil.Process(self._jobs.pid), *_children(self._jobs)):
            process.kill()
        self._jobs.wait()
        self._jobs = self._start(*_CELERY)

    def wait_until_open(self) -> None:
        wait_until(self._is_open, "the shop opens again")

    def close(self) -> None:
        for process in (self._web, self._jobs):
            children = _children(process)
            process.terminate()
            for child in children:
                child.kill()
            process.wait(20)

    def _wire(self, sandbox: Sandbox, data_dir: Path) -> dict[str, str]:
        secret = "whsec_sandbox_premises"
        webhook = {
            "url": f"http://127.0.0.1:{self.port}/webhooks/stripe/",
            "secrets": [secret],
            "enabled_events": enabled_events.written_out(),
        }
        self.world.configure(webhook=webhook)
        drm = ("KOLLUS_DRM_SITE_ID", "KOLLUS_DRM_SITE_KEY", "KOLLUS_DRM_ACCESS_KEY")
        names = ("SECRET_KEY", "KOLLUS_CUSTOM_KEY", "KOLLUS_SECURITY_KEY", *drm)
        return {
            **{name: str(getattr(settings, name)) for name in names},
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "tests.schedules.production",
            "ENV_FILE": "",
            "DATA_DIR": str(data_dir),
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DATABASE_URL": _database_url(),
            "REDIS_URL": f"{settings.REDIS_URL.rpartition('/')[0]}/{_REDIS_DATABASE}",
            "EMAIL_URL": f"smtp://127.0.0.1:{sandbox.smtp_port}",
            "STRIPE_SECRET_KEY": self.world.secret_key,
            "STRIPE_PUBLISHABLE_KEY": self.world.publishable_key,
            "STRIPE_WEBHOOK_SECRETS": secret,
            "STRIPE_API_BASE": sandbox.base,
            "STRIPE_JS_URL": f"http://stripe.localhost:{sandbox.port}/endive/stripe.js",
            "KOLLUS_PLAYER_BASE": f"http://kollus.localhost:{sandbox.port}",
            "KOLLUS_API_BASE": f"{sandbox.base}/kollus-api",
            "KOLLUS_PLAYER_CALLBACK_SECRETS": "premises-player",
            "KOLLUS_PLATFORM_CALLBACK_SECRETS": "premises-platform",
            "ALLOW_TEST_PAYMENTS": "1",
            "LOG_STYLE": "plain",
            "LOG_LEVEL": "ERROR",
        }

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            process_group=0,
        )

    def _is_open(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).ok
        except requests.RequestException:
            return False


def _database_url() -> str:
    """Of the database that the test's own process speaks to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        user, name = cursor.fetchone()
    return f"postgresql://{user}@/{name}?host={connection.settings_dict['HOST']}"


def _children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return [] if process.poll() is not None else psutil.Process(process.pid).children()


def _kill_child(process: subprocess.Popen[bytes]) -> None:
    (child,) = _children(process)
    os.kill(child.pid, signal.SIGKILL)
    wait_until(lambda: [each for each in _children(process) if each.pid != child.pid], "another process")
