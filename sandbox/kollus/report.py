"""What the controls tell of a world's Kollus side."""

from typing import Any

from sandbox.kollus import (
    api_rules,
    copies,
    duplicates,
    gateway,
    library,
    licence,
    platform_callbacks,
    play_callback,
    progress_reports,
    starts,
)
from sandbox.worlds import World


def report(world: World) -> dict[str, Any]:
    """Return what happened, oldest first.

    `uploads`: addresses given out, and what was sent there; `api_calls`: calls by the shop's server,
    and whether each was heard or refused at the door;
    `platform_callbacks`: notices to it;
    `starts`: verified links, with the token's claims, what they tell the player to forbid (`obeys`) and what
    it forbade (`obeyed`); `refusals`: links that were not let in, and why;
    `callbacks`: what the shop was asked, its reply, the verdict; `reports`: progress, sent or waiting;
    `devices`: what the duplicate block has registered;
    `copies`: films kept by installed players; `download_callbacks`: what the shop was asked about them;
    `licences`: how many keys were given out; `licence_refusals`: requests that got none, and why.
    """
    return {
        "uploads": world.all(library.UPLOAD),
        "api_calls": world.all(api_rules.KIND),
        "platform_callbacks": world.all(platform_callbacks.KIND),
        "starts": world.all(starts.KIND),
        "refusals": world.all(gateway.REFUSED_KIND),
        "callbacks": world.all(play_callback.KIND),
        "reports": world.all(progress_reports.KIND),
        "devices": world.all(duplicates.KIND),
        "copies": world.all(copies.KIND),
        "download_callbacks": world.all(copies.CALLBACK_KIND),
        "licences": len(world.all(licence.KIND)),
        "licence_refusals": world.all(licence.REFUSED_KIND),
    }
