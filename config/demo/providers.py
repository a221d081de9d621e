"""The sandbox as a child process, and its world told about this shop."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from django.conf import settings
from django.utils import translation

from config.demo.environment import Ports, keys
from videos.models import Video

_TRAILER_SECONDS = 12


class SandboxFailed(Exception):
    """The sandbox did not start; it has said why on standard error."""


@contextmanager
def sandbox(ports: Ports) -> Iterator[None]:
    """Run the sandbox until the block ends. It dies with this process too, however that ends.

    :raises SandboxFailed: it ended before it was ready.
    """
    process = subprocess.Popen(  # noqa: S603 (every part of the command is ours)
        [sys.executable, "-m", "sandbox", *_options(ports)],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,  # Ctrl-C reaches the shop first, which then stops the sandbox
    )
    try:
        if not process.stdout or not process.stdout.readline():
            raise SandboxFailed("The sandbox could not be started.")
        yield
    finally:
        _stop(process)


def introduce_shop(ports: Ports) -> None:
    """Create or update the world of the shop's key: its webhook, its callbacks and its films."""
    answer = requests.put(
        f"http://127.0.0.1:{ports.sandbox}/_sandbox/worlds/{settings.STRIPE_SECRET_KEY}",
        json=_world(f"http://127.0.0.1:{ports.shop}"),
        headers={"X-Sandbox-Token": _token()},
        timeout=10,
    )
    answer.raise_for_status()


def _options(ports: Ports) -> list[str]:
    state = settings.DATA_DIR / "sandbox"
    state.mkdir(exist_ok=True)
    numbers = ["--port", str(ports.sandbox), "--smtp-port", str(ports.mail)]
    return [*numbers, "--state", str(state), "--token", _token()]


def _token() -> str:
    return keys(settings.DATA_DIR)["SANDBOX_TOKEN"]


def _world(shop: str) -> dict[str, Any]:
    callbacks = f"{shop}/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}"
    platform = f"{shop}/callbacks/kollus/{settings.KOLLUS_PLATFORM_CALLBACK_SECRETS[0]}"
    return {
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        "webhook": {"url": f"{shop}/webhooks/stripe/", "secrets": settings.STRIPE_WEBHOOK_SECRETS},
        "sign_in": {
            name: {
                "client_id": client_id,
                "secret": secret,
                "redirect_uris": [f"{settings.SITE_URL}/account/with/{name}/back/"],
            }
            for name, (client_id, secret) in settings.SIGN_IN_WITH.items()
        },
        "kollus": {
            "custom_key": settings.KOLLUS_CUSTOM_KEY,
            "security_key": settings.KOLLUS_SECURITY_KEY,
            "play_callback_url": f"{callbacks}/play/",
            "lms_callback_url": f"{callbacks}/lms/",
            "download_callback_url": f"{callbacks}/download/",
            "permits_downloads": True,
            "lms_interval_seconds": 5,
            "callback_from": "server",
            "drm": {
                "site_id": settings.KOLLUS_DRM_SITE_ID,
                "site_key": settings.KOLLUS_DRM_SITE_KEY,
                "access_key": settings.KOLLUS_DRM_ACCESS_KEY,
            },
            "api_token": settings.KOLLUS_API_TOKEN,
            "channels": [settings.KOLLUS_CHANNEL_KEY],
            "profile_keys": ["sandbox-pc1-high"],
            "platform_callback_urls": {
                kind: f"{platform}/{kind}/" for kind in ("upload", "transcoding", "update", "channel")
            },
            "contents": _contents(),
        },
    }


def _contents() -> list[dict[str, Any]]:
    with translation.override(settings.LANGUAGE_CODE):
        return [
            {
                "mckey": video.media_content_key,
                "duration": video.duration_seconds,
                "title": video.title,
                "protection": video.protection,
                "upload_file_key": video.upload_file_key or f"sample-{video.media_content_key}",
                "captions": ["English", "한국어"],
            }
            for video in Video.objects.with_texts().exclude(media_content_key="").order_by("id")
        ] + [
            {
                **{"mckey": key, "duration": _TRAILER_SECONDS, "title": slug, "protection": "none"},
                "upload_file_key": f"sample-{key}",
            }
            for slug, key in Video.objects.exclude(trailer_key="").values_list("slug", "trailer_key")
        ]


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
