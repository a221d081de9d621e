"""The buttons beside an object on the control page: what the world outside may do to it."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.worlds import Json

_DAY = 86400


@dataclass(frozen=True)
class ActButton:
    """One button; pressing it intervenes as `act` says."""

    label: str
    act: str


_WAITING = ("needs_response", "under_review")
_CHOICES: dict[str, list[tuple[str, Json]]] = {
    "charge": [
        ("Dispute", {"act": "dispute"}),
        ("Say it never came", {"act": "dispute", "reason": "product_not_received"}),
        ("Only inquire", {"act": "dispute", "inquiry": True}),
        ("Warn of fraud", {"act": "warn_of_fraud"}),
    ],
    "dispute": [
        ("Shop wins", {"act": "win_dispute"}),
        ("Shop loses", {"act": "lose_dispute"}),
        ("Escalate", {"act": "escalate_dispute"}),
    ],
    "refund": [("Fail", {"act": "fail_refund"}), ("Complete", {"act": "complete_refund"})],
    "test_helpers.test_clock": [
        ("A day on", {"act": "age", "seconds": _DAY}),
        ("A week on", {"act": "age", "seconds": 7 * _DAY}),
        ("31 days on", {"act": "age", "seconds": 31 * _DAY}),
    ],
}


def buttons_for(kind: str, body: Json) -> list[ActButton]:
    """Return the buttons that make sense for an object in its present state."""
    return [
        ActButton(label, json.dumps({**wish, "object": body["id"]}))
        for label, wish in _CHOICES.get(kind, ())
        if _makes_sense(str(wish["act"]), body)
    ]


def _makes_sense(act: str, body: dict[str, Any]) -> bool:
    status = str(body.get("status"))
    if act in ("dispute", "warn_of_fraud"):
        return bool(body["paid"]) and not body["refunded"] and not (act == "dispute" and body["disputed"])
    if act == "escalate_dispute":
        return status.startswith("warning") and status != "warning_closed"
    if act.endswith("_dispute"):
        return status.removeprefix("warning_") in _WAITING
    if act == "complete_refund":
        return status == "pending"
    return status in ("pending", "succeeded", "ready")
