"""Progress ("LMS") reports: made from what was played, sent in order, kept while the shop does not answer.

Shape: the official samples, https://github.com/kollus-service/kollus-samples-php; sending:
https://docs.kollus.com/en/dev-guide/vod/player-callback/lms-callback/
"""

import json
import threading
from typing import Any
from weakref import WeakKeyDictionary

from sandbox.kollus import http_client, switches
from sandbox.kollus.account import Account
from sandbox.kollus.progress import Viewing
from sandbox.kollus.starts import Start
from sandbox.worlds import World

KIND = "kollus.report"

_PROVIDER = "sandbox"
_senders: WeakKeyDictionary[World, "_Sender"] = WeakKeyDictionary()
_senders_lock = threading.Lock()

Json = dict[str, Any]


def json_data(start: Start, viewing: Viewing) -> Json:
    """Return one report: the counters since the gateway was called, which is the session's id."""
    return {
        "user_info": {
            "content_provider_key": _PROVIDER,
            "client_user_id": start["cuid"],
            "player_id": start["player_id"],
            "hardware_id": "",
            "host_name": start["host_name"],
            "device": start["device"],
        },
        "content_info": {
            "duration": round(viewing.duration_seconds),
            "encoding_profile": f"{_PROVIDER}-pc1-high",
            "media_content_key": start["mckey"],
            "channel_key": _PROVIDER,
            "start_at": start["at"],
            **viewing.counters(),
        },
        "block_info": {
            "block_count": switches.LMS_BLOCKS,
            "blocks": viewing.blocks(),
            "sessions": viewing.sessions(),
        },
        "uservalues": start["uservalues"],
    }


def send(world: World, account: Account, start: Start, viewing: Viewing, *, event: str) -> None:
    """Queue a report and return at once: the player neither waits for the answer nor reads it."""
    if not account.lms_callback_url:
        return
    with world.lock:
        number = len(world.all(KIND)) + 1
        report = {
            "number": number,
            "start": start["id"],
            "event": event,
            "at": world.clocks["kollus"].seconds(),
            "json_data": json_data(start, viewing),
            "state": "waiting",
            "attempts": 0,
            "status": None,
        }
        world.put(KIND, f"report-{number}", report)
    with _senders_lock:
        sender = _senders.setdefault(world, _Sender(world))
    sender.wake()


class _Sender:
    """Sends one world's reports one by one; after a failure it waits, then begins with the same one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._news = threading.Event()
        self._lock = threading.Lock()
        self._is_running = False

    def wake(self) -> None:
        self._news.set()
        with self._lock:
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name="kollus-reports", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._news.clear()
            waiting = next((r for r in self._world.all(KIND) if r["state"] == "waiting"), None)
            if waiting is None:
                with self._lock:
                    if not self._news.is_set():
                        self._is_running = False
                        return
            elif not self._deliver(waiting):
                self._news.wait(self._account().lms_interval_seconds)

    def _deliver(self, report: Json) -> bool:
        """Send one report; False keeps it. What the shop refuses (4xx) is not sent again, what it lost is."""
        status = self._post(report)
        is_kept = status == 0 or status >= 500
        with self._world.lock:
            report["attempts"] += 1
            report["status"] = status or None
            report["state"] = "waiting" if is_kept else ("sent" if status < 400 else "refused")
            id = f"report-{report['number']}"
            if self._world.get(KIND, id) is report:  # else a reset came between
                self._world.put(KIND, id, report)
        return not is_kept

    def _post(self, report: Json) -> int:
        if self._world.faults.value("kollus", "callback_down"):
            return 0
        fields = {"json_data": json.dumps(report["json_data"], separators=(",", ":"), ensure_ascii=False)}
        url = self._account().lms_callback_url
        return http_client.post(url, fields, timeout_seconds=switches.LMS_SECONDS).status

    def _account(self) -> Account:
        return Account.from_configuration(self._world.config["kollus"])
