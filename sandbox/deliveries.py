"""Webhooks on their way to the shop: signed, retried, and spoiled where a fault asks for it.

Facts: https://docs.stripe.com/webhooks (any 2xx counts, a redirect does not; each try is signed anew;
no order is promised), https://docs.stripe.com/webhooks/signature, and, for endpoints that are sent only what
they name, https://docs.stripe.com/api/webhook_endpoints/create. The gaps between tries are ours: short.
"""

import http.client
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from sandbox.signatures import event_body, signature_header
from sandbox.worlds import Json, World, worlds

KIND = "_delivery"
RETRY_AFTER_SECONDS = (1, 5, 25)
TIMEOUT_SECONDS = 20
_REORDER_QUIET_SECONDS = 0.3

_changed = threading.Condition()
_open: dict[str, tuple[World, Json]] = {}
_senders = ThreadPoolExecutor(16, thread_name_prefix="webhook")


def start() -> None:
    """Begin to send, first what a former process left unsent."""
    for world in worlds().all():
        for delivery in world.all(KIND):
            if delivery["state"] in ("planned", "waiting", "sending"):
                _enqueue(world, delivery)
    threading.Thread(target=_run, name="webhooks", daemon=True).start()


def plan(world: World, event: Json) -> list[Json]:
    """Write down what is to be sent for an event; nothing leaves before `release`."""
    endpoint = world.config.get("webhook", {})
    enabled = endpoint.get("enabled_events", ["*"])
    if not endpoint.get("url") or ("*" not in enabled and event["type"] not in enabled):
        return []
    if event["type"] in world.faults.value("webhooks", "drop_types") or world.faults.take("webhooks", "drop"):
        _delivery(world, event, state="dropped", error="dropped by a fault")
        return []
    times = 2 if world.faults.value("webhooks", "double") else 1
    return [_delivery(world, event) for _ in range(times)]


def release(world: World, planned: list[Json]) -> None:
    """Let planned deliveries go: the answer to the call that caused them has been sent.

    Never call this with the world's lock held: the sender takes both locks in the other order.
    """
    with _changed:
        for delivery in planned:
            delivery["due_at"] = _now(world) + float(world.faults.value("webhooks", "delay_seconds"))
            delivery["held"] = bool(world.faults.value("webhooks", "reorder"))
            _enqueue(world, delivery)
        _changed.notify()


def resend(world: World, *, event_id: str, times: int = 1, signature: str = "good") -> list[str]:
    """Send an event again now, whatever happened before. :raises ValueError: no such event or endpoint."""
    event = world.get("event", event_id)
    if event is None or not world.config.get("webhook", {}).get("url"):
        raise ValueError("There is no such event, or no webhook endpoint.")
    again = [_delivery(world, event, signature=signature, last=True) for _ in range(times)]
    with _changed:
        for delivery in again:
            _enqueue(world, delivery)
        _changed.notify()
    return [delivery["id"] for delivery in again]


def wake() -> None:
    """Look again at what is due: a fault or a clock was changed."""
    with _changed:
        _changed.notify()


def forget(world: World) -> None:
    """Drop what has not been sent yet; for a reset."""
    with _changed:
        for id in [id for id, (owner, _) in _open.items() if owner is world]:
            del _open[id]


def _delivery(world: World, event: Json, attempt: int = 1, **fields: object) -> Json:
    delivery: Json = {
        "id": f"whd_{secrets.token_hex(8)}",
        "event_id": event["id"],
        "type": event["type"],
        "url": world.config["webhook"]["url"],
        "status": None,
        "attempt": attempt,
        "at": _now(world),
        "due_at": _now(world),
        "error": None,
        "answer": "",
        "state": "planned",
        "signature": None,
        "held": False,
        "last": False,
        **fields,
    }
    return world.put(KIND, delivery["id"], delivery)


def _enqueue(world: World, delivery: Json) -> None:
    delivery["state"] = "waiting"
    world.put(KIND, delivery["id"], delivery)
    _open[delivery["id"]] = (world, delivery)


def _run() -> None:
    while True:
        with _changed:
            for world in {world.name: world for world, _ in _open.values()}.values():
                batch = _ready(world)
                for delivery in batch:
                    del _open[delivery["id"]]
                if batch:
                    _senders.submit(_send_all, world, batch)
            _changed.wait(_seconds_to_next())


def _ready(world: World) -> list[Json]:
    """Return what may leave now, in the order in which it shall arrive."""
    if world.faults.value("webhooks", "pause"):
        return []
    mine = [delivery for owner, delivery in _open.values() if owner is world]
    due = [delivery for delivery in mine if delivery["due_at"] <= _now(world)]
    held = [delivery for delivery in due if delivery["held"]]
    if held and world.faults.value("webhooks", "reorder"):
        quiet = _now(world) - max(delivery["due_at"] for delivery in held) >= _REORDER_QUIET_SECONDS
        if len(held) < 2 or not quiet:
            return [delivery for delivery in due if not delivery["held"]]
    return held[::-1] + [delivery for delivery in due if not delivery["held"]]


def _seconds_to_next() -> float | None:
    gaps = [
        max(delivery["due_at"] - _now(world), _REORDER_QUIET_SECONDS / 3)
        for world, delivery in _open.values()
        if not world.faults.value("webhooks", "pause")
    ]
    return min(gaps, default=None)


def _send_all(world: World, batch: list[Json]) -> None:
    for delivery in batch:
        _send(world, delivery)


def _send(world: World, delivery: Json) -> None:
    event = world.get("event", delivery["event_id"])
    if event is None:
        return
    delivery["at"] = _now(world)
    how = delivery["signature"] or world.faults.value("webhooks", "signature")
    body = event_body(event, livemode=world.faults.value("webhooks", "livemode"))
    signature = signature_header(
        world.config["webhook"].get("secrets", []), body, at=int(_now(world)), how=how
    )
    try:
        delivery["status"], delivery["answer"] = _post(delivery["url"], body, signature)
    except (OSError, ValueError, http.client.HTTPException) as error:
        delivery["error"] = f"{type(error).__name__}: {error}"
    ok = delivery["status"] is not None and 200 <= delivery["status"] < 300
    delivery["state"] = "delivered" if ok else "failed"
    with world.lock:
        if world.get(KIND, delivery["id"]) is None:
            return  # the world was reset meanwhile
        world.put(KIND, delivery["id"], delivery)
        if ok and event["pending_webhooks"]:
            world.put("event", event["id"], {**event, "pending_webhooks": 0})
    if not ok and not delivery["last"] and delivery["attempt"] <= len(RETRY_AFTER_SECONDS):
        gap = RETRY_AFTER_SECONDS[delivery["attempt"] - 1]
        again = _delivery(world, event, delivery["attempt"] + 1, due_at=_now(world) + gap)
        with _changed:
            _enqueue(world, again)
            _changed.notify()


def _post(url: str, body: bytes, signature: str | None) -> tuple[int, str]:
    """Return the status and the beginning of the answer; redirects are not followed."""
    address = urlsplit(url)
    speak = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = speak(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    if signature is not None:
        headers["Stripe-Signature"] = signature
    try:
        connection.request("POST", address.path or "/", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(400).decode(errors="replace")
    finally:
        connection.close()


def _now(world: World) -> float:
    return world.clocks["stripe"].now()
