"""A browser that sends a file to Kollus, for tests that need none of a browser's looks."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.sandbox_client import World

FILE = b"a film " * 1000


def send(
    world: World, url: str, content: bytes = FILE, *, part: str = "upload-file", **fields: Any
) -> requests.Response:
    """Post the file as the page does, from the page's own origin."""
    return requests.post(
        f"{world.sandbox.base}{urlsplit(url).path}",
        data={"accept": "application/json"} | fields,
        files={part: ("noon.mp4", content, "video/mp4")},
        headers=_headers(world),
        timeout=40,
    )


def preflight(world: World, url: str) -> requests.Response:
    """Ask what a browser asks before it posts with a progress listener."""
    headers = _headers(world) | {"Access-Control-Request-Method": "POST"}
    return requests.options(f"{world.sandbox.base}{urlsplit(url).path}", headers=headers, timeout=40)


def checksum(content: bytes = FILE) -> str:
    return hashlib.sha256(content).hexdigest()


def _headers(world: World) -> dict[str, str]:
    host = f"upload.kollus.localhost:{world.sandbox.port}"
    return {"Host": host, "Origin": "http://localhost:8000"}
