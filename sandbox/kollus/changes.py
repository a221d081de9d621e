"""What happens to a source after it came: into a channel and out of it, other words, gone.

The shop's calls do it, and so does the customer's staff in the console; the shop is told of either.
Source: https://docs.kollus.com/en/dev-guide/vod/api/platform-callback/
"""

from typing import Any

from sandbox.kollus import library, platform_callbacks, switches
from sandbox.worlds import Json, World


def attach(world: World, upload: Json, channel_key: str) -> str:
    """Put it into the channel and return its key there; a second time it is another key."""
    key = library.attach(world, upload, channel_key)
    _tell_of_channel(world, upload, channel_key, key, switches.ADDED_TYPE)
    return key


def detach(world: World, upload: Json, channel_key: str) -> None:
    """Take it out of the channel: its key there opens nothing from now on, nor ever again."""
    key = library.detach(world, upload, channel_key)
    _tell_of_channel(world, upload, channel_key, key, switches.REMOVED_TYPE)


def update(world: World, upload: Json, **facts: Any) -> None:
    """Give it another title or other captions."""
    changed = world.put(library.UPLOAD, upload["upload_file_key"], {**upload, **facts})
    told = {"full_filename": f"/{upload['file_name']}", "update_type": switches.UPDATED_TYPE}
    platform_callbacks.plan(world, "update", changed, told)


def delete(world: World, upload: Json) -> None:
    """Take it out of the library, and so out of its channels. Of the rest no notice is documented."""
    for channel_key in list(upload["keys"]):
        detach(world, upload, channel_key)
    world.remove(library.UPLOAD, upload["upload_file_key"])


def _tell_of_channel(world: World, upload: Json, channel_key: str, key: str, update_type: str) -> None:
    facts = {"media_content_key": key, "channel_key": channel_key, "channel_name": channel_key}
    name = {"full_filename": f"/{upload['file_name']}", "profile_key": upload.get("profile_key", "")}
    platform_callbacks.plan(world, "channel", upload, {**facts, **name, "update_type": update_type})
