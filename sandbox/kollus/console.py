"""What the customer's staff does in Kollus' console, by name: the controls and their page ask for it."""

from collections.abc import Callable
from typing import Any

from sandbox.kollus import changes, gateway, library
from sandbox.worlds import Json, World

Act = Callable[..., None]

_CHANGEABLE = ("title", "captions")


def act(world: World, name: str, upload_file_key: str, **options: Any) -> None:
    """Do one of ACTS to a source. :raises ValueError: it cannot be, and why."""
    with world.lock:
        upload = library.content_of(world, upload_file_key)
        if upload is None:
            raise ValueError("There is no such source, or it has not come.")
        ACTS[name](world, upload, **options)


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


ACTS: dict[str, Act] = {
    "attach_content": _attach,
    "detach_content": _detach,
    "change_content": _change,
    "delete_content": changes.delete,
}
