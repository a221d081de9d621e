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
    "kollus.start": [("Close this player", {"act": "close_player"})],
    "kollus.device": [("Forget this viewer's devices", {"act": "forget_devices"})],
    "kollus.upload": [
        ("Take out of its channel", {"act": "detach_content"}),
        ("Put into the channel", {"act": "attach_content"}),
        ("Give it captions", {"act": "change_content", "captions": ["ko", "en"]}),
        ("Delete", {"act": "delete_content"}),
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
        ActButton(label, json.dumps({**wish, "object": _name_of(wish, body)}))
        for label, wish in _CHOICES.get(kind, ())
        if _makes_sense(wish, body)
    ]


def _name_of(wish: Json, body: dict[str, Any]) -> str:
    if wish["act"] == "forget_devices":
        return str(body["cuid"])
    return str(body.get("id") or body["upload_file_key"])


def _makes_sense(wish: Json, body: dict[str, Any]) -> bool:
    act = str(wish["act"])
    status = str(body.get("status"))
    if act == "close_player":
        return bool(body["allowed"]) and not body["stopped"] and not body.get("has_left")
    if act == "forget_devices":
        return True
    if act.endswith("_content"):
        return _may_change(wish, body)
    if act in ("dispute", "warn_of_fraud"):
        return bool(body["paid"]) and not body["refunded"] and not (act == "dispute" and body["disputed"])
    if act == "escalate_dispute":
        return status.startswith("warning") and status != "warning_closed"
    if act.endswith("_dispute"):
        return status.removeprefix("warning_") in _WAITING
    if act == "complete_refund":
        return status == "pending"
    return status in ("pending", "succeeded", "ready")


def _may_change(wish: Json, upload: Json) -> bool:
    if upload["arrived_at"] is None:
        return False
    if wish["act"] in ("attach_content", "detach_content"):
        return bool(upload["keys"]) is (wish["act"] == "detach_content")
    return bool(wish.get("captions") != upload["captions"])
