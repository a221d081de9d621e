"""Idempotency keys. https://docs.stripe.com/api/idempotent_requests

The first answer is given again for a day, errors and 500s too; other parameters are refused; while the first
request is still on its way the second one gets 409. What was refused before it began is not remembered.
"""

import contextlib
import json
from collections.abc import Iterator

from sandbox.stripe.errors import ApiError, invalid
from sandbox.worlds import Json, World

_KIND = "_idempotency"
_KEPT_SECONDS = 24 * 3600


@contextlib.contextmanager
def only_one(world: World, key: str | None) -> Iterator[None]:
    """Hold the key while its request is on its way. :raises ApiError: another one holds it."""
    if key is None:
        yield
        return
    if len(key) > 255:
        raise invalid("Idempotency-Key may have 255 characters at most.", is_stored=False)
    with world.lock:
        if key in world.busy:
            message = (
                "There is currently another in-progress request using this Idempotent Key (that probably"
                " means you submitted twice, and the other request is still going through):"
                f" {key}. Please try again later."
            )
            raise ApiError(
                409, "invalid_request_error", message, code="idempotency_key_in_use", is_stored=False
            )
        world.busy.add(key)
    try:
        yield
    finally:
        with world.lock:
            world.busy.discard(key)


def recall(world: World, key: str, path: str, params: Json) -> Json | None:
    """Return the first answer (`status`, `body`, `request_id`). :raises ApiError: it was another request."""
    first = world.get(_KIND, key)
    if first is None or world.clocks["stripe"].now() - first["at"] > _KEPT_SECONDS:
        return None
    if first["path"] != path:
        what = f"for the same endpoint they were first used for ('{path}' vs '{first['path']}')"
    elif first["params"] != _fingerprint(params):
        what = "with the same parameters they were first used with"
    else:
        return first
    message = (
        f"Keys for idempotent requests can only be used {what}. Try using a key other than '{key}' if you"
        " meant to execute a different request."
    )
    raise ApiError(400, "idempotency_error", message, is_stored=False)


def remember(
    world: World, key: str, path: str, params: Json, status: int, body: str, request_id: str
) -> None:
    """Keep an answer for those who ask again."""
    kept = {"path": path, "params": _fingerprint(params), "status": status, "body": body}
    world.put(_KIND, key, {**kept, "request_id": request_id, "at": world.clocks["stripe"].now()})


def _fingerprint(params: Json) -> str:
    return json.dumps(params, sort_keys=True)
