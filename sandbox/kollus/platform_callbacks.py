"""Notices from Kollus' servers to the shop's: unsigned forms, sent again until one is answered with 200.

Source: https://docs.kollus.com/en/dev-guide/vod/api/platform-callback/
"""

import secrets
import threading
import time
from typing import Any

import requests

from sandbox.kollus import gateway, switches
from sandbox.worlds import Json, World, worlds

KIND = "kollus.platform_callback"
_LOOK_SECONDS = 0.1


def start() -> None:
    """Begin to send, in a thread of its own."""
    threading.Thread(target=_run, name="kollus-notices", daemon=True).start()


def plan(world: World, kind: str, upload: Json, facts: dict[str, Any], *, after_seconds: float = 0) -> None:
    """Have the shop told of an upload: now, or when the world's clock has moved so far."""
    form = {
        "content_provider_key": "sandbox",
        "filename": upload["file_name"],
        "upload_file_key": upload["upload_file_key"],
        **facts,
    }
    if world.faults.take("kollus", "platform_drop"):
        _put(
            world, {"kind": kind, "form": form, "state": "dropped", "status": None, "attempt": 0, "due_at": 0}
        )
        return
    due_at = world.clocks["kollus"].now() + after_seconds
    for _ in range(2 if world.faults.value("kollus", "platform_double") else 1):
        told = {"kind": kind, "form": form, "state": "waiting", "status": None, "attempt": 1}
        _put(world, {**told, "due_at": due_at})


def _put(world: World, notice: Json) -> None:
    notice = {"id": secrets.token_hex(8), **notice}
    world.put(KIND, notice["id"], notice)


def _run() -> None:
    while True:
        for world in worlds().all():
            if world.has_any(KIND) and not world.faults.value("kollus", "platform_hold"):
                for notice in world.all(KIND):
                    if notice["state"] == "waiting" and notice["due_at"] <= world.clocks["kollus"].now():
                        _send(world, notice)
        time.sleep(_LOOK_SECONDS)


def _send(world: World, notice: Json) -> None:
    url = gateway.account_of(world).platform_callback_urls.get(notice["kind"], "")
    status = _post(url, notice["form"]) if url else None
    changes: Json = {"status": status, "state": "delivered" if status == 200 else "failed"}
    if url and status != 200 and notice["attempt"] < switches.PLATFORM_ATTEMPTS:
        due_at = world.clocks["kollus"].now() + switches.PLATFORM_RETRY_SECONDS
        changes = {"status": status, "state": "waiting", "attempt": notice["attempt"] + 1, "due_at": due_at}
    if world.get(KIND, notice["id"]) is not None:  # else the world was reset meanwhile
        world.put(KIND, notice["id"], {**notice, **changes})


def _post(url: str, form: dict[str, Any]) -> int | None:
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(url, data=form, timeout=switches.PLATFORM_SECONDS, allow_redirects=False)
        except requests.RequestException:
            return None
    return answer.status_code
