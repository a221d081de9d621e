"""What is to go wrong: set through the controls, read where it happens, counted down as it happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Group = dict[str, Any]

DEFAULTS: dict[str, Group] = {
    "stripe": {"latency_ms": {}, "fail_next": [], "refunds": None},
    "webhooks": {
        "delay_seconds": 0,
        "drop": 0,
        "double": False,
        "reorder": False,
        "pause": False,
        "signature": "good",
        "drop_types": [],
        "livemode": None,
    },
    "js": {"block": False, "slow_seconds": 0},
    "sign_in": {"down": False},
    "three_ds": {"mode": "buttons"},
    "kollus": {
        "callback_down": False,
        "error_code": None,
        "licence_down": False,
        "latency_ms": 0,
        "next_error": None,
        "api": None,
        "cut_uploads": 0,
        "redirect_uploads": 0,
        "leak_token": False,
        "address_elsewhere": False,
        "transcoding_fails": False,
        "platform_drop": 0,
        "platform_double": False,
        "platform_hold": False,
        "device": None,
        "duplicates": None,
    },
}


class Faults:
    """One world's faults, by group (`stripe`, `webhooks`, `js`, `sign_in`, `three_ds`, `kollus`) and name.

    `value(group, name)`   what is set, or the harmless default
    `take(group, name)`    the same, and it is used up: a number counts down by one, anything else clears
    `latency_seconds(group, call)`  how long `call` ("POST /v1/refunds") shall wait, from `latency_ms`
    `take_failure(group, call)`     the next `fail_next` entry that fits `call`, or None
    """

    def __init__(self, lock: threading.RLock, save: Callable[[Group], None]) -> None:
        self._set: dict[str, Group] = {}
        self._save = save
        self._lock = lock

    def load(self, faults: dict[str, Group]) -> None:
        with self._lock:
            self._set = faults

    def read(self) -> dict[str, Group]:
        """Return every fault, those left at their default included."""
        with self._lock:
            return {
                group: {**DEFAULTS.get(group, {}), **self._set.get(group, {})}
                for group in [*DEFAULTS, *(g for g in self._set if g not in DEFAULTS)]
            }

    def merge(self, changes: dict[str, Group | None]) -> None:
        """Set what `changes` names; None in place of a value, or of a group, clears it.

        :raises ValueError: a fault that does not exist.
        """
        for group, values in changes.items():
            unknown = set(values or ()) - set(DEFAULTS.get(group, ()))
            if group not in DEFAULTS or unknown:
                raise ValueError(f"No such fault: {group} {', '.join(sorted(unknown))}".strip() + ".")
        with self._lock:
            for group, values in changes.items():
                kept = {**self._set.get(group, {}), **values} if values else {}
                self._set[group] = {name: value for name, value in kept.items() if value is not None}
            self._save(self._set)

    def value(self, group: str, name: str) -> Any:
        with self._lock:
            return self._value(group, name)

    def take(self, group: str, name: str) -> Any:
        with self._lock:
            value = self._value(group, name)
            if value:
                counts = isinstance(value, int) and not isinstance(value, bool)
                self._put(group, name, value - 1 if counts else None)
            return value

    def latency_seconds(self, group: str, call: str) -> float:
        latency = self.value(group, "latency_ms")
        if isinstance(latency, dict):
            latency = latency.get(call, latency.get("*", 0))
        return float(latency or 0) / 1000

    def take_failure(self, group: str, call: str) -> Group | None:
        with self._lock:
            planned = [dict(failure) for failure in self._value(group, "fail_next")]
            for failure in planned:
                if failure.get("call", "*") in ("*", call):
                    failure["times"] = int(failure.get("times", 1)) - 1
                    self._put(group, "fail_next", [f for f in planned if int(f.get("times", 1)) > 0])
                    return failure
            return None

    def _value(self, group: str, name: str) -> Any:
        return self._set.get(group, {}).get(name, DEFAULTS[group][name])

    def _put(self, group: str, name: str, value: Any) -> None:
        self._set.setdefault(group, {})[name] = value
        if value is None:
            del self._set[group][name]
        self._save(self._set)
