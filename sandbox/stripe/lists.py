"""Lists, newest first, cut into pages. https://docs.stripe.com/api/pagination"""

from collections.abc import Callable
from typing import Any

from sandbox.stripe.call import Call
from sandbox.stripe.errors import invalid, missing_resource
from sandbox.worlds import Json

_LIMIT = 10
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}


def list_objects(call: Call, kind: str, url: str, *filters: str, of: list[Json] | None = None) -> Json:
    """Answer a list call. `filters` are parameters that must equal the field of the same name.

    `of` narrows it down to these objects.
    """
    found = call.world.all(kind) if of is None else of
    for name in filters:
        if name in call.params:
            found = [body for body in found if body[name] == call.params[name]]
    if "created" in call.params:
        found = [body for body in found if was_then(body["created"], call.params["created"])]
    return page_of(found, call.params, url=url)


def page_of(oldest_first: list[Json], params: Json, *, url: str) -> Json:
    """Return one page as Stripe's list object."""
    limit = params.get("limit", _LIMIT)
    if not 1 <= limit <= 100:
        raise invalid(
            "This value must be between 1 and 100.", param="limit", code="parameter_invalid_integer"
        )
    rows = oldest_first[::-1]
    if "starting_after" in params:
        rows = rows[_position(rows, params, "starting_after") + 1 :]
    if "ending_before" in params:
        rows = rows[: _position(rows, params, "ending_before")]
        page, more = rows[-limit:], len(rows) > limit
    else:
        page, more = rows[:limit], len(rows) > limit
    return {"object": "list", "data": page, "has_more": more, "url": url}


def _position(rows: list[Json], params: Json, name: str) -> int:
    for position, body in enumerate(rows):
        if body["id"] == params[name]:
            return position
    raise missing_resource("object", params[name], param=name, status=400)


def was_then(instant: int, wanted: Any) -> bool:
    """Tell whether an instant is the wanted one, or within its bounds (`gt`, `gte`, `lt`, `lte`)."""
    if not isinstance(wanted, dict):
        return bool(instant == wanted)
    return all(_COMPARE[name](instant, bound) for name, bound in wanted.items())
