"""What the customer's staff does in Kollus' console, by name: the controls and their page ask for it."""

from collections.abc import Callable
from typing import Any

from sandbox.kollus import changes, duplicates, gateway, library
from sandbox.worlds import Json, World

Act = Callable[..., None]

_CHANGEABLE = ("title", "captions")


def act(world: World, name: str, object_id: str, **options: Any) -> None:
    """Do one of ACTS to a source, a start or a viewer. :raises ValueError: it cannot be, and why."""
    if name in _OF_PLAYERS:
        return _OF_PLAYERS[name](world, object_id, **options)
    with world.lock:
        upload = library.content_of(world, object_id)
        if upload is None:
            raise ValueError("There is no such source, or it has not come.")
        _OF_SOURCES[name](world, upload, **options)
    return None


def _attach(world: World, upload: Json, channel: str = "") -> None:
    channels = gateway.account_of(world).channels
    channel = channel or next(iter(channels), "")
    if channel not in channels or channel in upload["keys"]:
        raise ValueError("There is no such channel, or it lies there already.")
    changes.attach(world, upload, channel)


def _detach(world: World, upload: Json, channel: str = "") -> None:
    channel = channel or next(iter(upload["keys"]), "")
    if channel not in upload["keys"]:
        raise ValueError("It does not lie in that channel.")
    changes.detach(world, upload, channel)


def _change(world: World, upload: Json, **facts: Any) -> None:
    if not facts or set(facts) - set(_CHANGEABLE):
        raise ValueError(f"One of these is expected: {', '.join(_CHANGEABLE)}.")
    changes.update(world, upload, **facts)


_OF_PLAYERS: dict[str, Act] = {"close_player": duplicates.close, "forget_devices": duplicates.forget}
_OF_SOURCES: dict[str, Act] = {
    "attach_content": _attach,
    "detach_content": _detach,
    "change_content": _change,
    "delete_content": changes.delete,
}
ACTS = (*_OF_PLAYERS, *_OF_SOURCES)
