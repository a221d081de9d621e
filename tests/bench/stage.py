"""What every part works on: PostgreSQL, Redis, the sandbox, the shop and the floor, all of this run alone."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, connections

from tests.bench.servers import ROOT, THREADS, Server
from tests.sandbox_client import World, start_sandbox
from tests.services import Services, free_port

SETTINGS, FLOOR_SETTINGS = "tests.bench.settings", "tests.bench.floor.settings"


@dataclass(frozen=True)
class Stage:
    """The two servers, and the sandbox's world that is wired to the shop."""

    shop: Server
    floor: Server
    world: World
    data: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.shop.port}"


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Start everything, with the sample shop on sale, and stop it all at the end."""
    with ExitStack() as leaving:
        services = Services()
        leaving.callback(services.stop)
        sandbox = start_sandbox()
        leaving.callback(sandbox.stop)
        world, port = sandbox.world(), free_port()
        data = services.folder / "data"
        data.mkdir()
        os.environ.update(_environment(services, world, data=data, port=port))
        _prepare_shop()
        _prepare_floor()
        _introduce(world, port)
        shop = leaving.enter_context(Server("config.wsgi", SETTINGS, port))
        floor = leaving.enter_context(Server("tests.bench.floor.wsgi", FLOOR_SETTINGS, free_port()))
        leaving.callback(connections.close_all)
        yield Stage(shop, floor, world, data)


def _environment(services: Services, world: World, *, data: Path, port: int) -> dict[str, str]:
    """As production would set it, except that the providers are the sandbox."""
    providers = world.sandbox.port
    return {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's sync API runs an event loop in our thread
        "ENV_FILE": "",
        "DATA_DIR": str(data),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DATABASE_URL": services.start_postgresql(),
        "REDIS_URL": services.start_redis(),
        "WEB_THREADS": str(THREADS),
        "LOG_LEVEL": "WARNING",
        "STRIPE_SECRET_KEY": world.secret_key,
        "STRIPE_PUBLISHABLE_KEY": world.publishable_key,
        "STRIPE_WEBHOOK_SECRETS": f"whsec_sandbox_{secrets.token_hex(8)}",
        "STRIPE_API_BASE": f"http://127.0.0.1:{providers}",
        "STRIPE_JS_URL": f"http://stripe.localhost:{providers}/endive/stripe.js",
        "KOLLUS_PLAYER_BASE": f"http://kollus.localhost:{providers}",
        "KOLLUS_API_BASE": f"http://127.0.0.1:{providers}/kollus-api",
        "KOLLUS_SECURITY_KEY": secrets.token_hex(16),
        "KOLLUS_DRM_SITE_ID": "SITE",
        "KOLLUS_DRM_SITE_KEY": secrets.token_hex(16),
        "KOLLUS_DRM_ACCESS_KEY": secrets.token_hex(16),
        "KOLLUS_CUSTOM_KEY": secrets.token_hex(32),
        "KOLLUS_PLAYER_CALLBACK_SECRETS": secrets.token_hex(12),
        "KOLLUS_PLATFORM_CALLBACK_SECRETS": secrets.token_hex(12),
        "OFFLINE_DAYS": "30",
        "EMAIL_URL": f"smtp://127.0.0.1:{world.sandbox.smtp_port}",
        "ALLOW_TEST_PAYMENTS": "1",
    }


def _prepare_shop() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed_shop", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _prepare_floor() -> None:
    """In a database of its own beside the shop's, by a process that has the floor's settings."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE floor")
    command = [sys.executable, "-m", "tests.bench.floor.prepare"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": FLOOR_SETTINGS}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _introduce(world: World, port: int) -> None:
    from django.conf import settings

    from videos.models import Video

    shop = f"http://127.0.0.1:{port}"
    callbacks = f"{shop}/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}"
    films = [
        {"mckey": each.media_content_key, "duration": each.duration_seconds, "title": each.slug}
        | {"protection": each.protection, "upload_file_key": each.upload_file_key}
        for each in Video.objects.all()
    ]
    world.configure(
        webhook={"url": f"{shop}/webhooks/stripe/", "secrets": settings.STRIPE_WEBHOOK_SECRETS},
        kollus={
            "custom_key": settings.KOLLUS_CUSTOM_KEY,
            "security_key": settings.KOLLUS_SECURITY_KEY,
            "drm": {
                "site_id": settings.KOLLUS_DRM_SITE_ID,
                "site_key": settings.KOLLUS_DRM_SITE_KEY,
                "access_key": settings.KOLLUS_DRM_ACCESS_KEY,
            },
            "contents": films,
            "play_callback_url": f"{callbacks}/play/",
            "lms_callback_url": f"{callbacks}/lms/",
        },
    )
